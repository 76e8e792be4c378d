//! A full disk, a damaged file, a file of a newer version, a copied phone: through the phone's front door.

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::phone::{Phone, PhoneError};
use doorstep_tests::cut::{Cut, CuttingTransport};
use doorstep_tests::full::{MARK, SmallDisk};
use doorstep_tests::office::{CHAN, Office};
use doorstep_tests::phones::{Handset, HeldClock, config, line};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;

fn note(text: &str) -> Command {
    Command::AddNote { text: text.to_owned() }
}

/// An enrolled phone with a synced order of its own, on a file in a folder.
fn at_home(office: &Office, path: &Path) -> (Handset, OrderId) {
    let chan = Handset::open(path, CHAN, Arc::new(line()));
    chan.phone.enrol(&line(), &office.qr(CHAN)).unwrap();
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(1)));
    play::arrive(&chan, id);
    chan.heal();
    (chan, id)
}

#[test]
fn a_full_disk_saves_all_of_a_tap_or_nothing_and_says_so() {
    let office = Office::emerald_lake();
    let disk = SmallDisk::take();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{MARK}.db"));
    let (mut chan, id) = at_home(&office, &path);
    let mut refused = 0;
    for writes in 0..40 {
        let (before, shown) = (chan.journal().len(), chan.detail(id).order);
        disk.holds(writes);
        let tap = chan.phone.record(id, note(&format!("第{writes}次")));
        let was_full = disk.was_full();
        disk.frees();
        match tap {
            Ok(recorded) => assert_eq!(chan.detail(id).order, recorded.order),
            Err(PhoneError::StorageFull) => {
                refused += 1;
                assert!(was_full);
                assert_eq!((chan.journal().len(), chan.detail(id).order), (before, shown), "nothing of it");
            }
            Err(other) => panic!("after {writes} writes: {other}"),
        }
        chan.check();
    }
    assert!((1..40).contains(&refused), "{refused} of forty taps did not fit");
    // It fills up while an answer is applied: nothing of the answer is taken, and the next sync brings it again.
    let mut short = 0;
    for writes in 0..40 {
        chan.does(id, note(&format!("同步{writes}")));
        let base = chan.base();
        disk.holds(writes);
        let sync = chan.sync();
        disk.frees();
        match sync {
            Ok(_) => {}
            Err(PhoneError::StorageFull) => {
                short += 1;
                assert_eq!(chan.base(), base, "all of an answer or nothing (I8)");
            }
            Err(other) => panic!("after {writes} writes: {other}"),
        }
        chan.check();
    }
    assert!((1..40).contains(&short), "{short} of forty syncs did not fit");
    chan.reopen();
    chan.heal();
    chan.check_against(&office);
}

#[test]
fn a_file_of_a_newer_version_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db");
    let office = Office::emerald_lake();
    let (chan, _) = at_home(&office, &path);
    chan.phone.close();
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    newer.close().unwrap();
    let files = || fs::read_dir(folder.path()).unwrap().count();
    let (before, beside) = (fs::read(&path).unwrap(), files());
    let opened = Phone::open(config(&path, &HeldClock::at(text::at("2026-11-25T08:00"))));
    assert!(matches!(opened, Err(PhoneError::FromTheFuture { found: 999, .. })), "{opened:?}");
    assert!(fs::read(&path).unwrap() == before, "untouched");
    assert_eq!(files(), beside, "nothing new beside it");
}

#[test]
fn a_damaged_file_is_moved_aside_and_everything_comes_back() {
    let office = Office::emerald_lake();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db");
    let (mut chan, id) = at_home(&office, &path);
    play::look(&chan, id);
    let unsent = chan.phone.status().unwrap().waiting;
    assert!(unsent > 5);
    chan.phone.close();
    // Half of the tables' pages are noise; the first page and the journal's end may be hit or not.
    let file = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let size = file.metadata().unwrap().len();
    let aside = base_pages(&path);
    assert!(!aside.is_empty() && size > 8 * 4096);
    for page in aside {
        file.write_all_at(&[0xa5; 4096], (page - 1) * 4096).unwrap();
    }
    drop(file);
    let damaged = fs::read(&path).unwrap();

    chan.phone = Phone::open(config(&path, &chan.clock)).unwrap();
    // Damage deep in the file shows when it is met.
    let _ = chan.phone.order(id);
    let report = chan.phone.open_report().damage.expect("the damage is reported");
    assert!(report.identity_kept, "{report:?}");
    assert_eq!(report.salvaged, unsent, "{report:?}");
    assert!(fs::read(&report.moved_to).unwrap() == damaged, "moved aside, not changed");
    let exported = fs::read_to_string(report.exported_to.unwrap()).unwrap();
    assert_eq!(exported.lines().count() as u64, unsent, "and in a file people can read");
    chan.heal();
    chan.check();
    let order = office.order(id);
    assert_eq!(chan.detail(id).order.to_bytes(), order.to_bytes());
    assert!(order.diagnosis.is_some(), "what was not sent has arrived");
    assert_eq!((order.contacts.len(), order.concerns.len()), (1, 0), "once (I6)");
}

/// The pages of `base`, `state` and `view_order`: what the server can give again.
fn base_pages(path: &Path) -> Vec<u64> {
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut find = conn
        .prepare("SELECT rootpage FROM sqlite_schema WHERE name IN ('base', 'state', 'view_order')")
        .unwrap();
    let pages = find.query_map([], |row| row.get::<_, i64>(0)).unwrap();
    pages.map(|page| page.unwrap().unsigned_abs()).collect()
}

#[test]
fn a_copied_phone_takes_a_name_of_its_own_and_both_copies_work_arrives_once() {
    let office = Office::emerald_lake();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.db"), folder.path().join("second.db"));
    let (mut chan, id) = at_home(&office, &first);
    chan.does(id, note("複製之前，還沒送出"));
    chan.phone.close();
    fs::copy(&first, &second).unwrap();
    chan.phone = Phone::open(config(&first, &chan.clock)).unwrap();
    let copy = Handset::open(&second, CHAN, Arc::new(line()));
    chan.does(id, note("原機寫的"));
    copy.does(id, note("複製機寫的"));
    chan.heal();
    let report = copy.heal();
    assert!(report.forked, "{report:?}");
    assert_ne!(copy.device(), chan.device());
    chan.heal();
    let notes: Vec<String> = office.order(id).notes.into_values().map(|note| note.text).collect();
    let mut sorted = notes.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        ["原機寫的", "複製之前，還沒送出", "複製機寫的"],
        "both copies' entries, once each (I24)"
    );
    for phone in [&chan, &copy] {
        phone.check();
        assert_eq!(phone.detail(id).order.to_bytes(), office.order(id).to_bytes());
    }
}

#[test]
fn a_closed_phone_says_so_and_opens_again_with_everything() {
    let office = Office::emerald_lake();
    let folder = tempfile::tempdir().unwrap();
    let (mut chan, id) = at_home(&office, &folder.path().join("phone.db"));
    chan.does(id, note("關機前"));
    let shown = chan.detail(id).order;
    chan.phone.close();
    assert!(matches!(chan.phone.record(id, note("關了")), Err(PhoneError::Closed)));
    assert!(matches!(chan.sync(), Err(PhoneError::Closed)));
    chan.reopen();
    assert_eq!(chan.detail(id).order, shown);
    chan.line = Arc::new(CuttingTransport::new([(0, Cut::After)]));
    chan.sync().unwrap_err();
    chan.reopen();
    chan.heal();
    chan.check_against(&office);
}
