//! Saved is saved, refused is not, and full is told.

use super::fixture::{Answers, CODE, enrolled, fresh, intake};
use crate::domain::command::Command;
use crate::domain::ids::OrderId;
use crate::domain::lang::Lang;
use crate::domain::order::visit::{Coverage, Entitlement};
use crate::journal::{ChainHash, Entry};
use crate::phone::{ErrorKind, ListFilter, Page, Phone, PhoneError};

#[test]
fn what_was_recorded_is_there_after_reopening() {
    let mut fixture = enrolled();
    let id = fixture.register("12A");
    fixture.note(id, "鑰匙在管理處");
    let before = fixture.phone.order(id).unwrap();
    fixture.reopen();
    let after = fixture.phone.order(id).unwrap();
    assert_eq!(before, after);
    assert_eq!(after.waiting, 2);
    assert_eq!(fixture.phone.status().unwrap().waiting, 2);
    assert!(!fixture.phone.open_report().is_fresh);
}

#[test]
fn the_journal_is_contiguous_and_its_chain_verifies() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    for text in ["a", "b", "c"] {
        fixture.note(id, text);
    }
    let rows: Vec<(u64, [u8; 32], Vec<u8>, u64)> = fixture
        .phone
        .run(|store| {
            store.read(|conn| {
                let mut all = conn.prepare("SELECT n, hash, bytes, before FROM journal ORDER BY n")?;
                let rows = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
        })
        .unwrap();
    let mut chain = ChainHash::default();
    for (at, (n, hash, bytes, before)) in (1..).zip(&rows) {
        chain = chain.then(bytes);
        assert_eq!((*n, *hash, *before), (at, chain.0.0, at - 1));
        assert_eq!(Entry::decode(bytes).unwrap().n, at);
    }
    assert_eq!(rows.len(), 4);
}

#[test]
fn a_refused_command_leaves_no_trace() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    let before = fixture.phone.order(id).unwrap();
    let start = fixture.phone.record(id, Command::StartWork).unwrap_err();
    assert_eq!(start.kind(), ErrorKind::Refused);
    let PhoneError::Refused(refusal) = start else { panic!() };
    assert!(refusal.rule > 0 && !refusal.text(Lang::ZhHant).is_empty());
    let unknown = fixture.phone.record(OrderId::new(), Command::Arrive).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Refused);
    let twice = fixture.phone.record(id, Command::Register(intake("12A"))).unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Refused);
    assert_eq!(fixture.phone.order(id).unwrap(), before);
    assert_eq!(fixture.phone.status().unwrap().waiting, 1);
}

#[test]
fn an_entry_that_could_not_be_sent_is_not_made() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    let evidence = "x".repeat(crate::journal::limits::MAX_ENTRY_BYTES);
    let command = Command::CheckEntitlement(Entitlement { coverage: Coverage::Covered, evidence });
    let error = fixture.phone.record(id, command).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused | ErrorKind::BadInput), "{error:?}");
    assert_eq!(fixture.phone.status().unwrap().waiting, 1);
}

#[test]
fn without_an_enrolment_nothing_is_recorded() {
    let fixture = fresh();
    let error = fixture.phone.record(OrderId::new(), Command::Register(intake("1"))).unwrap_err();
    assert_eq!(error, PhoneError::NotEnrolled);
    assert_eq!(error.kind(), ErrorKind::SignInAgain);
    assert_eq!(fixture.phone.sync(&Answers::default()), Err(PhoneError::NotEnrolled));
    assert_eq!(fixture.phone.today("2026-11-24".parse().unwrap(), Page::default()).unwrap().orders, vec![]);
    assert!(matches!(fixture.phone.enrol(&Answers::default(), "hello"), Err(PhoneError::BadInput(_))));
    fixture.phone.enrol(&Answers::default(), CODE).unwrap();
    fixture.register("1");
}

#[test]
fn a_full_disk_is_told_and_half_writes_nothing() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    let pages = fixture.phone.run(|store| {
        Ok(store.with_writer(|conn| {
            let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
            conn.pragma_update_and_check(None, "max_page_count", pages + 4, |_| Ok(())).unwrap();
            pages
        }))
    });
    let mut saved = 1;
    let error = loop {
        let text = "長".repeat(1000);
        match fixture.phone.record(id, Command::AddNote { text }) {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
        assert!(saved < 1000, "it never got full");
    };
    assert_eq!(error, PhoneError::StorageFull);
    assert_eq!(fixture.phone.status().unwrap().waiting, saved);
    assert_eq!(fixture.phone.order(id).unwrap().order.notes.len() as u64, saved - 1);
    assert_eq!(fixture.phone.verify_views().unwrap(), vec![]);
    // Room again: it goes on where it was.
    fixture
        .phone
        .run(|store| {
            store.with_writer(|conn| {
                conn.pragma_update_and_check(None, "max_page_count", pages.unwrap() + 1000, |_| Ok(()))
                    .unwrap();
            });
            Ok(())
        })
        .unwrap();
    fixture.note(id, "after");
    assert_eq!(fixture.phone.status().unwrap().waiting, saved + 1);
}

#[test]
fn a_clock_years_off_is_recorded_and_told() {
    let fixture = enrolled();
    let answers = Answers::default();
    answers.0.lock().unwrap().device = Some(fixture.phone.enrolment().unwrap().unwrap().device);
    for year in ["1990", "2061"] {
        fixture.clock.set(&format!("{year}-01-01T00:00:00+08:00"));
        let id = fixture.register("12A");
        assert_eq!(
            fixture.phone.order(id).unwrap().order.registered.unwrap().at,
            *fixture.clock.0.lock().unwrap()
        );
        fixture.phone.sync(&answers).unwrap();
        let skew = fixture.phone.status().unwrap().skew_ms.unwrap();
        // The answers' clock stands at 1 ms after 1970.
        assert_eq!(skew, fixture.clock.0.lock().unwrap().utc_ms - 1);
    }
    let last = answers.0.lock().unwrap().journals.values().next().unwrap().last().cloned().unwrap();
    assert!(Entry::decode(&last).unwrap().skew_ms.is_some(), "the entry says how far the clock was off");
    assert_eq!(fixture.phone.status().unwrap().waiting, 0);
}

#[test]
fn after_closing_every_call_says_so() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    let twin = fixture.phone.clone();
    let watching = fixture.phone.observe(|_| {}).unwrap();
    fixture.phone.close();
    fixture.phone.close();
    assert_eq!(twin.order(id), Err(PhoneError::Closed));
    assert_eq!(twin.record(id, Command::Arrive), Err(PhoneError::Closed));
    assert_eq!(twin.list(&ListFilter::default(), Page::default()), Err(PhoneError::Closed));
    assert_eq!(twin.sync(&Answers::default()), Err(PhoneError::Closed));
    assert_eq!(twin.observe(|_| {}).unwrap_err(), PhoneError::Closed);
    drop(watching);
    let again = Phone::open(fixture.config()).unwrap();
    assert_eq!(again.order(id).unwrap().waiting, 1);
}

#[test]
fn many_threads_read_while_one_writes() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut last = 0;
                for _ in 0..50 {
                    let seen = fixture.phone.order(id).unwrap();
                    assert_eq!(seen.waiting as usize, seen.order.notes.len() + 1, "one snapshot");
                    assert!(seen.waiting >= last);
                    last = seen.waiting;
                }
            });
        }
        for at in 0..50 {
            fixture.note(id, &format!("{at}"));
        }
    });
    assert_eq!(fixture.phone.order(id).unwrap().waiting, 51);
}

#[test]
fn unsent_entries_can_be_taken_out_as_text() {
    use base64::Engine as _;
    let fixture = enrolled();
    let id = fixture.register("12A");
    fixture.note(id, "鑰匙在管理處");
    let path = fixture.folder.path().join("unsent.jsonl");
    assert_eq!(fixture.phone.export_unsent(&path).unwrap(), 2);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert!(text.contains("鑰匙在管理處") && text.contains("12A"));
    let bytes =
        base64::engine::general_purpose::STANDARD.decode(lines[1]["bytes"].as_str().unwrap()).unwrap();
    let entry = Entry::decode(&bytes).unwrap();
    assert_eq!((entry.n, entry.order), (2, id));
    assert_eq!(lines[1]["n"], 2);
}
