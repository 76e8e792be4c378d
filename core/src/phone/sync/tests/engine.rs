//! What keeps a sync alive for years: parts, pauses, calling off, letting go of old entries, and standing that changes.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::{answers, same_as_office, snapshot};
use crate::domain::ids::OrderId;
use crate::domain::order::visit::Visit;
use crate::domain::time::{Stamp, Window};
use crate::journal::ChainHash;
use crate::journal::ahead::{Ahead, Had, Part};
use crate::journal::bytes::{Exact, State};
use crate::journal::live::Hint;
use crate::journal::wire::{DocumentRow, Row, SyncRequest, SyncResponse, Verdict};
use crate::phone::store::journal;
use crate::phone::tests::fixture::{
    Answers, Fixture, Odd, enrolled, fresh, marked, office_order, read_request,
};
use crate::phone::{
    Cancel, ErrorKind, HttpResponse, HttpTransport, Loaded, Network, PhoneError, Plan, Step, SyncMachine,
    Trust, Why, let_go,
};

const ONLINE: Network = Network { is_online: true, is_wifi: true };
const DAY_MS: i64 = 24 * 3_600_000;

/// The next request as it is sent.
fn asked(machine: &mut SyncMachine) -> SyncRequest {
    match machine.next().unwrap() {
        Step::Request(request) => read_request(&request),
        Step::Done(report) => panic!("{report:?}"),
    }
}

/// One exchange with an answer made by hand.
fn told(fixture: &Fixture, response: &SyncResponse) {
    let mut machine = fixture.phone.sync_machine();
    machine.next().unwrap();
    machine.answer(snapshot(response)).unwrap();
}

fn where_it_stands(fixture: &Fixture) -> SyncResponse {
    let head = fixture.phone.run(|store| store.read(crate::phone::store::head::Head::load)).unwrap();
    SyncResponse { epoch: head.epoch, seq: head.cursor, acked: head.wire(head.n), ..SyncResponse::default() }
}

/// Where the journal begins and ends; its chain is followed on the way.
fn journal_of(fixture: &Fixture) -> (u64, u64) {
    fixture
        .phone
        .run(|store| {
            store.read(|conn| {
                let (start, mut chain) = journal::start(conn)?;
                let first: u64 =
                    conn.query_row("SELECT first FROM incarnation ORDER BY first DESC LIMIT 1", [], |row| {
                        row.get(0)
                    })?;
                let mut find = conn.prepare("SELECT n, hash, bytes FROM journal ORDER BY n")?;
                let mut rows = find.query([])?;
                let mut last = start;
                while let Some(row) = rows.next()? {
                    let (n, hash, bytes): (u64, [u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    assert_eq!(n, last + 1, "no gap");
                    chain = if n == first { ChainHash::default() } else { chain };
                    chain = chain.then(&bytes);
                    assert_eq!(chain.0.0, hash, "the chain holds at {n}");
                    last = n;
                }
                Ok((start, last))
            })
        })
        .unwrap()
}

/// A phone with this many notes the server has.
fn with_notes(count: u64) -> (Fixture, Answers, OrderId) {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = fixture.register("1A");
    for at in 1..count {
        fixture.note(id, &at.to_string());
    }
    fixture.phone.sync(&answers).unwrap();
    (fixture, answers, id)
}

#[test]
fn what_is_in_a_backup_leaves_and_the_journal_goes_on_from_there() {
    let (mut fixture, answers, id) = with_notes(let_go::AT_LEAST + 20);
    let before = fixture.phone.order(id).unwrap();
    let few = SyncResponse { safe: let_go::AT_LEAST - 1, now_ms: 1, seq: 9_999, ..where_it_stands(&fixture) };
    told(&fixture, &few);
    assert_eq!(journal_of(&fixture), (0, 276), "too few to rewrite the file for");
    let safe = SyncResponse { safe: 270, now_ms: 1, ..few };
    told(&fixture, &SyncResponse { seq: 10_000, ..safe });
    assert_eq!(journal_of(&fixture), (270, 276));
    let after = fixture.phone.order(id).unwrap();
    assert_eq!((&after.order, after.waiting), (&before.order, 0), "nothing shown is less");
    assert_eq!(fixture.phone.verify_views().unwrap(), []);
    fixture.reopen();
    fixture.note(id, "and on");
    assert_eq!(journal_of(&fixture), (270, 277));
    fixture.phone.sync(&answers).unwrap();
    assert_eq!(answers.state(id).unwrap().notes.len(), 276);
    fixture.phone.rebuild_views().unwrap();
    assert_eq!(fixture.phone.verify_views().unwrap(), []);
    // Not even everything safe takes the newest: the next is numbered after it.
    for at in 0..let_go::AT_LEAST {
        fixture.note(id, &at.to_string());
    }
    fixture.phone.sync(&answers).unwrap();
    let all = where_it_stands(&fixture);
    told(&fixture, &SyncResponse { safe: all.acked, now_ms: 1, seq: 20_000, ..all });
    assert_eq!(journal_of(&fixture), (532, 533));
}

#[test]
fn what_no_backup_is_known_to_have_stays_for_thirty_days_of_the_servers_clock() {
    let (fixture, _, _) = with_notes(let_go::AT_LEAST + 4);
    let on_day = |day: i64| {
        let here = where_it_stands(&fixture);
        let seq = 5_000 + u64::try_from(day).unwrap();
        told(&fixture, &SyncResponse { now_ms: 1_000 + day * DAY_MS, seq, ..here });
        journal_of(&fixture).0
    };
    assert_eq!(on_day(0), 0);
    fixture.clock.set("2031-01-01T00:00:00+08:00");
    assert_eq!(on_day(29), 0, "this phone's clock is not asked");
    assert_eq!(on_day(30), 259, "all but the newest");
}

#[test]
fn a_server_put_back_from_before_what_was_let_go_gets_what_is_still_here_under_a_new_name() {
    let (fixture, answers, id) = with_notes(let_go::AT_LEAST + 20);
    told(&fixture, &SyncResponse { safe: 270, now_ms: 1, seq: 9_999, ..where_it_stands(&fixture) });
    let device = fixture.phone.enrolment().unwrap().unwrap().device;
    {
        let mut book = answers.0.lock().unwrap();
        book.journals.get_mut(&device).unwrap().truncate(5);
        (book.epoch, book.seq) = (2, 5);
        book.known.clear();
    }
    fixture.note(id, "after it");
    fixture.phone.sync(&answers).unwrap();
    assert_ne!(fixture.phone.enrolment().unwrap().unwrap().device, device);
    let book = answers.0.lock().unwrap();
    let sent = &book.journals[&book.device.unwrap()];
    assert_eq!(sent.len(), 7, "the six that were still here and the new one");
    drop(book);
    assert_eq!(fixture.phone.status().unwrap().waiting, 0);
    journal_of(&fixture);
    assert_eq!(fixture.phone.verify_views().unwrap(), []);
}

#[test]
fn an_entry_that_is_kept_apart_stays_here_and_is_said_to_be_folded_when_it_is() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = fixture.register("1A");
    fixture.phone.sync(&answers).unwrap();
    answers.odd(Odd { park: true, ..Odd::default() });
    fixture.note(id, "not mine");
    fixture.phone.sync(&answers).unwrap();
    assert_eq!(fixture.phone.status().unwrap().parked, 1);
    let mut machine = fixture.phone.sync_machine();
    assert_eq!(asked(&mut machine).parked, [2], "the phone asks what became of it");
    let folded = SyncResponse { verdicts: vec![(2, Verdict::Applied)], ..where_it_stands(&fixture) };
    machine.answer(snapshot(&folded)).unwrap();
    assert_eq!(fixture.phone.status().unwrap().parked, 0);
    assert_eq!(fixture.phone.order(id).unwrap().verdicts, []);
    let Step::Done(report) = machine.next().unwrap() else { panic!() };
    assert_eq!(report.orders_changed, 1, "whoever shows the order hears of it");
    assert_eq!(asked(&mut fixture.phone.sync_machine()).parked, [0; 0]);
}

fn booked(unit: &str, number: u64, day: &str) -> Row {
    let mut order = office_order(unit, number);
    let at = |hour: &str| Stamp::parse(&format!("{day}T{hour}:00:00+08:00")).unwrap();
    let window = Some(Window { start: at("10"), end: at("12") });
    order.visits.insert(1, Visit { window, ..Visit::default() });
    Row { order: OrderId::new(), seq: number, state: State(order.to_bytes()) }
}

#[test]
fn a_first_sync_is_usable_after_its_first_part_and_goes_on_where_it_was_cut() {
    use chrono::Datelike as _;
    let fixture = enrolled();
    let today = "2026-11-24".parse::<chrono::NaiveDate>().unwrap();
    let day = today.num_days_from_ce();
    let mut rows =
        vec![booked("1A", 1, "2026-11-24"), booked("2B", 2, "2026-11-25"), booked("3C", 3, "2026-10-01")];
    let part = |ahead, rows: &[Row], documents| SyncResponse {
        epoch: 7,
        more: true,
        ahead,
        rows: rows.to_vec(),
        documents,
        ..SyncResponse::default()
    };
    assert_eq!(fixture.phone.status().unwrap().loaded, Loaded::Nothing);
    let mut machine = fixture.phone.sync_machine();
    let first = asked(&mut machine);
    assert_eq!((first.ahead, first.had), (Some(Ahead { today: day, part: Part::Today }), None));
    assert!(first.page > 0, "and the feed will come in pages");
    let price = DocumentRow { kind: "price".into(), key: "1".into(), seq: 4, body: Exact(b"{}".to_vec()) };
    machine.answer(snapshot(&part(Some(9), &rows[..1], vec![price]))).unwrap();
    let status = fixture.phone.status().unwrap();
    assert_eq!((status.loaded, status.cursor, status.last_complete), (Loaded::Today, 0, None));
    let cards = fixture.phone.today(today, Default::default()).unwrap().orders;
    assert_eq!(cards.len(), 1);
    assert_eq!(fixture.phone.references("price").unwrap().len(), 1);
    // Work begins at once. The person looked at what is newer than the cursor.
    fixture.note(cards[0].order, "begun");
    let seen: u64 = fixture
        .phone
        .run(|store| {
            store.read(|conn| {
                let bytes: Vec<u8> = conn.query_row("SELECT bytes FROM journal", [], |row| row.get(0))?;
                Ok(crate::journal::Entry::decode(&bytes).unwrap().seen)
            })
        })
        .unwrap();
    assert_eq!(seen, 1);
    // The connection breaks, the app ends; the day after it goes on with the part that is missing, of the same day.
    drop(machine);
    fixture.clock.set("2026-11-25T09:00:00+08:00");
    let mut machine = fixture.phone.sync_machine();
    let second = asked(&mut machine);
    assert_eq!(second.ahead, Some(Ahead { today: day, part: Part::Coming }));
    assert_eq!(second.entries.len(), 1, "what was recorded goes up with it");
    let answer = part(Some(11), &rows[1..2], vec![]);
    machine.answer(snapshot(&SyncResponse { acked: 1, ..answer })).unwrap();
    assert_eq!(fixture.phone.status().unwrap().loaded, Loaded::Coming);
    let feed = asked(&mut machine);
    assert_eq!((feed.ahead, feed.cursor), (None, 0));
    assert_eq!(feed.had, Some(Had { day, today: 9, coming: 11 }));
    let page = SyncResponse {
        epoch: 7,
        seq: 3,
        acked: 1,
        more: true,
        rows: rows.split_off(2),
        ..SyncResponse::default()
    };
    machine.answer(snapshot(&page)).unwrap();
    assert_eq!(fixture.phone.status().unwrap().loaded, Loaded::Coming, "a page is not the whole");
    let last = asked(&mut machine);
    assert_eq!((last.had, last.cursor, last.page), (feed.had, 3, 2 * feed.page));
    machine
        .answer(snapshot(&SyncResponse { epoch: 7, seq: 12, acked: 1, ..SyncResponse::default() }))
        .unwrap();
    assert_eq!(fixture.phone.status().unwrap().loaded, Loaded::Everything);
    let later = asked(&mut fixture.phone.sync_machine());
    assert_eq!((later.ahead, later.had, later.page), (None, None, 0));
    assert_eq!(fixture.phone.list(&Default::default(), Default::default()).unwrap().orders.len(), 3);
    assert_eq!(fixture.phone.verify_views().unwrap(), []);
}

#[test]
fn parts_of_a_server_that_was_restored_meanwhile_count_for_nothing() {
    let fixture = enrolled();
    let part = |epoch, seq| SyncResponse { epoch, more: true, ahead: Some(seq), ..SyncResponse::default() };
    let mut machine = fixture.phone.sync_machine();
    machine.next().unwrap();
    machine.answer(snapshot(&part(7, 90))).unwrap();
    machine.next().unwrap();
    machine.answer(snapshot(&part(8, 20))).unwrap();
    let again = asked(&mut machine);
    assert_eq!(again.ahead.map(|ahead| ahead.part), Some(Part::Today), "the first part again");
    assert_eq!(again.had, None);
}

#[test]
fn an_older_server_gives_everything_at_once() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    answers.put(OrderId::new(), office_order("1A", 1));
    let report = fixture.phone.sync(&answers).unwrap();
    assert_eq!(report.requests, 1);
    assert_eq!(fixture.phone.status().unwrap().loaded, Loaded::Everything);
    same_as_office(&fixture, &answers);
}

#[test]
fn who_may_only_hand_in_hands_in_and_is_asked_to_sign_in() {
    let (fixture, _, id) = with_notes(2);
    let complete = fixture.phone.status().unwrap().last_complete;
    fixture.clock.set("2026-12-30T09:00:00+08:00");
    fixture.note(id, "still mine");
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), Plan::Sync);
    let here = where_it_stands(&fixture);
    told(&fixture, &SyncResponse { acked: 3, upload_only: true, ..here });
    let status = fixture.phone.status().unwrap();
    assert_eq!((status.waiting, status.must_sign_in, status.last_complete), (0, true, complete));
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), Plan::SignIn);
    fixture.note(id, "and this");
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), Plan::Sync, "what happened still goes up");
    told(&fixture, &SyncResponse { acked: 4, ..where_it_stands(&fixture) });
    assert!(!fixture.phone.status().unwrap().must_sign_in, "let in again");
}

#[test]
fn a_plan_wakes_by_hint_by_age_and_after_as_long_as_the_server_asks() {
    assert_eq!(fresh().phone.plan(ONLINE).unwrap(), Plan::SignIn);
    let fixture = enrolled();
    let answers = answers(&fixture);
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), Plan::Sync, "nothing was ever exchanged");
    assert_eq!(fixture.phone.plan(Network::default()).unwrap(), Plan::WaitForNetwork);
    answers.put(OrderId::new(), office_order("1A", 1));
    fixture.phone.sync(&answers).unwrap();
    let at = |text: &str| Stamp::parse(text).unwrap();
    let done = Plan::Wait { until: at("2026-11-24T09:15:00+08:00"), why: Why::Done };
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), done);
    let hint = |epoch, seq| fixture.phone.hint(Hint { epoch, seq }).unwrap();
    assert!(!hint(1, 1), "known");
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), done);
    assert!(hint(2, 0) && hint(1, 2), "another epoch, another seq");
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), Plan::Sync);
    let busy = HttpResponse {
        status: 503,
        headers: vec![("retry-after".to_owned(), "120".to_owned())],
        ..HttpResponse::default()
    };
    let mut machine = fixture.phone.sync_machine();
    machine.next().unwrap();
    assert_eq!(machine.answer(Ok(busy)).unwrap_err().kind(), ErrorKind::Offline);
    let Plan::Wait { until, why: Why::Failed } = fixture.phone.plan(ONLINE).unwrap() else { panic!() };
    let range = at("2026-11-24T09:02:00+08:00").utc_ms..=at("2026-11-24T09:02:02+08:00").utc_ms;
    assert!(range.contains(&until.utc_ms), "{until:?}");
    fixture.clock.set("2026-11-24T09:02:03+08:00");
    assert_eq!(fixture.phone.plan(ONLINE).unwrap(), Plan::Sync);
    answers.put(OrderId::new(), office_order("2B", 2));
    fixture.phone.sync(&answers).unwrap();
    assert!(matches!(fixture.phone.plan(ONLINE).unwrap(), Plan::Wait { why: Why::Done, .. }));
}

#[test]
fn an_answer_to_another_question_acknowledges_nothing() {
    let fixture = enrolled();
    fixture.register("1A");
    let acked = SyncResponse { epoch: 1, seq: 1, acked: 1, ..SyncResponse::default() };
    let body = cbor4ii::serde::to_vec(Vec::new(), &acked).unwrap();
    let mut machine = fixture.phone.sync_machine();
    machine.next().unwrap();
    // A cache on the way gives what the server said to a question of before.
    let mut stale = marked(200, body);
    stale.headers[0].1 = "1 0badcafe".to_owned();
    let refused = machine.answer(Ok(stale)).unwrap_err();
    assert!(matches!(refused, PhoneError::NotOurServer(_)), "{refused}");
    assert_eq!(fixture.phone.status().unwrap().waiting, 1);
}

#[test]
fn a_sync_tells_how_far_it_is_and_is_called_off_in_the_middle_of_a_request() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    for at in 0..3 {
        fixture.register(&at.to_string());
    }
    // A server that takes the request and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let mut identity = (*fixture.phone.run(|store| Ok(store.identity())).unwrap()).clone();
    identity.enrolled.as_mut().unwrap().server = address;
    fixture
        .phone
        .run(|store| {
            store.set_identity(identity);
            Ok(())
        })
        .unwrap();
    let (transport, cancel) = (HttpTransport::new(Trust::Roots(Vec::new())), Cancel::default());
    let (begun, caller) = (Instant::now(), cancel.clone());
    let calling = std::thread::spawn(move || {
        let taken = silent.accept().unwrap();
        caller.set();
        taken
    });
    let mut seen = Vec::new();
    let report = fixture.phone.sync_watched(&transport, &cancel, |progress| seen.push(progress)).unwrap();
    drop(calling.join().unwrap());
    assert!(report.more && begun.elapsed() < Duration::from_secs(30), "{report:?}");
    assert_eq!((fixture.phone.status().unwrap().waiting, seen.len()), (3, 1));
    // The next sync has all of it still to do, and tells how it goes.
    seen.clear();
    let report =
        fixture.phone.sync_watched(&answers, &Cancel::default(), |progress| seen.push(progress)).unwrap();
    assert_eq!((report.entries_sent, report.more), (3, false));
    let told: Vec<_> =
        seen.iter().map(|at| (at.entries_left, at.entries_sent, at.pages, at.loaded)).collect();
    assert_eq!(told, [(3, 0, 0, Loaded::Nothing), (0, 3, 1, Loaded::Everything)]);
    // Called off before it began, it asks nothing.
    cancel.set();
    assert_eq!(fixture.phone.sync_watched(&answers, &cancel, |_| ()).unwrap().requests, 0);
}
