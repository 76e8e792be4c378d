//! Damaged files, files of others and files from the future.

use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::fixture::{Answers, Fixture, enrolled, fresh, office_order};
use crate::domain::ids::OrderId;
use crate::phone::{ErrorKind, Phone, PhoneError};

fn files(fixture: &Fixture) -> Vec<String> {
    let entries = std::fs::read_dir(fixture.folder.path()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn overwrite(path: &Path, at: u64, with: &[u8]) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(with).unwrap();
    file.sync_all().unwrap();
}

#[test]
fn a_file_that_is_no_database_is_moved_aside_and_kept() {
    let mut fixture = fresh();
    fixture.phone.close();
    std::fs::write(fixture.path(), "not a database at all, and long enough for a header".repeat(4)).unwrap();
    fixture.phone = Phone::open(fixture.config()).unwrap();
    let damage = fixture.phone.open_report().damage.unwrap();
    assert!(!damage.identity_kept && damage.salvaged == 0 && damage.exported_to.is_none());
    assert!(std::fs::read_to_string(&damage.moved_to).unwrap().starts_with("not a database"));
    assert_eq!(fixture.phone.status().unwrap().waiting, 0);
}

#[test]
fn unsent_entries_survive_a_damaged_view_and_are_sent_under_a_new_incarnation() {
    let mut fixture = enrolled();
    let answers = Answers::default();
    let device = fixture.phone.enrolment().unwrap().unwrap().device;
    answers.0.lock().unwrap().device = Some(device);
    let theirs = OrderId::new();
    answers.put(theirs, office_order("3B", 1));
    let sent = fixture.register("already sent");
    fixture.phone.sync(&answers).unwrap();
    let unsent = fixture.register("2B");
    fixture.note(theirs, "unsent too");
    fixture.phone.close();

    // The page where the views begin is overwritten.
    let root: u64 = {
        let conn = rusqlite::Connection::open(fixture.path()).unwrap();
        conn.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'view_order'", [], |row| row.get(0))
            .unwrap()
    };
    overwrite(&fixture.path(), (root - 1) * 4096, &[0x5a; 4096]);
    fixture.phone = Phone::open(fixture.config()).unwrap();
    // It shows when it is read: that call says so, the next ones work.
    let error = fixture.phone.order(sent).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StorageDamaged);
    let damage = fixture.phone.open_report().damage.unwrap();
    assert!(damage.identity_kept);
    assert_eq!(damage.salvaged, 2);
    let exported = std::fs::read_to_string(damage.exported_to.unwrap()).unwrap();
    assert!(exported.contains("2B") && exported.contains("unsent too") && !exported.contains("already sent"));
    assert!(damage.moved_to.exists());
    assert!(files(&fixture).iter().any(|name| name.contains(".damaged-")));
    assert_eq!(fixture.phone.status().unwrap().waiting, 2);
    assert_eq!(fixture.phone.order(unsent).unwrap().order.intake.unwrap().unit, "2B");

    fixture.phone.sync(&answers).unwrap();
    assert_ne!(fixture.phone.enrolment().unwrap().unwrap().device, device);
    assert_eq!(fixture.phone.verify_views().unwrap(), vec![]);
    for id in [sent, unsent, theirs] {
        assert_eq!(Some(fixture.phone.order(id).unwrap().order), answers.state(id));
    }
    assert_eq!(answers.state(theirs).unwrap().notes.len(), 1);
    assert_eq!(fixture.phone.status().unwrap().waiting, 0);
}

/// Changes a text wherever it stands in the closed file: in the journal and in the view's state.
fn change(fixture: &Fixture, text: &[u8], to: &[u8]) {
    let mut bytes = Vec::new();
    std::fs::File::open(fixture.path()).unwrap().read_to_end(&mut bytes).unwrap();
    let windows = bytes.windows(text.len()).enumerate();
    let places: Vec<usize> = windows.filter(|(_, window)| *window == text).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        overwrite(&fixture.path(), at as u64, to);
    }
}

#[test]
fn a_changed_last_entry_shows_at_opening() {
    let mut fixture = enrolled();
    let id = fixture.register("1A");
    fixture.note(id, "THE-LAST-NOTE");
    fixture.phone.close();
    change(&fixture, b"THE-LAST-NOTE", b"the");
    fixture.phone = Phone::open(fixture.config()).unwrap();
    let damage = fixture.phone.open_report().damage.unwrap();
    assert!(damage.identity_kept && damage.why.contains("last entry"));
    // What is not as it was written is for people to look at, and is not sent as if it were.
    let exported = std::fs::read_to_string(damage.exported_to.unwrap()).unwrap();
    assert!(exported.contains("the-LAST-NOTE"));
    assert_eq!(damage.salvaged, 1);
    assert_eq!(fixture.phone.status().unwrap().waiting, 1);
}

#[test]
fn a_changed_entry_in_the_middle_does_not_leave_the_phone() {
    let mut fixture = enrolled();
    let answers = Answers::default();
    answers.0.lock().unwrap().device = Some(fixture.phone.enrolment().unwrap().unwrap().device);
    let id = fixture.register("1A");
    fixture.note(id, "IN-THE-MIDDLE");
    fixture.note(id, "THE-LAST-NOTE");
    fixture.phone.close();
    change(&fixture, b"IN-THE-MIDDLE", b"in");
    fixture.phone = Phone::open(fixture.config()).unwrap();
    let error = fixture.phone.sync(&answers).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StorageDamaged);
    let damage = fixture.phone.open_report().damage.unwrap();
    assert_eq!(damage.salvaged, 2);
    assert!(std::fs::read_to_string(damage.exported_to.unwrap()).unwrap().contains("in-THE-MIDDLE"));
    fixture.phone.sync(&answers).unwrap();
    let notes: Vec<String> = answers.state(id).unwrap().notes.into_values().map(|note| note.text).collect();
    assert_eq!(notes, ["THE-LAST-NOTE"]);
}

#[test]
fn a_file_from_the_future_is_left_untouched() {
    let fixture = enrolled();
    fixture.register("1A");
    fixture.phone.close();
    {
        let conn = rusqlite::Connection::open(fixture.path()).unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
    }
    let before = std::fs::read(fixture.path()).unwrap();
    let names = files(&fixture);
    let error = Phone::open(fixture.config()).unwrap_err();
    assert_eq!(error, PhoneError::FromTheFuture { found: 99, known: crate::phone::schema::KNOWN });
    assert_eq!(error.kind(), ErrorKind::UpdateApp);
    assert_eq!(std::fs::read(fixture.path()).unwrap(), before);
    assert_eq!(files(&fixture), names);
}

#[test]
fn a_future_version_that_is_still_in_the_wal_is_seen_too() {
    let fixture = enrolled();
    fixture.phone.close();
    let conn = rusqlite::Connection::open(fixture.path()).unwrap();
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let before = std::fs::read(fixture.path()).unwrap();
    assert!(matches!(Phone::open(fixture.config()), Err(PhoneError::FromTheFuture { found: 99, .. })));
    assert_eq!(std::fs::read(fixture.path()).unwrap(), before);
}

#[test]
fn another_programs_database_is_not_taken() {
    let fixture = fresh();
    let path = fixture.folder.path().join("other.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch("CREATE TABLE t (x); PRAGMA application_id = 77; PRAGMA user_version = 1;").unwrap();
    drop(conn);
    let before = std::fs::read(&path).unwrap();
    let config = crate::phone::PhoneConfig { path: path.clone(), ..fixture.config() };
    assert_eq!(Phone::open(config).unwrap_err().kind(), ErrorKind::BadInput);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_cut_short_is_damaged() {
    let mut fixture = enrolled();
    fixture.register("1A");
    fixture.phone.close();
    std::fs::write(fixture.path(), b"SQLite format 3\0").unwrap();
    fixture.phone = Phone::open(fixture.config()).unwrap();
    assert!(fixture.phone.open_report().damage.is_some());
}
