//! The drill: a backup beside a running server, more work, the machine lost, the backup put back, and every phone sends
//! again what the server lost. And what is damaged is found.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::NoteKind;
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::journal::wire::{ParkReason, Verdict};
use doorstep_core::phone::PhoneError;
use doorstep_server::ServerConfig;
use doorstep_server::backup::{BackupError, What, backup, restore, verify};
use doorstep_server::storage::sqlite::FILE;
use doorstep_tests::office::{CHAN, DESK, LEUNG, Office};
use doorstep_tests::phones::{Handset, line};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::photos::{WIFI, arrived, on_site, take};

fn note(text: &str) -> Command {
    Command::AddNote { text: text.to_owned() }
}

fn assign(office: &Office, id: OrderId, person: &str) {
    let assignment = Assignment { technician: person.into(), helpers: Vec::new() };
    office.does(DESK, id, Command::Assign(assignment));
}

/// What an order has, that it must have once.
fn once(office: &Office, id: OrderId, notes: &[&str]) {
    let order = office.order(id);
    let mut found: Vec<String> = order.notes.values().map(|note| note.text.clone()).collect();
    found.sort();
    assert_eq!(found, notes, "every note, once (I6, I7)");
    assert!(order.intake.is_some() && order.number.is_some());
    assert_eq!(order.concerns.len(), 0, "and nothing was folded twice");
}

#[test]
fn after_a_restore_every_phone_sends_again_what_the_server_lost() {
    let mut office = Office::emerald_lake();
    let place = tempfile::tempdir().unwrap();
    let (chan, early) = on_site(&office);
    let first = take(&chan, early, 1);
    chan.phone.send_photos(&line(), WIFI).unwrap();
    chan.heal();
    let leung = Handset::enrol(&office, LEUNG);
    let other = leung.phone.new_order_id();
    leung.does(other, Command::Register(text::intake(2)));
    leung.heal();
    fs::write(office.data.join("rescue.key"), b"a key").unwrap();

    let taken = office.backs_up(place.path());
    assert_eq!((taken.manifest.photos.len(), taken.copied), (1, 1));
    assert_eq!(verify(place.path()).unwrap().wrong, []);

    // More work, all of it acknowledged: the phones have no reason to send any of it again.
    play::look(&chan, early);
    let second = take(&chan, early, 2);
    let late = chan.phone.new_order_id();
    chan.does(late, Command::Register(text::intake(3)));
    chan.does(late, note("備份之後的新單"));
    chan.heal();
    chan.phone.send_photos(&line(), WIFI).unwrap();
    leung.does(other, note("備份之後"));
    leung.heal();
    // A phone the backup has never heard of.
    let mut newer = Handset::fresh(LEUNG, Arc::new(line()));
    newer.phone.enrol(&line(), &office.qr(LEUNG)).unwrap();
    let unheard = newer.phone.new_order_id();
    newer.does(unheard, Command::Register(text::intake(4)));
    newer.does(unheard, note("新手機寫的"));
    newer.heal();
    leung.heal();

    office.is_lost_and_restored(place.path());
    assert_eq!(office.wrong(), []);
    assert_eq!(fs::read(office.data.join("rescue.key")).unwrap(), b"a key");
    assert_eq!(office.orders().len(), 14, "twelve of the register and two: the others are lost here");

    // One records before it hears of it, one is silent, one must enrol again.
    chan.does(late, note("還原之後"));
    chan.heal();
    leung.heal();
    assert!(matches!(newer.sync(), Err(PhoneError::SignInAgain)));
    newer.reopen();
    newer.phone.enrol(&line(), &office.qr(LEUNG)).unwrap();
    newer.heal();
    leung.heal();

    once(&office, early, &[]);
    once(&office, late, &["備份之後的新單", "還原之後"]);
    once(&office, other, &["備份之後"]);
    once(&office, unheard, &["新手機寫的"]);
    assert!(office.order(early).diagnosis.is_some());
    for phone in [&chan, &leung] {
        phone.check();
        phone.check_against(&office);
    }
    newer.check();
    assert_eq!(newer.base(), office.scope(LEUNG), "(I10)");
    assert_eq!(arrived(&office), [first], "the second photo was lost with the server");
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().verified, 2, "every photo is asked for again");
    let mut both = [first, second];
    both.sort();
    let mut there = arrived(&office);
    there.sort();
    assert_eq!(there, both);
    assert_eq!(office.wrong(), []);
    // And once more, from the same backup: nothing depends on it having been the first time.
    office.is_lost_and_restored(place.path());
    for phone in [&chan, &leung, &newer] {
        phone.sync().ok();
    }
    newer.phone.enrol(&line(), &office.qr(LEUNG)).unwrap();
    newer.heal();
    leung.heal();
    once(&office, late, &["備份之後的新單", "還原之後"]);
    once(&office, unheard, &["新手機寫的"]);
    assert_eq!(office.wrong(), []);
}

#[test]
fn what_a_backup_holds_leaves_the_phone_and_a_server_put_back_from_an_older_one_gets_the_rest() {
    let mut office = Office::emerald_lake();
    let (older, newer) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let chan = Handset::enrol(&office, CHAN);
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(3)));
    chan.heal();
    office.backs_up(older.path());
    for at in 0..300 {
        chan.does(id, note(&at.to_string()));
    }
    chan.heal();
    assert_eq!(chan.journal().len(), 301, "the last 300 are in no backup");
    office.backs_up(newer.path());
    chan.does(id, note("備份之後"));
    chan.heal();
    assert_eq!(chan.journal().len(), 1, "what the backup holds has left");
    assert_eq!(chan.detail(id).order.notes.len(), 301, "and nothing less is shown");
    chan.check_against(&office);
    // The backup the phone was told of: everything goes on.
    office.is_lost_and_restored(newer.path());
    chan.heal();
    chan.check_against(&office);
    assert_eq!(office.order(id).notes.len(), 301);
    // An older one, against all advice: the chain cannot go on from what nobody has, and what is here comes all the same.
    office.is_lost_and_restored(older.path());
    let device = chan.device();
    chan.heal();
    assert_ne!(chan.device(), device, "under a new name");
    chan.check();
    assert_eq!(chan.base(), office.scope(CHAN), "(I10)");
    let notes: Vec<String> = office.order(id).notes.into_values().map(|note| note.text).collect();
    assert_eq!(notes, ["備份之後"]);
    assert_eq!(office.wrong(), []);
}

#[test]
fn what_only_the_office_wrote_after_the_backup_stays_on_the_phone_that_heard_of_it() {
    let mut office = Office::emerald_lake();
    let place = tempfile::tempdir().unwrap();
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    office.backs_up(place.path());
    let id = OrderId::new();
    office.does(DESK, id, Command::Register(text::intake(5)));
    office.does(DESK, id, Command::Accept { materials: String::new() });
    assign(&office, id, CHAN);
    chan.heal();
    office.is_lost_and_restored(place.path());
    chan.heal();
    let shown = chan.detail(id).order;
    assert!(shown.intake.is_some(), "it is the only one who still knows");
    // What is done there reaches the office all the same.
    chan.does(id, note("照舊上門"));
    chan.heal();
    assert_eq!(office.order(id).notes.len(), 1);
    chan.check();
    assert_eq!(office.wrong(), []);
}

#[test]
fn entries_folded_late_are_found_where_they_were_folded() {
    let office = Office::emerald_lake();
    let id = OrderId::new();
    office.does(DESK, id, Command::Register(text::intake(6)));
    office.does(DESK, id, Command::Accept { materials: String::new() });
    assign(&office, id, CHAN);
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    let probe = doorstep_tests::probe::Probe::enrol(&office, LEUNG);
    let fact = |text: &str| Fact::NoteAdded { kind: NoteKind::Note, text: text.to_owned() };
    for text in ["一", "二"] {
        probe.states(id, vec![fact(text)]);
    }
    let answer = probe.sync();
    assert!(answer.verdicts.iter().all(|(_, verdict)| *verdict == Verdict::Parked(ParkReason::NotYours)));
    assert_eq!(answer.verdicts.len(), 2);
    chan.does(id, note("三"));
    chan.heal();
    assert_eq!(office.wrong(), [], "what waits is not folded");
    assign(&office, id, LEUNG);
    office.does(DESK, id, note("四"));
    assert_eq!(office.order(id).notes.len(), 4, "access regained (I22)");
    assert_eq!(office.wrong(), []);
}

/// A backup with a visit and a photo in it.
fn backed_up() -> (TempDir, PathBuf) {
    let office = Office::emerald_lake();
    let place = tempfile::tempdir().unwrap();
    let (chan, id) = on_site(&office);
    play::look(&chan, id);
    take(&chan, id, 1);
    chan.heal();
    chan.phone.send_photos(&line(), WIFI).unwrap();
    let folder = office.backs_up(place.path()).folder;
    (place, folder)
}

fn put_back(place: &Path, data: &Path) -> Result<(), BackupError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(restore(place, data)).map(drop)
}

#[test]
fn what_is_damaged_is_found() {
    let (place, _) = backed_up();
    let cases: [(&str, &[What]); 7] = [
        (
            "DROP TRIGGER entry_log_is_never_changed;
             UPDATE entry_log SET bytes = x'00' WHERE n = 2",
            &[What::Chain, What::Order],
        ),
        (
            "DROP TRIGGER entry_log_is_never_shortened; DELETE FROM entry_log WHERE n = 3",
            &[What::Chain, What::Order],
        ),
        (
            r#"UPDATE "order" SET state = (SELECT state FROM "order" ORDER BY seq LIMIT 1)
               WHERE seq = (SELECT max(seq) FROM "order")"#,
            &[What::Order],
        ),
        (
            r#"UPDATE "order" SET status = 'voided' WHERE seq = (SELECT max(seq) FROM "order")"#,
            &[What::Order],
        ),
        ("DROP TRIGGER ink_is_never_changed; UPDATE ink SET bytes = x'00'", &[What::Ink]),
        ("UPDATE org_clock SET next_number = next_number + 1", &[What::Clock]),
        ("UPDATE device SET n = n + 1", &[What::Chain]),
    ];
    for (sql, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        put_back(place.path(), &data).unwrap();
        assert_eq!(verify(&data).unwrap().wrong, []);
        Connection::open(data.join(FILE)).unwrap().execute_batch(sql).unwrap();
        let mut found: Vec<What> = verify(&data).unwrap().wrong.into_iter().map(|wrong| wrong.what).collect();
        found.dedup();
        assert_eq!(found, expected, "{sql}");
    }
}

#[test]
fn a_damaged_backup_is_not_put_back_and_an_unfinished_one_is_none() {
    let (place, folder) = backed_up();
    let data = place.path().join("data");
    let photos: Vec<PathBuf> = doorstep_server::blobs::photos_in(&place.path().join("blobs"))
        .unwrap()
        .into_iter()
        .map(|(path, _)| place.path().join("blobs").join(path))
        .collect();
    for file in [&folder.join(FILE), &photos[0]] {
        let good = fs::read(file).unwrap();
        let mut bad = good.clone();
        *bad.last_mut().unwrap() ^= 1;
        fs::write(file, bad).unwrap();
        assert!(verify(place.path()).unwrap().wrong.iter().any(|wrong| wrong.what == What::File));
        let refused = put_back(place.path(), &data);
        assert!(matches!(refused, Err(BackupError::Damaged(_))), "{refused:?}");
        // Nothing is served from it, and the next try begins where there was none.
        let config = ServerConfig::new(&data, "127.0.0.1:0".parse().unwrap());
        assert!(doorstep_tests::office::runtime().block_on(doorstep_server::open(&config)).is_err());
        fs::write(file, good).unwrap();
    }
    put_back(place.path(), &data).unwrap();
    assert_eq!(verify(&data).unwrap().wrong, []);
    assert!(matches!(put_back(place.path(), &data), Err(BackupError::NotEmpty(_))));
    let elsewhere = place.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(&folder, elsewhere.join(".taking-20261125T080000000Z")).unwrap();
    assert!(matches!(put_back(&elsewhere, &place.path().join("new")), Err(BackupError::NoBackup(_))));
    assert!(!place.path().join("new").exists());
    // The next backup into that place clears it away, and copies only what is not there yet.
    let again = backup(&data, &elsewhere, chrono::Utc::now()).unwrap();
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 3, "one backup, its photos, the lock");
    let next = backup(&data, &elsewhere, chrono::Utc::now()).unwrap();
    assert_eq!((again.copied, next.copied), (1, 0));
    assert!(next.folder > again.folder);
    assert!(matches!(backup(place.path(), &elsewhere, chrono::Utc::now()), Err(BackupError::NoData(_))));
}
