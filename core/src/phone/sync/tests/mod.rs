//! Tests of the sync machine with answers made by hand.

mod engine;
mod http;

use std::collections::BTreeSet;

use crate::domain::command::Command;
use crate::domain::fact::Fact;
use crate::domain::ids::OrderId;
use crate::domain::order::intake::SharedField;
use crate::journal::bytes::Exact;
use crate::journal::wire::{DocumentRow, InkRow, SyncResponse, Verdict};
use crate::phone::tests::fixture::{
    Answers, CODE, Fixture, Odd, enrolled, marked, office_order, read_request,
};
use crate::phone::{ErrorKind, HttpResponse, Page, Phone, PhoneConfig, Step, TransportError};

fn answers(fixture: &Fixture) -> Answers {
    let answers = Answers::default();
    let mut book = answers.0.lock().unwrap();
    book.device = Some(fixture.phone.enrolment().unwrap().unwrap().device);
    book.epoch = 1;
    drop(book);
    answers
}

fn snapshot(response: &SyncResponse) -> Result<HttpResponse, TransportError> {
    Ok(marked(200, cbor4ii::serde::to_vec(Vec::new(), response).unwrap()))
}

fn same_as_office(fixture: &Fixture, answers: &Answers) {
    assert_eq!(fixture.phone.verify_views().unwrap(), vec![]);
    let book = answers.0.lock().unwrap();
    for (id, (order, _)) in &book.orders {
        assert_eq!(&fixture.phone.order(*id).unwrap().order, order);
    }
    assert_eq!(fixture.phone.status().unwrap().waiting, 0);
}

#[test]
fn an_idle_request_is_small_and_says_where_the_phone_stands() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    answers.put(OrderId::new(), office_order("1", 1));
    fixture.phone.sync(&answers).unwrap();
    let Step::Request(request) = fixture.phone.sync_machine().next().unwrap() else { panic!() };
    let asked = read_request(&request);
    assert_eq!((asked.protocol, asked.epoch, asked.cursor), (1, 1, 1));
    assert!(asked.entries.is_empty());
    assert!(request.body.len() < 20, "{}", request.body.len());
    let names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["authorization", "ask"]);
    assert_eq!((request.method, request.path.as_str()), ("POST", "/v1/sync"));
}

#[test]
fn ten_thousand_new_orders_go_in_one_compressed_request() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    // Written in one transaction: the test is about the request, not about a commit for each.
    fixture
        .phone
        .run(|store| {
            let identity = store.identity();
            store.write(|tx, head: &mut crate::phone::store::head::Head| {
                let maker = crate::phone::views::Maker::new(&identity);
                for at in 0..10_000 {
                    let (id, entry) = entry(&*head, at);
                    let bytes = entry.encode().unwrap();
                    let mut order = crate::domain::order::Order::default();
                    entry.fold_into(&mut order, maker.org(), Some(head.device));
                    let n = crate::phone::store::journal::append(tx, head, entry.id, id, 0, &bytes)?;
                    maker.put(tx, None, id, n, &order, &order.to_bytes())?;
                }
                Ok(())
            })
        })
        .unwrap();
    let report = fixture.phone.sync(&answers).unwrap();
    assert_eq!((report.requests, report.entries_sent, report.orders_changed), (1, 10_000, 10_000));
    same_as_office(&fixture, &answers);
}

fn entry(head: &crate::phone::store::head::Head, at: usize) -> (OrderId, crate::journal::Entry) {
    use crate::phone::tests::fixture::{ME, intake, office_entry};
    let id = OrderId::new();
    let mut entry = office_entry(id, vec![Fact::Registered(intake(&format!("{at}")))]);
    entry.n = head.wire(head.n + 1);
    entry.actor =
        crate::domain::person::Actor { person: ME.into(), role: crate::domain::person::Role::Technician };
    (id, entry)
}

#[test]
fn an_echo_becomes_the_base_without_the_state_being_sent() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = fixture.register("12A");
    fixture.note(id, "one");
    let report = fixture.phone.sync(&answers).unwrap();
    assert_eq!((report.requests, report.entries_sent, report.orders_changed), (1, 2, 1));
    let detail = fixture.phone.order(id).unwrap();
    assert!(detail.order.number.is_some() && detail.seq > 0 && detail.waiting == 0);
    same_as_office(&fixture, &answers);
    // More of the same order: the second echo stands on the first.
    fixture.note(id, "two");
    fixture.phone.sync(&answers).unwrap();
    same_as_office(&fixture, &answers);
    assert!(answers.0.lock().unwrap().requests.iter().all(|asked| asked.whole.is_empty()));
}

#[test]
fn entries_recorded_while_a_request_is_under_way_stay_pending_over_its_answer() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = fixture.register("12A");
    let mut machine = fixture.phone.sync_machine();
    let Step::Request(request) = machine.next().unwrap() else { panic!() };
    let response = crate::phone::Transport::send(&answers, request);
    fixture.note(id, "meanwhile");
    machine.answer(response).unwrap();
    let detail = fixture.phone.order(id).unwrap();
    assert_eq!((detail.waiting, detail.order.notes.len()), (1, 1));
    assert!(detail.order.number.is_some());
    assert_eq!(fixture.phone.verify_views().unwrap(), vec![]);
    let Step::Request(request) = machine.next().unwrap() else { panic!() };
    assert_eq!(read_request(&request).first, 2);
    machine.answer(crate::phone::Transport::send(&answers, request)).unwrap();
    assert!(matches!(machine.next().unwrap(), Step::Done(report) if report.entries_sent == 2));
    same_as_office(&fixture, &answers);
}

#[test]
fn a_wrong_echo_is_asked_for_whole_and_nothing_disappears_meanwhile() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = fixture.register("12A");
    answers.odd(Odd { wrong_echo: true, ..Odd::default() });
    let mut machine = fixture.phone.sync_machine();
    let Step::Request(request) = machine.next().unwrap() else { panic!() };
    machine.answer(crate::phone::Transport::send(&answers, request)).unwrap();
    assert_eq!(fixture.phone.order(id).unwrap().order.intake.unwrap().unit, "12A");
    // The app ends here. The next sync still asks.
    drop(machine);
    fixture.phone.sync(&answers).unwrap();
    assert_eq!(answers.0.lock().unwrap().requests.last().unwrap().whole, [id]);
    same_as_office(&fixture, &answers);
    fixture.phone.sync(&answers).unwrap();
    assert!(answers.0.lock().unwrap().requests.last().unwrap().whole.is_empty());
}

#[test]
fn a_lost_answer_is_harmless() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = fixture.register("12A");
    answers.odd(Odd { lost: true, ..Odd::default() });
    assert_eq!(fixture.phone.sync(&answers).unwrap_err().kind(), ErrorKind::Offline);
    assert_eq!(fixture.phone.status().unwrap().waiting, 1);
    fixture.note(id, "after");
    fixture.phone.sync(&answers).unwrap();
    same_as_office(&fixture, &answers);
    assert_eq!(answers.state(id).unwrap().notes.len(), 1);
}

#[test]
fn what_answers_in_the_servers_place_changes_nothing() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    let before = fixture.phone.order(id).unwrap();
    let portal =
        HttpResponse { status: 200, body: b"<html>Free Wifi</html>".to_vec(), ..HttpResponse::default() };
    for (response, kind) in [
        (Ok(portal), ErrorKind::Offline),
        (Ok(marked(200, b"<html>".to_vec())), ErrorKind::Offline),
        (Ok(HttpResponse { status: 302, ..HttpResponse::default() }), ErrorKind::Offline),
        (Ok(HttpResponse { status: 503, ..HttpResponse::default() }), ErrorKind::Offline),
        (Ok(marked(401, b"{}".to_vec())), ErrorKind::SignInAgain),
        (Ok(marked(400, br#"{"error":"protocol","message":"2"}"#.to_vec())), ErrorKind::UpdateApp),
        (Err(TransportError::Timeout), ErrorKind::Offline),
        (Err(TransportError::Unreachable("no route".to_owned())), ErrorKind::Offline),
    ] {
        let mut machine = fixture.phone.sync_machine();
        machine.next().unwrap();
        assert_eq!(machine.answer(response).unwrap_err().kind(), kind);
        assert_eq!(fixture.phone.order(id).unwrap(), before);
    }
    let status = fixture.phone.status().unwrap();
    assert!(status.must_sign_in && status.waiting == 1 && status.last_complete.is_none());
    // Enrolled again, what waited goes under the new device id, with the same entry id.
    let again = answers(&fixture);
    fixture.phone.enrol(&again, CODE).unwrap();
    assert!(!fixture.phone.status().unwrap().must_sign_in);
    assert_eq!(fixture.phone.status().unwrap().waiting, 1);
    fixture.phone.sync(&again).unwrap();
    same_as_office(&fixture, &again);
    assert_eq!(again.0.lock().unwrap().orders.len(), 1);
}

#[test]
fn a_request_too_large_is_halved_until_it_passes() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    for at in 0..8 {
        fixture.register(&format!("{at}"));
    }
    let mut machine = fixture.phone.sync_machine();
    let mut sizes = vec![];
    let report = loop {
        match machine.next().unwrap() {
            Step::Request(request) => {
                let count = read_request(&request).entries.len();
                sizes.push(count);
                let response = if count > 2 {
                    Ok(HttpResponse { status: 413, ..HttpResponse::default() })
                } else {
                    crate::phone::Transport::send(&answers, request)
                };
                machine.answer(response).unwrap();
            }
            Step::Done(report) => break report,
        }
    };
    assert!(sizes.starts_with(&[8, 4]) || sizes.starts_with(&[8, 3]), "{sizes:?}");
    assert_eq!(report.entries_sent, 8);
    same_as_office(&fixture, &answers);
}

#[test]
fn a_restored_server_is_sent_again_what_it_lost() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let kept = fixture.register("1A");
    fixture.phone.sync(&answers).unwrap();
    let backup = {
        let book = answers.0.lock().unwrap();
        (book.orders.clone(), book.journals.clone(), book.known.clone(), book.seq)
    };
    fixture.note(kept, "after the backup");
    let lost = fixture.register("2B");
    fixture.phone.sync(&answers).unwrap();
    {
        let mut book = answers.0.lock().unwrap();
        (book.orders, book.journals, book.known, book.seq) = backup;
        book.epoch = 2;
    }
    fixture.note(lost, "third");
    fixture.phone.sync(&answers).unwrap();
    same_as_office(&fixture, &answers);
    assert_eq!(answers.state(kept).unwrap().notes.len(), 1);
    let order = answers.state(lost).unwrap();
    assert_eq!((order.notes.len(), order.concerns.len()), (1, 0), "nothing is folded twice");
}

#[test]
fn a_phone_with_nothing_to_send_hears_of_a_restore_and_sends_again() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let kept = fixture.register("1A");
    answers.odd(Odd { park: true, ..Odd::default() });
    fixture.phone.sync(&answers).unwrap();
    assert_eq!(fixture.phone.status().unwrap().parked, 1);
    {
        let mut book = answers.0.lock().unwrap();
        book.orders.clear();
        book.journals.clear();
        book.known.clear();
        (book.seq, book.epoch) = (0, 2);
    }
    answers.odd(Odd::default());
    let report = fixture.phone.sync(&answers).unwrap();
    assert_eq!((report.requests, report.entries_sent), (2, 1));
    assert_eq!(fixture.phone.status().unwrap().parked, 0, "the judgement of before is no more");
    assert!(answers.state(kept).is_some());
    same_as_office(&fixture, &answers);
}

#[test]
fn a_copied_phone_takes_a_new_incarnation_and_both_keep_their_entries() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let shared = fixture.register("1A");
    fixture.phone.sync(&answers).unwrap();
    let first_device = fixture.phone.enrolment().unwrap().unwrap().device;
    fixture.phone.close();
    let copy = fixture.folder.path().join("copy.db");
    std::fs::copy(fixture.path(), &copy).unwrap();
    let one = Phone::open(fixture.config()).unwrap();
    let two = Phone::open(PhoneConfig { path: copy, ..fixture.config() }).unwrap();
    one.record(shared, Command::AddNote { text: "from one".to_owned() }).unwrap();
    two.record(shared, Command::AddNote { text: "from two".to_owned() }).unwrap();
    one.sync(&answers).unwrap();
    let report = two.sync(&answers).unwrap();
    assert!(report.forked);
    // All of it goes again under the new name: what stands under the old one may be the other copy's.
    assert_eq!(report.entries_sent, 2);
    assert_ne!(two.enrolment().unwrap().unwrap().device, first_device);
    let notes: BTreeSet<String> =
        answers.state(shared).unwrap().notes.into_values().map(|note| note.text).collect();
    assert_eq!(notes, ["from one", "from two"].map(str::to_owned).into());
    assert_eq!(two.order(shared).unwrap().order, answers.state(shared).unwrap());
    assert_eq!(two.verify_views().unwrap(), vec![]);
    // And on it goes under the new numbers.
    let recorded = two.record(shared, Command::AddNote { text: "more".to_owned() }).unwrap();
    assert_eq!(recorded.n, 3);
    two.sync(&answers).unwrap();
    assert_eq!(two.status().unwrap().waiting, 0);
    assert_eq!(answers.state(shared).unwrap().notes.len(), 3);
}

#[test]
fn an_order_taken_away_stays_until_its_entries_are_acknowledged() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = OrderId::new();
    answers.put(id, office_order("1A", 1));
    fixture.phone.sync(&answers).unwrap();
    fixture.note(id, "unsent");
    let response = SyncResponse { epoch: 1, seq: 2, gone: vec![id], ..SyncResponse::default() };
    let mut machine = fixture.phone.sync_machine();
    machine.next().unwrap();
    machine.answer(snapshot(&response)).unwrap();
    let detail = fixture.phone.order(id).unwrap();
    assert!(detail.is_departing && detail.waiting == 1 && detail.order.notes.len() == 1);
    assert_eq!(fixture.phone.search("1A", Page::first(9)).unwrap().orders.len(), 1);
    answers.take_away(id);
    fixture.phone.sync(&answers).unwrap();
    assert_eq!(fixture.phone.order(id).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(fixture.phone.search("1A", Page::first(9)).unwrap().orders, vec![]);
    assert_eq!(answers.state(id).unwrap().notes.len(), 1, "the entry arrived");
    // Given back, it is whole again.
    answers.put(id, answers.state(id).unwrap());
    fixture.phone.sync(&answers).unwrap();
    same_as_office(&fixture, &answers);
}

#[test]
fn an_answer_to_a_question_nobody_asks_any_more_is_left_alone() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = fixture.register("1A");
    let mut slow = fixture.phone.sync_machine();
    let Step::Request(request) = slow.next().unwrap() else { panic!() };
    let late = crate::phone::Transport::send(&answers, request);
    fixture.phone.sync(&answers).unwrap();
    fixture.note(id, "newer");
    fixture.phone.sync(&answers).unwrap();
    let before = fixture.phone.order(id).unwrap();
    slow.answer(late).unwrap();
    assert_eq!(fixture.phone.order(id).unwrap(), before);
    assert!(matches!(slow.next().unwrap(), Step::Request(_)), "it asks anew");
    same_as_office(&fixture, &answers);
}

#[test]
fn one_row_that_cannot_be_read_delays_no_other_and_is_tried_again_after_an_update() {
    let mut fixture = enrolled();
    let answers = answers(&fixture);
    let bad = OrderId::new();
    answers.put(bad, office_order("1A", 1));
    answers.odd(Odd { garbled: true, ..Odd::default() });
    let mine = fixture.register("2B");
    let report = fixture.phone.sync(&answers).unwrap();
    assert_eq!((report.entries_sent, report.unread.len()), (1, 1));
    assert_eq!(fixture.phone.order(mine).unwrap().waiting, 0);
    assert_eq!(fixture.phone.order(bad).unwrap_err().kind(), ErrorKind::NotFound);
    // The state becomes readable, as it would to a version that knows it.
    let state = answers.state(bad).unwrap().to_bytes();
    fixture
        .phone
        .run(|store| {
            store.write(|tx, _| Ok(tx.execute("UPDATE unread SET state = ?1", [state]).map(|_| ())?))
        })
        .unwrap();
    fixture.phone.close();
    fixture.phone = Phone::open(PhoneConfig { app_version: "1.1".to_owned(), ..fixture.config() }).unwrap();
    same_as_office(&fixture, &answers);
}

#[test]
fn a_state_of_a_newer_app_is_no_damage_and_delays_no_other_order() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let (newer, other) = (OrderId::new(), OrderId::new());
    answers.put(newer, office_order("1A", 1));
    answers.put(other, office_order("2B", 2));
    fixture.phone.sync(&answers).unwrap();
    fixture.note(newer, "before the downgrade");
    fixture
        .phone
        .run(|store| {
            store.write(|tx, _| {
                tx.execute("UPDATE base SET state = x'ff' WHERE order_id = ?1", [newer.as_bytes()])?;
                Ok(())
            })
        })
        .unwrap();
    fixture.note(other, "goes on");
    fixture.phone.sync(&answers).unwrap();
    assert!(fixture.phone.open_report().damage.is_none());
    same_as_office(&fixture, &answers);
    // While nothing new of it comes, it alone cannot be shown.
    fixture
        .phone
        .run(|store| {
            store.write(|tx, _| {
                let id = crate::phone::views::place_of(tx, newer)?.unwrap().id;
                tx.execute("UPDATE state SET bytes = x'ff' WHERE id = ?1", [id])?;
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(fixture.phone.order(newer).unwrap_err().kind(), ErrorKind::UpdateApp);
    assert_eq!(fixture.phone.order(other).unwrap().order.notes.len(), 1);
    assert_eq!(fixture.phone.verify_views().unwrap(), vec![newer]);
    assert!(fixture.phone.open_report().damage.is_none());
}

#[test]
fn a_parked_entry_is_shown_as_such_and_stays_in_the_journal() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = OrderId::new();
    answers.put(id, office_order("1A", 1));
    fixture.phone.sync(&answers).unwrap();
    fixture.note(id, "not theirs to say");
    answers.odd(Odd { park: true, ..Odd::default() });
    let report = fixture.phone.sync(&answers).unwrap();
    assert_eq!(report.parked, 1);
    let detail = fixture.phone.order(id).unwrap();
    assert_eq!((detail.waiting, detail.order.notes.len()), (0, 0));
    assert!(matches!(detail.verdicts[0].verdict, Verdict::Parked(_)));
    assert_eq!(fixture.phone.status().unwrap().parked, 1);
    same_as_office(&fixture, &answers);
}

#[test]
fn documents_and_ink_arrive_and_a_rulebook_it_cannot_read_leaves_the_last_one_in_force() {
    let fixture = enrolled();
    let id = OrderId::new();
    let strokes = vec![
        (0..50)
            .map(|i| crate::domain::seal::ink::InkPoint { x: i * 40, y: 0, t: 0, pressure: 9 })
            .collect::<Vec<_>>(),
    ];
    let ink = crate::domain::seal::ink::encode(&strokes).unwrap();
    let row = |kind: &str, body: &str, seq| DocumentRow {
        kind: kind.to_owned(),
        key: kind.to_owned(),
        seq,
        body: Exact(body.as_bytes().to_vec()),
    };
    let send = |documents: Vec<DocumentRow>, seq| {
        let inks = vec![InkRow { order: id, ink: Exact(ink.bytes.clone()) }];
        let response = SyncResponse { epoch: 1, seq, documents, inks, ..SyncResponse::default() };
        let mut machine = fixture.phone.sync_machine();
        machine.next().unwrap();
        machine.answer(snapshot(&response)).unwrap();
        machine.report().clone()
    };
    let pack = crate::domain::policy::DEVICE_SERVICE_PACK;
    send(vec![row("policy", pack, 1), row("price", r#"{"code":"P1"}"#, 2)], 2);
    assert_eq!(fixture.phone.rulebook().unwrap().policy.id, "device-service");
    assert_eq!(fixture.phone.reference("price", "price").unwrap().body, br#"{"code":"P1"}"#);
    assert_eq!(fixture.phone.references("price").unwrap().len(), 1);
    assert_eq!(fixture.phone.ink(ink.digest).unwrap(), strokes);
    let report = send(vec![row("policy", "from = 'the future'", 3)], 3);
    assert_eq!(report.unread.len(), 1);
    assert_eq!(fixture.phone.rulebook().unwrap().policy.id, "device-service");
    send(vec![row("price", "", 4)], 4);
    assert_eq!(fixture.phone.reference("price", "price").unwrap_err().kind(), ErrorKind::NotFound);
    let property = crate::domain::policy::PROPERTY_PACK;
    send(vec![row("policy", property, 5)], 5);
    assert_eq!(fixture.phone.rulebook().unwrap().policy.id, "property");
}

#[test]
fn cursor_and_acknowledgement_never_go_back_within_an_epoch() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    for _ in 0..3 {
        fixture.register("1A");
    }
    fixture.phone.sync(&answers).unwrap();
    let before = fixture.phone.status().unwrap();
    let mut machine = fixture.phone.sync_machine();
    machine.next().unwrap();
    machine
        .answer(snapshot(&SyncResponse { epoch: 1, seq: 1, acked: 1, ..SyncResponse::default() }))
        .unwrap();
    let after = fixture.phone.status().unwrap();
    assert_eq!((after.cursor, after.waiting), (before.cursor, 0));
}

#[test]
fn a_value_of_both_sides_is_kept_beside_the_other() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = OrderId::new();
    answers.put(id, office_order("1A", 1));
    fixture.phone.sync(&answers).unwrap();
    let edit = |to: &str| Command::EditField { field: SharedField::Access, to: to.to_owned() };
    fixture.phone.record(id, edit("ring twice")).unwrap();
    let mut order = answers.state(id).unwrap();
    let fact = Fact::FieldEdited { field: SharedField::Access, from: String::new(), to: "dog".to_owned() };
    crate::phone::tests::fixture::office_entry(id, vec![fact]).fold_into(&mut order, &"harbour".into(), None);
    answers.put(id, order);
    answers.odd(Odd { rows_only: true, ..Odd::default() });
    fixture.phone.sync(&answers).unwrap();
    same_as_office(&fixture, &answers);
    let card = &fixture.phone.search("1A", Page::first(1)).unwrap().orders[0];
    assert!(card.has_conflict);
}

#[test]
fn a_server_that_never_moves_is_given_up() {
    let fixture = enrolled();
    fixture.register("1A");
    let mut machine = fixture.phone.sync_machine();
    let error = loop {
        match machine.next().unwrap() {
            Step::Request(_) => {
                if let Err(error) = machine.answer(snapshot(&SyncResponse::default())) {
                    break error;
                }
            }
            Step::Done(_) => panic!("an entry waits"),
        }
    };
    assert_eq!(error.kind(), ErrorKind::Offline);
    assert_eq!(fixture.phone.status().unwrap().waiting, 1);
}

#[test]
fn asking_often_for_nothing_writes_nothing_and_still_tells_when() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    fixture.register("1A");
    fixture.phone.sync(&answers).unwrap();
    let version = || {
        let conn = rusqlite::Connection::open(fixture.path()).unwrap();
        conn.query_row("SELECT value FROM meta WHERE key = 'complete_ms'", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let first = version();
    fixture.clock.set("2026-11-24T09:00:00.900+08:00");
    fixture.phone.sync(&answers).unwrap();
    assert_eq!(version(), first);
    let told = fixture.phone.status().unwrap().last_complete.unwrap();
    assert_eq!(told.utc_ms, first + 900);
    fixture.clock.set("2026-11-24T09:06:00+08:00");
    fixture.phone.sync(&answers).unwrap();
    assert_eq!(version(), first + 6 * 60_000);
}
