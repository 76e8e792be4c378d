//! What was sealed on a phone: copies that can be checked, refusals that are sealed, rows that nothing changes.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::closing::CopyBy;
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::domain::order::signing::{Capacity, Ink, Outcome};
use doorstep_core::evidence::copy::{self, Difference};
use doorstep_core::phone::PhoneError;
use doorstep_core::sheet::{Copy as SheetCopy, Layout, PaperKind};
use doorstep_tests::office::{CHAN, DESK, Office, SUPERVISOR};
use doorstep_tests::phones::Handset;
use doorstep_tests::play::{self, Hand};
use rusqlite::Connection;

fn given(office: &Office) -> OrderId {
    let orders = office.orders();
    let id =
        orders.iter().find(|stored| stored.order.work_type() == "plumbing").expect("a plumbing order").id;
    office.does(DESK, id, Command::Accept { materials: "請備好購買憑證".to_owned() });
    let assignment = Assignment { technician: CHAN.into(), helpers: Vec::new() };
    office.does(DESK, id, Command::Assign(assignment));
    id
}

/// As far as the sign-off; then the resident refuses.
fn refused_sheet(phone: &Handset, id: OrderId) {
    play::arrive(phone, id);
    play::look(phone, id);
    play::quote(phone, id);
    play::answer_quote(phone, id, true);
    play::work(phone, id);
    let (amount, receipt_no) = (play::yuan(13_000), "SJ-0001".to_owned());
    let method = doorstep_core::domain::order::closing::PaymentMethod::Cash;
    phone.does(id, Command::TakePayment { amount, method, receipt_no });
    let (rating, opinion) = (None, String::new());
    let paper = Paper::Sheet { rating, opinion: opinion.clone() };
    let technician = phone.sign(id, &paper, "陳志強", Capacity::Technician, &play::strokes(40));
    let resident = Outcome::Refused("對工期不滿".into());
    phone.does(id, Command::SignOff { technician, resident, rating, opinion });
    phone.does(id, Command::DeliverCopy { by: CopyBy::Qr });
}

#[test]
fn every_sealed_act_of_a_visit_gives_a_copy_that_verifies_and_the_code_opens_to_it() {
    let office = Office::emerald_lake();
    let id = given(&office);
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    play::paid_repair(&phone, id);
    // The order goes on after the signature, and would give another sheet.
    phone.does(id, Command::AddNote { text: "住戶來電致謝".to_owned() });
    phone.heal();
    let copies = phone.phone.copies(id).unwrap();
    assert_eq!(copies.iter().map(|made| made.kind).collect::<Vec<_>>(), ["sheet", "quote", "liability"]);
    for made in &copies {
        let unknown = copy::verify(made.copy.to_json().as_bytes(), &[]).unwrap();
        assert_eq!(unknown.differs, [Difference::KeyUnknown], "{}", made.kind);
        assert_eq!((unknown.kind.as_str(), unknown.whole), (made.kind, true));
        assert_eq!(unknown.org_name.get(Lang::En), "Emerald Lake Gardens");
        assert!(
            made.link.address.starts_with(&format!("{}/verify#1", office.url())),
            "{}",
            made.link.address
        );
        let opened = copy::open(&made.link.address).unwrap();
        assert_eq!(copy::verify(&opened, &[]).unwrap().differs, [Difference::KeyUnknown]);
    }
    assert!(copies[0].link.has_document, "a plain sheet fits its code");
    let paper =
        phone.phone.sheet(id, PaperKind::Service, SheetCopy::Resident, Lang::ZhHant, Layout::A4).unwrap();
    assert!(paper.contains("class=\"code\""), "the sheet carries the code");
    // Another phone of the same person has the seals, and makes no copy of what it did not seal.
    let second = Handset::enrol(&office, CHAN);
    second.heal();
    assert_eq!(second.phone.copies(id).unwrap(), []);
}

/// A paper as the office prints it.
fn printed(office: &Office, id: OrderId, copy: &str) -> String {
    let client = doorstep_tests::probe::client();
    let body = format!(r#"{{"person": "{SUPERVISOR}", "password": "a long password"}}"#);
    let answer = client.post(format!("{}/v1/login", office.url())).body(body).send().unwrap();
    let token: serde_json::Value = serde_json::from_slice(&answer.bytes().unwrap()).unwrap();
    let paper = client.get(format!("{}/orders/{id}/sheet?copy={copy}", office.url()));
    let answer = paper.bearer_auth(token["token"].as_str().unwrap()).send().unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().unwrap()
}

#[test]
fn a_printed_sheet_carries_the_code_of_its_own_sign_off_and_of_nothing_else() {
    let office = Office::emerald_lake();
    office.user(SUPERVISOR, "a long password");
    let id = given(&office);
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    play::arrive(&phone, id);
    play::look(&phone, id);
    play::quote(&phone, id);
    play::answer_quote(&phone, id, true);
    phone.heal();
    assert_eq!(phone.phone.copies(id).unwrap()[0].kind, "quote");
    assert!(!printed(&office, id, "resident").contains("class=\"code\""), "a quote is no sheet");
    play::work(&phone, id);
    play::pay_and_sign(&phone, id);
    phone.heal();
    for (copy, carries) in [("resident", true), ("technician", true), ("office", false)] {
        assert_eq!(printed(&office, id, copy).contains("class=\"code\""), carries, "{copy}");
        let kind = SheetCopy::from_code(copy).unwrap();
        let own = phone.phone.sheet(id, PaperKind::Service, kind, Lang::ZhHant, Layout::A4).unwrap();
        assert_eq!(own.contains("class=\"code\""), carries, "{copy}, on the phone");
    }
}

#[test]
fn a_refusal_is_sealed_by_the_phone_and_the_server_finds_it_good() {
    let office = Office::emerald_lake();
    let id = given(&office);
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    refused_sheet(&phone, id);
    let order = phone.detail(id).order;
    let sign_off = order.sign_off().unwrap();
    let (_, statement) = sign_off.resident.statement().unwrap();
    let sealed = statement.sealed.as_ref().expect("sealed like a signature (R71)");
    assert_eq!(sealed.document, sign_off.technician.document, "both to the same sheet");
    let report = phone.heal();
    assert_eq!(report.parked, 0);
    assert_eq!(office.order(id).concerns.len(), 0, "the server checked it");
    let made = &phone.phone.copies(id).unwrap()[0];
    let checked = copy::verify(made.copy.to_json().as_bytes(), &[]).unwrap();
    assert_eq!(checked.differs, [Difference::KeyUnknown]);
    let outcomes: Vec<_> = checked.seals.iter().map(|seal| seal.outcome.as_str()).collect();
    assert_eq!((outcomes, checked.seals[1].reason.as_str()), (vec!["signed", "refused"], "對工期不滿"));
}

#[test]
fn a_command_with_too_little_ink_is_refused_and_nothing_is_saved() {
    let office = Office::emerald_lake();
    let id = given(&office);
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    play::arrive(&phone, id);
    let paper = Paper::Unsolved { reason: "缺件".to_owned() };
    let mut signed = phone.sign(id, &paper, "陳美玲", Capacity::Resident, &play::strokes(30));
    signed.ink = Ink::from_bytes(vec![1, 1, 2, 0, 0, 0, 128, 20, 0, 2, 128]);
    let before = phone.detail(id).waiting;
    let command = Command::CloseUnsolved { reason: "缺件".to_owned(), next: None, signed: Some(signed) };
    let error = phone.phone.record(id, command).unwrap_err();
    assert!(matches!(&error, PhoneError::BadInput(why) if why.contains("too short")), "{error}");
    assert_eq!(phone.detail(id).waiting, before);
}

#[test]
fn nothing_changes_or_removes_a_sealed_row_in_either_file() {
    let office = Office::emerald_lake();
    let id = given(&office);
    let phone = Handset::enrol(&office, CHAN);
    phone.heal();
    play::paid_repair(&phone, id);
    phone.heal();
    let refused = |conn: &Connection, sql: &str| {
        let why = conn.execute(sql, []).expect_err(sql).to_string();
        assert!(
            ["append-only", "never", "only added to", "that is here"].iter().any(|word| why.contains(word)),
            "{sql}: {why}"
        );
    };
    let conn = Connection::open(&phone.path).unwrap();
    for sql in [
        "UPDATE journal SET bytes = x'00'",
        "DELETE FROM journal WHERE n = 1",
        "UPDATE ink SET bytes = x'00'",
        "DELETE FROM ink",
        "UPDATE sealed_document SET bytes = x'00'",
        "DELETE FROM sealed_document",
    ] {
        refused(&conn, sql);
    }
    let kept: i64 = conn.query_row("SELECT count(*) FROM sealed_document", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 3, "sheet, quote and liability note");
    let conn = Connection::open(office.data.join("doorstep.db")).unwrap();
    for sql in [
        "UPDATE entry_log SET bytes = x'00'",
        "UPDATE entry_log SET verdict = 'applied'",
        "DELETE FROM entry_log",
        "UPDATE ink SET bytes = x'00'",
        "DELETE FROM ink",
    ] {
        refused(&conn, sql);
    }
    assert_eq!(office.order(id).concerns.len(), 0);
    phone.check_against(&office);
}

#[test]
fn the_published_vectors_are_what_the_code_makes() {
    for (name, text) in doorstep_tests::vectors::files() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/seals").join(name);
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(
            kept == text,
            "{name} differs: cargo run -p doorstep-tests --bin vectors, and look at what changed"
        );
    }
}
