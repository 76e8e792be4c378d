//! Today, lists, search, and one order.

use super::fixture::{Answers, Fixture, enrolled, intake, office_order};
use crate::domain::command::{Command, CommandKind};
use crate::domain::decide::paper::Paper;
use crate::domain::ids::{Digest, OrderId};
use crate::domain::lang::Lang;
use crate::domain::order::intake::SharedField;
use crate::domain::order::signing::{Capacity, Signer};
use crate::domain::order::status::Status;
use crate::domain::order::visit::{Contact, ContactBy, ItemValue, Side};
use crate::domain::policy::Phase;
use crate::domain::seal::ink::InkPoint;
use crate::domain::time::{Stamp, Window};
use crate::phone::{ErrorKind, ListFilter, Page, PhoneError, views};
use crate::sheet::{Copy, Layout, PaperKind};

fn window(from: &str, to: &str) -> Window {
    Window { start: Stamp::parse(from).unwrap(), end: Stamp::parse(to).unwrap() }
}

pub(crate) fn booked(fixture: &Fixture, unit: &str, from: &str, to: &str) -> OrderId {
    let id = fixture.register(unit);
    let contact = Contact { by: ContactBy::Call, reached: true, note: String::new() };
    fixture.phone.record(id, Command::RecordContact(contact)).unwrap();
    fixture.phone.record(id, Command::Book { window: window(from, to) }).unwrap();
    id
}

#[test]
fn today_is_sorted_by_window_and_ends_with_what_has_none() {
    let fixture = enrolled();
    let open = fixture.register("9Z");
    let late = booked(&fixture, "2B", "2026-11-25T15:00:00+08:00", "2026-11-25T16:00:00+08:00");
    let early = booked(&fixture, "1A", "2026-11-25T10:00:00+08:00", "2026-11-25T11:00:00+08:00");
    let other = booked(&fixture, "3C", "2026-11-26T10:00:00+08:00", "2026-11-26T11:00:00+08:00");
    // Whatever the size of its parts, the list is the same.
    let ids = |day: &str| -> Vec<OrderId> {
        let list = |limit: u32| {
            let mut page = Page::first(limit);
            let mut ids = vec![];
            loop {
                let part = fixture.phone.today(day.parse().unwrap(), page).unwrap();
                assert!(part.orders.len() <= limit as usize);
                ids.extend(part.orders.into_iter().map(|card| card.order));
                match part.next {
                    Some(_) => page.after = part.next,
                    None => return ids,
                }
            }
        };
        let whole = list(50);
        for limit in 1..=5 {
            assert_eq!(list(limit), whole);
        }
        whole
    };
    assert_eq!(ids("2026-11-25"), [early, late, open]);
    // What an earlier day left unfinished stays, first, until it is done.
    assert_eq!(ids("2026-11-26"), [early, late, other, open]);
    let notice = Command::GiveNotice { by: Side::Resident, reason: "住戶改期".into() };
    fixture.phone.record(late, notice).unwrap();
    assert_eq!(ids("2026-11-25"), [early, open, late], "called off: open, without a window");
    assert_eq!(ids("2027-01-01"), [early, other, open, late]);
    let card = &fixture.phone.today("2026-11-25".parse().unwrap(), Page::default()).unwrap().orders[0];
    assert_eq!((card.status, card.unit.as_str(), card.waiting_to_send), (Status::Booked, "1A", 3));
    assert_eq!(card.window, Some(window("2026-11-25T10:00:00+08:00", "2026-11-25T11:00:00+08:00")));
    assert_eq!(card.window.unwrap().start.offset_min, 480);
    assert_eq!(card.number, None);
}

#[test]
fn lists_narrow_and_turn_pages() {
    let fixture = enrolled();
    let mut ids: Vec<OrderId> = (0..7).map(|at| fixture.register(&format!("{at}"))).collect();
    booked(&fixture, "B", "2026-11-25T15:00:00+08:00", "2026-11-25T16:00:00+08:00");
    let filter = ListFilter { status: vec![Status::Assigned], ..ListFilter::default() };
    let mut seen = vec![];
    let mut page = Page { after: None, limit: 3 };
    loop {
        let part = fixture.phone.list(&filter, page).unwrap();
        seen.extend(part.orders.iter().map(|card| card.order));
        match part.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    ids.reverse();
    assert_eq!(seen, ids);
    let count = |filter: &ListFilter| fixture.phone.list(filter, Page::default()).unwrap().orders.len();
    assert_eq!(count(&ListFilter::default()), 8);
    assert_eq!(count(&ListFilter { waiting_only: true, ..ListFilter::default() }), 8);
    assert_eq!(count(&ListFilter { conflicts_only: true, ..ListFilter::default() }), 0);
    assert_eq!(count(&ListFilter { technician: Some("T02".into()), ..ListFilter::default() }), 0);
    assert_eq!(count(&ListFilter { day: "2026-11-25".parse().ok(), ..ListFilter::default() }), 1);
}

#[test]
fn search_finds_across_scripts_and_by_the_end_of_a_phone_number() {
    let fixture = enrolled();
    let answers = Answers::default();
    answers.0.lock().unwrap().device = Some(fixture.phone.enrolment().unwrap().unwrap().device);
    let own = fixture.register("海景閣 12A");
    let theirs = OrderId::new();
    answers.put(theirs, office_order("山景閣 3B", 41));
    fixture.phone.sync(&answers).unwrap();
    let find = |text: &str| -> Vec<OrderId> {
        fixture
            .phone
            .search(text, Page::first(20))
            .unwrap()
            .orders
            .into_iter()
            .map(|card| card.order)
            .collect()
    };
    for both in ["漏水", "冷气", "冷氣漏水", "4567", "9123 4567", "陈美玲", "床上", " ， "] {
        assert_eq!(find(both).len(), 2, "{both}");
    }
    assert_eq!(find("海景"), [own]);
    assert_eq!(find("山景阁"), [theirs]);
    assert_eq!(find("WO-000041"), [theirs]);
    let number = fixture.phone.order(own).unwrap().order.number.unwrap();
    assert_eq!(find(&number), [own], "a number that came with an echo");
    assert_eq!(find("漏電"), []);
    let first = fixture.phone.search("漏水", Page::first(1)).unwrap();
    let second = fixture.phone.search("漏水", Page { after: first.next, limit: 1 }).unwrap();
    assert_eq!((first.orders.len(), second.orders.len(), second.next), (1, 1, None));
    assert_eq!([&first.orders[0].order, &second.orders[0].order].map(|id| *id), find("漏水")[..]);
    fixture
        .phone
        .record(own, Command::EditField { field: SharedField::Phone, to: "6000 0001".to_owned() })
        .unwrap();
    assert_eq!(find("60000001"), [own]);
    assert_eq!(find("9123"), [theirs]);
}

#[test]
fn an_order_comes_with_its_actions_and_reasons() {
    let fixture = enrolled();
    let id = fixture.register("12A");
    let detail = fixture.phone.order(id).unwrap();
    assert_eq!(detail.actions.len(), CommandKind::ALL.len());
    let refusal = |kind| detail.actions.iter().find(|action| action.kind == kind).unwrap().refusal.clone();
    assert_eq!(refusal(CommandKind::AddNote), None);
    assert!(refusal(CommandKind::StartWork).is_some());
    let unknown = fixture.phone.order(OrderId::new()).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
}

#[test]
fn a_signature_is_under_the_paper_that_was_shown_and_its_strokes_are_kept() {
    use crate::domain::command::Command as C;
    use crate::domain::order::signing::Outcome;
    let fixture = enrolled();
    let id = fixture.register("12A");
    let paper = Paper::TakeAway {
        receipt_no: "R-1".to_owned(),
        items: vec![("水泵".to_owned(), "SN-7".to_owned())],
    };
    let document = fixture.phone.paper(id, &paper, Lang::ZhHant).unwrap();
    let signer = Signer { name: "陳美玲".to_owned(), capacity: Capacity::Resident };
    let dot = vec![vec![InkPoint { x: 0, y: 0, t: 0, pressure: 1 }]];
    let error = fixture.phone.sign(id, &paper, Lang::ZhHant, signer.clone(), &dot).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadInput);
    let strokes = vec![(0..50).map(|i| InkPoint { x: i * 40, y: i, t: i as u32, pressure: 128 }).collect()];
    let signed = fixture.phone.sign(id, &paper, Lang::ZhHant, signer, &strokes).unwrap();
    assert_eq!(signed.document, document.digest());
    assert!(matches!(
        fixture.phone.paper(id, &Paper::Quote { agreed: true }, Lang::En),
        Err(PhoneError::Refused(_))
    ));

    // The note that a signature's strokes came without is refused, whatever else it says.
    let mut empty = signed.clone();
    empty.ink.bytes.clear();
    let bare = fixture.phone.record(id, C::AcknowledgeMismatch(Outcome::Signed(empty))).unwrap_err();
    assert_eq!(bare.kind(), ErrorKind::BadInput);
    assert!(matches!(fixture.phone.ink(signed.ink.digest), Err(PhoneError::NotFound(_))));
    fixture
        .phone
        .run(|store| {
            let ink = crate::journal::bytes::Exact(signed.ink.bytes.clone());
            store.write(|tx, _| crate::phone::write::keep_inks(tx, id, &[ink]))
        })
        .unwrap();
    assert_eq!(fixture.phone.ink(signed.ink.digest).unwrap(), strokes);
    assert!(fixture.phone.ink(Digest::of(b"other")).is_err());
    let _ = intake("1");
}

/// A join here, beside a partial index, once had SQLite prepare this again for every order: a third of a commit's time.
#[test]
fn what_every_tap_asks_is_prepared_once() {
    let fixture = enrolled();
    let ids: Vec<_> = (0..20).map(|at| fixture.register(&format!("{at}"))).collect();
    let again = fixture.phone.run(|store| {
        store.read(|conn| {
            let mut shown = conn.prepare_cached(&format!("{} WHERE v.order_id = ?1", views::SHOWN))?;
            for id in &ids {
                assert!(shown.exists([id.as_bytes()])?);
            }
            Ok(shown.get_status(rusqlite::StatementStatus::RePrepare))
        })
    });
    assert_eq!(again, Ok(0));
}

#[test]
fn a_sheet_is_made_offline_with_the_strokes_this_phone_has() {
    let fixture = enrolled();
    let id = booked(&fixture, "3-1502", "2026-11-25T15:00:00+08:00", "2026-11-25T16:00:00+08:00");
    let make =
        |id| fixture.phone.sheet(id, PaperKind::Service, Copy::Resident, Lang::ZhHans, Layout::Receipt80mm);
    let sheet = make(id).unwrap();
    for wanted in ["<html lang=\"zh-Hans\">", "3-1502", "尚未签收", "2026年11月25日 15:00–16:00"] {
        assert!(sheet.contains(wanted), "{wanted}: {sheet}");
    }
    fixture.clock.set("2026-11-25T14:30:00+08:00");
    for item in fixture.phone.rulebook().unwrap().policy.items("plumbing") {
        if item.phase == Phase::Preparation {
            let value =
                [ItemValue::Done, ItemValue::Yes].into_iter().find(|value| item.takes(value)).unwrap();
            let command = Command::AnswerItem { item: item.id.clone(), value, remark: String::new() };
            fixture.phone.record(id, command).unwrap();
        }
    }
    fixture.phone.record(id, Command::SetOut).unwrap();
    fixture.phone.record(id, Command::Arrive).unwrap();
    let paper = Paper::Unsolved { reason: "缺少閥芯".to_owned() };
    let signer = Signer { name: "陳美玲".to_owned(), capacity: Capacity::Resident };
    let strokes = vec![(0..50).map(|i| InkPoint { x: i * 40, y: i, t: i as u32, pressure: 128 }).collect()];
    let signed = Some(fixture.phone.sign(id, &paper, Lang::ZhHans, signer, &strokes).unwrap());
    let close = Command::CloseUnsolved { reason: "缺少閥芯".to_owned(), next: None, signed };
    fixture.phone.record(id, close).unwrap();
    let sheet = make(id).unwrap();
    assert!(sheet.contains("住户对未解决的签字") && sheet.contains("缺少閥芯"));
    assert_eq!(sheet.matches("<svg").count(), 1, "the signature just given is drawn");
    assert!(matches!(make(OrderId::new()), Err(PhoneError::NotFound(_))));
    let none = PaperKind::PickUp(crate::domain::ids::FactId(crate::domain::ids::EntryId::new(), 0));
    let asked = fixture.phone.sheet(id, none, Copy::Resident, Lang::En, Layout::A4);
    assert!(matches!(asked, Err(PhoneError::NotFound(_))));
}
