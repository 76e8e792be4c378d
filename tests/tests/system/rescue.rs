//! A phone that cannot sync hands in a rescue bundle: everything arrives (I7), once (I6), however it is ordered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{Digest, EntryId, OrderId};
use doorstep_core::phone::{PhoneError, RescueReport, rescue};
use doorstep_core::rescue::{BundleError, BundleWriter, PublicKey, Run, RunHead};
use doorstep_server::rescue::{Options, TakeError, Taken};
use doorstep_tests::office::{CHAN, LEUNG, Office};
use doorstep_tests::phones::{Handset, config, line};
use doorstep_tests::text;
use ed25519_dalek::SigningKey;
use proptest::prelude::{any, prop_assert_eq};

fn registers(handset: &Handset, seed: usize) -> OrderId {
    let id = handset.phone.new_order_id();
    handset.phone.record(id, Command::Register(text::intake(seed))).expect("a registration");
    id
}

fn notes(handset: &Handset, id: OrderId, count: usize) {
    for i in 0..count {
        handset.phone.record(id, Command::AddNote { text: format!("第 {i} 次記事") }).expect("a note");
    }
}

fn bundle(handset: &Handset, name: &str) -> (PathBuf, RescueReport) {
    let to = handset.path.with_file_name(name);
    let report = handset.phone.rescue(&to).expect("a bundle");
    (to, report)
}

fn takes(office: &Office, file: &Path) -> Taken {
    office.take_bundle(file, Options::default()).expect("a bundle is taken")
}

/// What a phone ever recorded, by id.
fn made(handset: &Handset) -> BTreeSet<EntryId> {
    handset.journal().into_iter().map(|entry| entry.id).collect()
}

/// Everything the phone made is in the server's log with an effect, each exactly once.
fn arrived_once(office: &Office, handset: &Handset) {
    let effective = office.effective();
    for id in made(handset) {
        assert_eq!(effective.iter().filter(|kept| **kept == id).count(), 1, "{id}");
    }
}

#[test]
fn what_a_phone_could_not_send_arrives_by_file() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    let id = registers(&phone, 1);
    notes(&phone, id, 5);
    let before = std::fs::read(&phone.path).unwrap();
    let (file, report) = bundle(&phone, "out.rescue");
    assert_eq!((report.entries, report.bytes), (6, std::fs::metadata(&file).unwrap().len()));
    assert_eq!(std::fs::read(&phone.path).unwrap(), before, "the phone's file is as it was");
    let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
    assert!(!text.contains("記事"), "nobody reads it on the way");

    let dry = office.take_bundle(&file, Options { dry_run: true, ..Options::default() }).unwrap();
    assert_eq!((dry.applied, dry.duplicate), (6, 0));
    assert_eq!(office.log(phone.device()).len(), 0, "a dry run writes nothing");
    let taken = takes(&office, &file);
    assert_eq!(Taken { org: None, ..taken }, Taken { applied: 6, ..Taken::default() });
    let order = office.order(id);
    assert_eq!(order.notes.len(), 5);
    // A second time, and the phone itself: nothing happens twice.
    let seq = office.seq();
    let again = takes(&office, &file);
    assert_eq!(Taken { org: None, ..again }, Taken { duplicate: 6, ..Taken::default() });
    phone.heal();
    assert_eq!(office.seq(), seq);
    assert_eq!(office.order(id).to_bytes(), order.to_bytes());
    arrived_once(&office, &phone);
    phone.check_against(&office);
    let third = takes(&office, &file);
    assert_eq!(third.duplicate, 6);
    assert_eq!(office.audits("import-bundle").len(), 3);
}

#[test]
fn however_sync_and_bundles_are_ordered_everything_arrives_once() {
    // Each letter is an act: s sync, a and b the two bundles. The second holds more than the first.
    for acts in ["sab", "sba", "asb", "abs", "bas", "bsa", "aabbss", "bab", "abas"] {
        let office = Office::emerald_lake();
        let phone = Handset::enrol(&office, CHAN);
        phone.heal();
        let id = registers(&phone, 1);
        notes(&phone, id, 2);
        let (a, _) = bundle(&phone, "a");
        notes(&phone, id, 3);
        let (b, report) = bundle(&phone, "b");
        assert_eq!(report.entries, 6);
        for act in acts.chars() {
            match act {
                's' => drop(phone.heal()),
                'a' => drop(takes(&office, &a)),
                _ => drop(takes(&office, &b)),
            }
        }
        assert_eq!(office.order(id).notes.len(), 5, "{acts}");
        arrived_once(&office, &phone);
        notes(&phone, id, 1);
        phone.heal();
        assert_eq!(office.order(id).notes.len(), 6, "{acts}");
        phone.check_against(&office);
    }
}

#[test]
fn a_bundle_for_a_restored_server_is_taken_under_a_number_of_its_own() {
    let mut office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    office.stop();
    let backup = tempfile::tempdir().unwrap();
    copy(&office.data, backup.path());
    office.start();
    let id = registers(&phone, 1);
    notes(&phone, id, 2);
    phone.heal();
    notes(&phone, id, 2);
    let (file, report) = bundle(&phone, "b");
    assert_eq!(report.entries, 2);
    // The server is put back to before it knew the order: the bundle's entries follow on nothing it has.
    office.stop();
    std::fs::remove_dir_all(&office.data).unwrap();
    copy(backup.path(), &office.data);
    office.start();
    office.was_restored();
    let taken = takes(&office, &file);
    assert_eq!((taken.applied + taken.conflicted, taken.set_apart), (2, 2));
    let again = takes(&office, &file);
    assert_eq!((again.duplicate, again.applied, again.set_apart), (2, 0, 2));
    // The phone comes back and sends all of it again.
    phone.heal();
    assert_eq!(office.order(id).notes.len(), 4);
    arrived_once(&office, &phone);
    assert_eq!(takes(&office, &file).duplicate, 2);
    assert_eq!(office.order(id).notes.len(), 4);
}

#[test]
fn a_copied_phone_that_hands_in_a_bundle_loses_nothing() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    let id = registers(&phone, 1);
    phone.heal();
    phone.phone.close();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("phone.db");
    std::fs::copy(&phone.path, &copy).unwrap();
    let mut phone = phone;
    phone.reopen();
    let clone = Handset::open(&copy, CHAN, std::sync::Arc::new(line()));
    notes(&phone, id, 2);
    notes(&clone, id, 3);
    phone.heal();
    // The copy's numbers are taken by the other's entries.
    let (file, _) = bundle(&clone, "b");
    let taken = takes(&office, &file);
    assert_eq!((taken.applied, taken.set_apart), (3, 3));
    assert_eq!(takes(&office, &file).duplicate, 3);
    clone.heal();
    phone.heal();
    assert_eq!(office.order(id).notes.len(), 5);
    arrived_once(&office, &phone);
    arrived_once(&office, &clone);
    assert_eq!(phone.base(), clone.base());
}

#[test]
fn a_revoked_phone_hands_in_what_it_holds_and_gets_nothing() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    let id = registers(&phone, 1);
    office.revoke(phone.device());
    let (file, _) = bundle(&phone, "b");
    assert_eq!(takes(&office, &file).applied, 1);
    assert!(office.order(id).intake.is_some());
}

#[test]
fn the_bundle_of_a_phone_whose_file_does_not_open() {
    let office = Office::emerald_lake();
    // Written by a newer version of the app.
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    let id = registers(&phone, 1);
    notes(&phone, id, 3);
    phone.phone.close();
    let conn = rusqlite::Connection::open(&phone.path).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let folder_before = names(&phone.path);
    let before = std::fs::read(&phone.path).unwrap();
    let to = phone.path.with_file_name("b");
    let report = rescue(&config(&phone.path, &phone.clock), &to).unwrap();
    assert_eq!((report.entries, report.unreadable.len()), (4, 0));
    assert_eq!(std::fs::read(&phone.path).unwrap(), before);
    let mut expected = folder_before;
    expected.insert("b".to_owned());
    assert_eq!(names(&phone.path), expected, "nothing else was made");
    assert_eq!(takes(&office, &to).applied, 4);
    assert_eq!(office.order(id).notes.len(), 3);

    // Damaged: the page where the views begin, and the one that says who the phone is.
    let phone = Handset::enrol(&office, LEUNG);
    phone.heal();
    let id = registers(&phone, 2);
    notes(&phone, id, 3);
    phone.phone.close();
    let conn = rusqlite::Connection::open(&phone.path).unwrap();
    let root = |name: &str| -> u64 {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
        conn.query_row(sql, [name], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs()
    };
    let roots = [root("view_order"), root("sqlite_autoindex_view_order_1")];
    drop(conn);
    let mut bytes = std::fs::read(&phone.path).unwrap();
    for root in roots {
        let at = (root as usize - 1) * 4096;
        bytes[at..at + 4096].fill(0x5a);
    }
    std::fs::write(&phone.path, &bytes).unwrap();
    let to = phone.path.with_file_name("b");
    let report = rescue(&config(&phone.path, &phone.clock), &to).unwrap();
    assert_eq!(report.entries, 4);
    assert_eq!(std::fs::read(&phone.path).unwrap(), bytes);
    assert_eq!(takes(&office, &to).applied, 4);
    assert_eq!(office.order(id).notes.len(), 3);

    // The app goes on with a fresh file; what was moved aside is not told twice, and the phone's own sync changes nothing.
    let mut phone = phone;
    phone.reopen();
    let _ = phone.phone.order(id);
    assert!(phone.phone.open_report().damage.is_some(), "it showed when it was read");
    let (again, report) = bundle(&phone, "c");
    assert_eq!((report.entries, report.moved_aside), (4, 0));
    let taken = takes(&office, &again);
    assert_eq!((taken.applied, taken.duplicate), (0, 4));
    phone.heal();
    assert_eq!(office.order(id).notes.len(), 3);
    arrived_once(&office, &phone);
}

#[test]
fn a_file_moved_aside_and_never_read_again_is_in_the_bundle() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    let id = registers(&phone, 1);
    phone.phone.close();
    std::fs::rename(&phone.path, phone.path.with_file_name("phone.db.damaged-1764000000000")).unwrap();
    let mut phone = phone;
    phone.reopen();
    let (file, report) = bundle(&phone, "b");
    assert_eq!((report.entries, report.moved_aside), (1, 1));
    assert_eq!(takes(&office, &file).applied, 1);
    assert!(office.order(id).intake.is_some());
    // What of a page that cannot be read at all: it is told.
    std::fs::write(phone.path.with_file_name("phone.db.damaged-1764000000001"), "nothing of it is left")
        .unwrap();
    let (_, report) = bundle(&phone, "c");
    assert_eq!(report.unreadable, ["phone.db.damaged-1764000000001"]);
}

#[test]
fn whatever_bytes_a_phone_calls_entries_are_kept_apart_and_nothing_breaks() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    let seed: [u8; 32] = phone
        .file()
        .query_row("SELECT value FROM meta WHERE key = 'device_seed'", [], |row| row.get(0))
        .unwrap();
    let key = SigningKey::from_bytes(&seed);
    let firm = std::fs::read_to_string(phone.path.with_file_name("phone.db.rescue-key")).unwrap();
    let firm: PublicKey = firm.parse().unwrap();
    let file = phone.path.with_file_name("b");
    let mut runner = proptest::test_runner::TestRunner::new(proptest::test_runner::Config::with_cases(40));
    let bytes = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 1..6);
    let given = (bytes, 1..4_u64, any::<bool>(), any::<bool>());
    runner
        .run(&given, |(entries, first, has_device, has_before)| {
            let head = RunHead {
                device: has_device.then(|| phone.device()),
                first,
                before: has_before.then(|| Digest::of(b"somewhere")),
                ..RunHead::default()
            };
            let count = entries.len() as u64;
            let mut bundle = BundleWriter::new(Vec::new(), &firm).unwrap();
            bundle.run(&Run::new(head, entries, Some(&key))).unwrap();
            std::fs::write(&file, bundle.finish().unwrap()).unwrap();
            let taken = takes(&office, &file);
            let all = taken.applied + taken.conflicted + taken.parked + taken.duplicate;
            prop_assert_eq!((all, taken.applied), (count, 0));
            prop_assert_eq!(takes(&office, &file).duplicate, count);
            Ok(())
        })
        .unwrap();
    phone.heal();
}

#[test]
fn nobody_vouches_for_a_forged_bundle() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    registers(&phone, 1);
    let device = phone.device();
    // The device key was lost with its file: the operator has to know where the bundle comes from.
    phone.phone.close();
    let conn = rusqlite::Connection::open(&phone.path).unwrap();
    conn.execute("DELETE FROM meta WHERE key = 'device_seed'", []).unwrap();
    drop(conn);
    let to = phone.path.with_file_name("b");
    rescue(&config(&phone.path, &phone.clock), &to).unwrap();
    let strict = office.take_bundle(&to, Options::default());
    assert!(matches!(strict, Err(TakeError::Unsigned)), "{strict:?}");
    assert_eq!(office.log(device).len(), 0);
    let taken = office.take_bundle(&to, Options { unsigned: true, ..Options::default() }).unwrap();
    assert_eq!(taken.applied, 1);
    // Another key in its place is a forgery, whatever the operator says.
    let other = Handset::enrol(&office, LEUNG);
    other.heal();
    registers(&other, 2);
    other.phone.close();
    let mut forged = config(&other.path, &other.clock);
    forged.device_seed = Some([9; 32]);
    rescue(&forged, &to).unwrap();
    let refused = office.take_bundle(&to, Options { unsigned: true, ..Options::default() });
    assert!(matches!(refused, Err(TakeError::Forged)), "{refused:?}");
}

#[test]
fn a_phone_nobody_knows_any_more_is_taken_at_the_operators_word() {
    let lost = Office::emerald_lake();
    let phone = Handset::enrol(&lost, CHAN);
    phone.heal();
    let id = registers(&phone, 1);
    let (file, _) = bundle(&phone, "b");
    // The server was set up anew; only its key file was kept.
    let mut office = Office::emerald_lake();
    office.stop();
    for key in keys(&lost) {
        std::fs::copy(&key, office.data.join(key.file_name().unwrap())).unwrap();
    }
    office.start();
    assert!(matches!(office.take_bundle(&file, Options::default()), Err(TakeError::Unsigned)));
    let options = Options { unsigned: true, ..Options::default() };
    assert_eq!(office.take_bundle(&file, Options { dry_run: true, ..options }).unwrap().applied, 1);
    assert_eq!(office.take_bundle(&file, options).unwrap().applied, 1);
    assert!(office.order(id).intake.is_some());
    assert_eq!(office.take_bundle(&file, options).unwrap().duplicate, 1);
}

#[test]
fn what_is_no_bundle_of_this_firm_is_refused_by_name() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    registers(&phone, 1);
    let (file, _) = bundle(&phone, "b");
    let good = std::fs::read(&file).unwrap();
    let strict = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        match office.take_bundle(&file, Options::default()) {
            Err(TakeError::Bundle(why)) => why,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(strict(b"%PDF-1.7"), BundleError::NotABundle);
    assert_eq!(strict(&good[..good.len() - 1]), BundleError::Cut);
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(strict(&changed), BundleError::Changed);
    let mut newer = good.clone();
    newer[16] = 2;
    assert_eq!(strict(&newer), BundleError::Newer { found: 2 });
    assert_eq!(office.log(phone.device()).len(), 0);
    let other = Office::emerald_lake();
    std::fs::write(&file, &good).unwrap();
    let refused = other.take_bundle(&file, Options::default());
    assert!(matches!(refused, Err(TakeError::Bundle(BundleError::OtherKey(_)))), "{refused:?}");
}

#[test]
fn a_phone_that_was_never_told_the_key_says_so() {
    let phone = Handset::fresh(CHAN, std::sync::Arc::new(line()));
    let to = phone.path.with_file_name("b");
    assert_eq!(phone.phone.rescue(&to), Err(PhoneError::NoRescueKey));
    assert!(!to.exists());
    let office = Office::emerald_lake();
    phone.phone.enrol(&line(), &office.qr(CHAN)).unwrap();
    assert_eq!(phone.phone.rescue(&to).unwrap().entries, 0);
    assert_eq!(takes(&office, &to), Taken { org: Some(office.org.clone()), ..Taken::default() });
    assert!(matches!(phone.phone.rescue(&phone.path), Err(PhoneError::BadInput(_))));
}

#[test]
fn a_firm_from_before_there_were_bundles_gets_a_key_and_its_phones_hear_of_it() {
    let mut office = Office::emerald_lake();
    office.stop();
    keys(&office).iter().for_each(|key| std::fs::remove_file(key).unwrap());
    let conn = rusqlite::Connection::open(office.data.join("doorstep.db")).unwrap();
    conn.execute("DELETE FROM document WHERE kind = 'rescue'", []).unwrap();
    drop(conn);
    office.start();
    let phone = Handset::enrol(&office, CHAN);
    let conn = rusqlite::Connection::open(&phone.path).unwrap();
    // As a phone that was enrolled then.
    conn.execute("DELETE FROM document WHERE kind = 'rescue'", []).unwrap();
    drop(conn);
    std::fs::remove_file(phone.path.with_file_name("phone.db.rescue-key")).unwrap();
    phone.heal();
    assert!(phone.path.with_file_name("phone.db.rescue-key").exists());
    registers(&phone, 1);
    let (file, _) = bundle(&phone, "b");
    assert_eq!(takes(&office, &file).applied, 1);
    #[cfg(unix)]
    for key in keys(&office) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&key.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn photos_that_wait_come_with_the_bundle() {
    let office = Office::emerald_lake();
    let (mut phone, id) = super::photos::on_site(&office);
    let pictures: BTreeSet<_> = (0..3).map(|number| super::photos::take(&phone, id, number)).collect();
    let (file, report) = bundle(&phone, "b");
    assert_eq!((report.entries, report.photos), (3, 3));
    let dry = office.take_bundle(&file, Options { dry_run: true, ..Options::default() }).unwrap();
    assert_eq!((dry.applied, dry.photos), (3, 3));
    assert_eq!(super::photos::arrived(&office).len(), 0);
    let taken = takes(&office, &file);
    assert_eq!((taken.applied, taken.photos), (3, 3));
    assert_eq!(BTreeSet::from_iter(super::photos::arrived(&office)), pictures);
    assert_eq!((takes(&office, &file).photos, office.order(id).visits.len()), (0, 1));
    // The phone finds them there, and what of them waits afterwards is nothing.
    phone.heal();
    phone.phone.send_photos(&line(), super::photos::WIFI).unwrap();
    assert_eq!(phone.phone.photo_counts().unwrap().waiting, 0);
    assert_eq!(bundle(&phone, "b").1.photos, 0);

    // From a file that does not open: its own list, and where that is lost, whatever lies there.
    super::photos::take(&phone, id, 7);
    phone.phone.close();
    let report = rescue(&config(&phone.path, &phone.clock), &file).unwrap();
    assert_eq!((report.entries, report.photos), (1, 1));
    let good = std::fs::read(&phone.path).unwrap();
    std::fs::write(&phone.path, "nothing of it is left").unwrap();
    let report = rescue(&config(&phone.path, &phone.clock), &file).unwrap();
    assert_eq!((report.entries, report.photos, report.unreadable.len()), (0, 4, 1));
    std::fs::write(&phone.path, good).unwrap();
    phone.reopen();
    assert_eq!(takes(&office, &file).photos, 1);
    assert_eq!(super::photos::arrived(&office).len(), 4);
}

#[test]
fn ten_thousand_entries_arrive() {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    let mut last = registers(&phone, 0);
    for seed in 1..1_000 {
        notes(&phone, last, 9);
        last = registers(&phone, seed);
    }
    notes(&phone, last, 9);
    let (file, report) = bundle(&phone, "b");
    assert_eq!(report.entries, 10_000);
    assert_eq!(takes(&office, &file).applied, 10_000);
    assert_eq!(takes(&office, &file).duplicate, 10_000);
    phone.heal();
    phone.check_against(&office);
}

/// The firm's key files.
fn keys(office: &Office) -> Vec<PathBuf> {
    let files = std::fs::read_dir(&office.data).unwrap().map(|file| file.unwrap().path());
    let keys: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "key")).collect();
    assert!(!keys.is_empty());
    keys
}

/// Copies the files of a folder, and of those in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

fn names(beside: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(beside.parent().unwrap()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
