//! Figures for people who work on the store. Not checks: `cargo test --release -p doorstep-core --features phone speed -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use super::fixture::{Answers, Fixture, enrolled, office_order};
use crate::domain::command::Command;
use crate::domain::ids::OrderId;
use crate::domain::order::intake::SharedField;
use crate::phone::{Page, Phone, Step, Transport as _};

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn answers(fixture: &Fixture) -> Answers {
    let answers = Answers::default();
    answers.0.lock().unwrap().device = Some(fixture.phone.enrolment().unwrap().unwrap().device);
    answers.0.lock().unwrap().epoch = 1;
    answers
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    println!("{what}: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    value
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_a_commit() {
    let fixture = enrolled();
    let bare = rusqlite::Connection::open(fixture.folder.path().join("bare.db")).unwrap();
    bare.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB) STRICT").unwrap();
    let body = vec![7_u8; 400];
    let one = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let (mut floor, mut register, mut edit) = (vec![], vec![], vec![]);
    // An order in the middle of a visit: its state has a few thousand bytes.
    let id = fixture.register("first");
    for _ in 0..20 {
        fixture.note(id, "鑰匙在管理處，進門前請先打電話，狗在陽台上，升降機壞了要走樓梯");
    }
    for at in 0..1000 {
        floor.push(one(&mut || {
            bare.prepare_cached("INSERT INTO t (body) VALUES (?1)").unwrap().execute([&body]).unwrap();
        }));
        register.push(one(&mut || {
            fixture.register("12A");
        }));
        let to = format!("門禁 {at:04}");
        let command = Command::EditField { field: SharedField::Access, to };
        edit.push(one(&mut || {
            fixture.phone.record(id, command.clone()).unwrap();
        }));
    }
    let (floor, register, edit) = (median(floor), median(register), median(edit));
    let ratio = |time: Duration| time.as_secs_f64() / floor.as_secs_f64();
    println!(
        "bare {floor:?}, register {register:?} ({:.2}x), edit {edit:?} ({:.2}x)",
        ratio(register),
        ratio(edit)
    );
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_ten_thousand() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    for at in 0..10_000 {
        fixture.register(&format!("{at}"));
    }
    push(&fixture, &answers);

    let other = enrolled();
    answers.0.lock().unwrap().device = Some(other.phone.enrolment().unwrap().unwrap().device);
    push(&other, &answers);
    timed("idle sync", || other.phone.sync(&answers).unwrap());
    other.phone.close();
    let day = |phone: &Phone| phone.today("2026-11-25".parse().unwrap(), Page::default()).unwrap();
    for _ in 0..5 {
        let phone = timed("open", || Phone::open(other.config()).unwrap());
        timed("  today", || assert_eq!(day(&phone).orders.len(), 50));
        timed("  today again", || day(&phone));
        timed("  search, all match", || {
            assert_eq!(phone.search("漏水", Page::first(50)).unwrap().orders.len(), 50)
        });
        timed("  search, none match", || {
            assert_eq!(phone.search("沒有人", Page::first(50)).unwrap().orders.len(), 0)
        });
        phone.close();
    }
}

fn push(fixture: &Fixture, answers: &Answers) {
    let mut machine = fixture.phone.sync_machine();
    let Step::Request(request) = timed("request", || machine.next().unwrap()) else { panic!() };
    println!("  {} bytes up", request.body.len());
    let response = answers.send(request).unwrap();
    println!("  {} bytes down", response.body.len());
    timed("apply", || machine.answer(Ok(response)).unwrap());
    let Step::Done(report) = machine.next().unwrap() else { panic!() };
    println!("  {report:?}");
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_one_order() {
    let fixture = enrolled();
    let answers = answers(&fixture);
    let id = OrderId::new();
    answers.put(id, office_order("1", 1));
    fixture.phone.sync(&answers).unwrap();
    let edit = || Command::AddNote { text: "x".to_owned() };
    timed("first record", || fixture.phone.record(id, edit()).unwrap());
    timed("second record", || fixture.phone.record(id, edit()).unwrap());
    timed("order", || fixture.phone.order(id).unwrap());
    timed("order again", || fixture.phone.order(id).unwrap());
}
