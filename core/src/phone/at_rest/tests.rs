//! Encrypted files, really encrypted: nothing to be read in them, and a typed error for every key that is not theirs.

use std::path::Path;

use super::label::Label;
use super::*;
use crate::domain::order::NoteKind;
use crate::phone::tests::fixture::{Answers, Fixture, enrolled};
use crate::phone::{ErrorKind, Phone, PhoneConfig};

fn key(seed: u8) -> StorageKey {
    StorageKey::new([seed; 32])
}

fn config(fixture: &Fixture, key: Option<StorageKey>) -> PhoneConfig {
    PhoneConfig { storage_key: key, ..fixture.config() }
}

/// Opens the fixture's file with a key.
fn reopen(fixture: &mut Fixture, key: Option<StorageKey>) -> Result<()> {
    fixture.phone.close();
    fixture.phone = Phone::open(config(fixture, key))?;
    Ok(())
}

/// All that lies in the folder, names and contents.
fn everything(fixture: &Fixture) -> Vec<u8> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(fixture.folder.path()).unwrap() {
        let path = file.unwrap().path();
        all.extend_from_slice(path.to_str().unwrap().as_bytes());
        all.extend(std::fs::read(path).unwrap());
    }
    all
}

fn holds(all: &[u8], text: &str) -> bool {
    all.windows(text.len()).any(|window| window == text.as_bytes())
}

const SECRET: &str = "THE-RESIDENT-KEEPS-THE-KEY-UNDER-THE-MAT";

#[test]
fn a_plain_file_is_encrypted_when_a_key_comes_and_nothing_of_it_is_left_to_read() {
    let mut fixture = enrolled();
    let id = fixture.register("12A");
    fixture.note(id, SECRET);
    assert!(holds(&everything(&fixture), SECRET), "plain SQLite hides nothing");
    reopen(&mut fixture, Some(key(1))).unwrap();
    assert!(fixture.phone.open_report().damage.is_none());
    let order = fixture.phone.order(id).unwrap().order;
    assert_eq!(
        (order.notes.len(), order.notes.values().next().map(|note| note.kind)),
        (1, Some(NoteKind::Note))
    );
    fixture.note(id, &format!("{SECRET} 2"));
    assert!(
        !holds(&everything(&fixture), SECRET),
        "not in the file, its WAL, or what was left of the plain one"
    );
    // It goes on as any phone does.
    let answers = Answers::default();
    answers.0.lock().unwrap().device = fixture.phone.enrolment().unwrap().map(|enrolled| enrolled.device);
    fixture.phone.sync(&answers).unwrap();
    assert_eq!((fixture.phone.status().unwrap().waiting, fixture.phone.verify_views().unwrap()), (0, vec![]));
}

#[test]
fn a_file_begun_with_a_key_opens_with_it_alone_and_is_never_taken_for_damaged() {
    let mut fixture = enrolled();
    reopen(&mut fixture, Some(key(1))).unwrap();
    let id = fixture.register("12A");
    for (given, why) in [(None, KeyError::Missing), (Some(key(2)), KeyError::Wrong)] {
        let error = reopen(&mut fixture, given).unwrap_err();
        assert_eq!((error.clone(), error.kind()), (PhoneError::Key(why), ErrorKind::BadInput));
    }
    // Also when the label was lost.
    Label::remove(&fixture.path()).unwrap();
    assert_eq!(reopen(&mut fixture, Some(key(2))), Err(KeyError::Wrong.into()));
    reopen(&mut fixture, Some(key(1))).unwrap();
    assert!(fixture.phone.open_report().damage.is_none());
    assert_eq!(fixture.phone.order(id).unwrap().order.intake.unwrap().unit, "12A");
}

#[test]
fn a_key_is_rotated_and_the_old_one_is_told_so() {
    let mut fixture = enrolled();
    reopen(&mut fixture, Some(key(1))).unwrap();
    let id = fixture.register("12A");
    let busy = rotate_key(&config(&fixture, Some(key(1))), &key(2));
    assert!(matches!(busy, Err(PhoneError::Storage(_))), "{busy:?}");
    fixture.phone.close();
    assert_eq!(rotate_key(&config(&fixture, Some(key(3))), &key(2)), Err(KeyError::Wrong.into()));
    assert_eq!(rotate_key(&config(&fixture, None), &key(2)), Err(KeyError::Missing.into()));
    rotate_key(&config(&fixture, Some(key(1))), &key(2)).unwrap();
    assert_eq!(reopen(&mut fixture, Some(key(1))), Err(KeyError::Rotated.into()));
    reopen(&mut fixture, Some(key(2))).unwrap();
    assert_eq!(fixture.phone.order(id).unwrap().order.intake.unwrap().unit, "12A");
    // And again: every key it ever had is known as such.
    fixture.phone.close();
    rotate_key(&config(&fixture, Some(key(2))), &key(4)).unwrap();
    for old in [1, 2] {
        assert_eq!(reopen(&mut fixture, Some(key(old))), Err(KeyError::Rotated.into()));
    }
}

/// Cut before the file was written anew, and after: the label names both keys, the file has one.
#[test]
fn a_rotation_that_was_cut_short_is_seen_through() {
    let mut fixture = enrolled();
    reopen(&mut fixture, Some(key(1))).unwrap();
    let id = fixture.register("12A");
    fixture.phone.close();
    let half = Label::of(&key(1)).getting(&key(2));
    half.write(&fixture.path()).unwrap();
    assert_eq!(reopen(&mut fixture, Some(key(2))), Err(KeyError::Wrong.into()), "it was not written anew");
    reopen(&mut fixture, Some(key(1))).unwrap();
    fixture.phone.close();
    rotate_key(&config(&fixture, Some(key(1))), &key(2)).unwrap();
    half.write(&fixture.path()).unwrap();
    assert_eq!(reopen(&mut fixture, Some(key(1))), Err(KeyError::Rotated.into()));
    reopen(&mut fixture, Some(key(2))).unwrap();
    assert_eq!(fixture.phone.order(id).unwrap().order.intake.unwrap().unit, "12A");
}

#[test]
fn encrypting_that_was_cut_short_begins_anew() {
    let mut fixture = enrolled();
    let id = fixture.register("12A");
    fixture.phone.close();
    // Half a copy, and the label already written: the file itself is still plain.
    let mut copy = fixture.path().into_os_string();
    copy.push(".encrypting");
    std::fs::write(&copy, [7; 5_000]).unwrap();
    Label::of(&key(1)).write(&fixture.path()).unwrap();
    reopen(&mut fixture, Some(key(1))).unwrap();
    assert_eq!(fixture.phone.order(id).unwrap().order.intake.unwrap().unit, "12A");
    assert!(!Path::new(&copy).exists());
}

#[test]
fn a_damaged_page_under_the_right_key_is_moved_aside_and_what_was_unsent_is_saved() {
    let mut fixture = enrolled();
    reopen(&mut fixture, Some(key(1))).unwrap();
    let id = fixture.register("12A");
    fixture.phone.close();
    let mut bytes = std::fs::read(fixture.path()).unwrap();
    // The page of the views; SQLCipher finds one changed byte on any page.
    let root: i64 = {
        let conn = connection::open_reader(&fixture.path(), Some(&key(1))).unwrap();
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'view_order'";
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    bytes[(root as usize - 1) * 4096 + 2_000] ^= 1;
    std::fs::write(fixture.path(), &bytes).unwrap();
    fixture.phone = Phone::open(config(&fixture, Some(key(1)))).unwrap();
    let error = fixture.phone.order(id).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StorageDamaged, "{error}");
    let damage = fixture.phone.open_report().damage.unwrap();
    assert_eq!((damage.identity_kept, damage.salvaged), (true, 1));
    assert_eq!(fixture.phone.order(id).unwrap().order.intake.unwrap().unit, "12A");
    reopen(&mut fixture, Some(key(1))).unwrap();
    assert_eq!(reopen(&mut fixture, None), Err(KeyError::Missing.into()), "the new file is encrypted too");
}

fn photo_files(fixture: &Fixture) -> Vec<Vec<u8>> {
    let folder = std::fs::read_dir(format!("{}.photos", fixture.path().display())).unwrap();
    folder.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn photos_are_encrypted_with_the_file_and_shown_all_the_same() {
    use crate::phone::PhotoSize::{Full, Preview};
    let mut fixture = enrolled();
    let picture = crate::phone::photos::tests::photographed(&fixture);
    let plain = fixture.phone.photo(picture, Full).unwrap();
    assert!(photo_files(&fixture).iter().all(|file| file.starts_with(b"\xff\xd8")));
    // With the key come also those that were kept before it.
    for given in [key(1), key(1)] {
        reopen(&mut fixture, Some(given)).unwrap();
        assert!(photo_files(&fixture).iter().all(|file| FileKey::is_sealed(file)));
        assert_eq!(fixture.phone.photo(picture, Full).unwrap(), plain);
        assert!(fixture.phone.photo(picture, Preview).unwrap().starts_with(b"\xff\xd8"));
    }
    // Another key of the file, a lost label, a lost database: the photos still open.
    fixture.phone.close();
    rotate_key(&config(&fixture, Some(key(1))), &key(2)).unwrap();
    reopen(&mut fixture, Some(key(2))).unwrap();
    assert_eq!(fixture.phone.photo(picture, Full).unwrap(), plain);
    fixture.phone.close();
    Label::remove(&fixture.path()).unwrap();
    reopen(&mut fixture, Some(key(2))).unwrap();
    fixture.phone.close();
    std::fs::write(fixture.path(), [0x5a; 9_000]).unwrap();
    reopen(&mut fixture, Some(key(2))).unwrap();
    assert!(fixture.phone.open_report().damage.is_some());
    assert_eq!(fixture.phone.photo(picture, Full).unwrap(), plain);
    assert_eq!(fixture.phone.photo_counts().unwrap().waiting, 1, "and is still to be sent");
    // One changed byte, or a file under another's name, is no photo.
    let full = format!("{}.photos/{picture}.jpg", fixture.path().display());
    let mut bytes = std::fs::read(&full).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&full, &bytes).unwrap();
    assert!(matches!(fixture.phone.photo(picture, Full), Err(PhoneError::NotFound(_))));
    bytes[100] ^= 1;
    std::fs::write(full.replace(".jpg", ".preview.jpg"), &bytes).unwrap();
    assert!(matches!(fixture.phone.photo(picture, Preview), Err(PhoneError::NotFound(_))));
}
