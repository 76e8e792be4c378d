//! Who may do what when: reassigned, taken out of the firm, silent too long, and in again. What a phone holds always goes up.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::phone::{Loaded, Network, PhoneError, Plan, Step};
use doorstep_server::storage::NewDocument;
use doorstep_tests::office::{CHAN, DESK, LEUNG, Office};
use doorstep_tests::phones::{Handset, line};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;

use crate::photos::{WIFI, arrived, on_site, take};

const ONLINE: Network = Network { is_online: true, is_wifi: true };

fn note(text: &str) -> Command {
    Command::AddNote { text: text.to_owned() }
}

fn assign(office: &Office, id: OrderId, person: &str) {
    let assignment = Assignment { technician: person.into(), helpers: Vec::new() };
    office.does(DESK, id, Command::Assign(assignment));
}

fn shown(chan: &Handset, id: OrderId) -> Vec<String> {
    chan.detail(id).order.notes.into_values().map(|note| note.text).collect()
}

fn document(office: &Office, person: &str) -> Vec<u8> {
    let kept =
        office.wait(office.state().storage().documents(OrgId::from("emerald-lake"), "person".to_owned()));
    kept.unwrap().into_iter().find(|document| document.key == person).unwrap().body
}

fn put_document(office: &Office, person: &str, body: Vec<u8>) {
    let document = NewDocument { kind: "person", key: person.to_owned(), body };
    let put = office.state().storage().put_documents(OrgId::from("emerald-lake"), vec![document]);
    assert_eq!(office.wait(put).unwrap(), 1);
}

#[test]
fn what_was_kept_apart_is_folded_when_the_order_becomes_theirs_and_the_phone_is_told() {
    let office = Office::emerald_lake();
    let id = OrderId::new();
    office.does(DESK, id, Command::Register(text::intake(3)));
    office.does(DESK, id, Command::Accept { materials: String::new() });
    assign(&office, id, CHAN);
    // Leung has heard of it at the door, not from the office, and writes it down under the same id.
    let leung = Handset::enrol(&office, LEUNG);
    leung.does(id, Command::Register(text::intake(3)));
    leung.does(id, note("門口聽到的"));
    leung.heal();
    assert_eq!(leung.phone.status().unwrap().parked, 2);
    assert_eq!(office.order(id).notes.len(), 0, "kept, and not folded");
    leung.heal();
    assert_eq!(leung.phone.status().unwrap().parked, 2, "nothing changed, nothing is told");
    assign(&office, id, LEUNG);
    let report = leung.heal();
    assert!(report.orders_changed >= 1);
    let order = office.order(id);
    assert_eq!(order.notes.len(), 1, "judged again, and folded (I22)");
    assert_eq!(leung.phone.status().unwrap().parked, 0, "and the phone was told");
    let detail = leung.detail(id);
    assert_eq!((detail.verdicts, detail.order.to_bytes()), (vec![], order.to_bytes()));
    leung.check_against(&office);
}

#[test]
fn a_departing_order_says_what_is_still_to_be_sent_and_stays_until_its_photos_are_verified() {
    let office = Office::emerald_lake();
    let id = OrderId::new();
    office.does(DESK, id, Command::Register(text::intake(3)));
    office.does(DESK, id, Command::Accept { materials: String::new() });
    assign(&office, id, CHAN);
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    play::arrive(&chan, id);
    let picture = take(&chan, id, 1);
    assign(&office, id, LEUNG);
    chan.heal();
    let detail = chan.detail(id);
    assert!(detail.is_departing);
    assert_eq!((detail.waiting, detail.photos_waiting), (0, 1), "its entries are sent, its photo is not");
    // It can be read, and what still happens is recorded.
    chan.does(id, note("交接前發生的"));
    let detail = chan.detail(id);
    assert_eq!((detail.is_departing, detail.waiting), (true, 1));
    let cards = chan.phone.list(&Default::default(), Default::default()).unwrap().orders;
    let card = cards.iter().find(|card| card.order == id).unwrap();
    assert_eq!((card.is_departing, card.waiting_to_send), (true, 1));
    chan.heal();
    assert!(chan.detail(id).is_departing, "the photo is still here alone (I21)");
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().verified, 1);
    chan.heal();
    assert!(matches!(chan.phone.order(id), Err(PhoneError::NotFound(_))), "it has left");
    assert_eq!(arrived(&office), [picture]);
    assert!(office.order(id).notes.values().any(|note| note.text == "交接前發生的"));
    chan.check_against(&office);
}

#[test]
fn somebody_who_left_hands_in_and_is_asked_to_sign_in_until_the_firm_has_them_back() {
    let office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let person = document(&office, CHAN);
    put_document(&office, CHAN, Vec::new());
    chan.does(id, note("離職前寫的"));
    office.does(DESK, id, note("離職後的"));
    assert_eq!(chan.phone.plan(ONLINE).unwrap(), Plan::Sync);
    chan.sync().unwrap();
    let status = chan.phone.status().unwrap();
    assert_eq!((status.waiting, status.must_sign_in), (0, true), "it has gone up, and now: sign in");
    assert_eq!(chan.phone.plan(ONLINE).unwrap(), Plan::SignIn);
    assert!(office.order(id).notes.values().any(|note| note.text == "離職前寫的"));
    assert!(!shown(&chan, id).contains(&"離職後的".to_owned()), "it gets nothing");
    chan.does(id, note("手上還有一條"));
    chan.sync().unwrap();
    assert!(office.order(id).notes.values().any(|note| note.text == "手上還有一條"));
    put_document(&office, CHAN, person);
    chan.heal();
    assert!(!chan.phone.status().unwrap().must_sign_in);
    assert!(shown(&chan, id).contains(&"離職後的".to_owned()));
    chan.check_against(&office);
}

#[test]
fn a_phone_silent_for_a_month_hands_in_and_enrols_again() {
    let office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    chan.does(id, note("放了一個月"));
    office.does(DESK, id, note("這個月的事"));
    let org = OrgId::from("emerald-lake");
    let month_ago = office.state().now_ms() - 31 * 24 * 3_600_000;
    office.wait(office.state().storage().use_token(org, chan.device(), month_ago)).unwrap();
    chan.sync().unwrap();
    // Handing in makes no old token young.
    chan.does(id, note("再一條"));
    chan.sync().unwrap();
    assert!(chan.phone.status().unwrap().must_sign_in);
    assert_eq!(office.order(id).notes.len(), 3, "all of it has gone up");
    assert!(!shown(&chan, id).contains(&"這個月的事".to_owned()));
    chan.phone.enrol(&line(), &office.qr(CHAN)).unwrap();
    chan.heal();
    assert!(shown(&chan, id).contains(&"這個月的事".to_owned()));
    assert!(!chan.phone.status().unwrap().must_sign_in);
    chan.check();
}

#[test]
fn a_first_sync_brings_today_first_and_ends_with_exactly_what_the_server_has() {
    let office = Office::emerald_lake();
    let chan = Handset::enrol(&office, CHAN);
    let ids: Vec<OrderId> = (0..12)
        .map(|number| {
            let id = chan.phone.new_order_id();
            chan.does(id, Command::Register(text::intake(number)));
            if number < 5 {
                play::arrive(&chan, id);
            }
            id
        })
        .collect();
    chan.heal();
    // A new phone of the same person, on the day of the visits.
    let second = Handset::enrol(&office, CHAN);
    let mut machine = second.phone.sync_machine();
    let mut loaded = Vec::new();
    loop {
        match machine.next().unwrap() {
            Step::Request(request) => machine.answer(second.line.send(request)).unwrap(),
            Step::Done(report) => {
                // Twelve ahead; the one with the note in the answer to it and, changed since, in the feed.
                assert_eq!(report.orders_changed, 14, "what came ahead does not come again");
                break;
            }
        }
        let status = second.phone.status().unwrap();
        loaded.push(status.loaded);
        if loaded.len() == 1 {
            let today = second.phone.today("2026-11-25".parse().unwrap(), Default::default()).unwrap();
            assert!(today.orders.len() >= 5, "usable after the first part");
            assert!(second.phone.references("price").unwrap().len() > 1);
            assert_eq!(status.last_complete, None);
            second.does(ids[0], note("馬上可以記"));
        }
    }
    assert_eq!(loaded[..2], [Loaded::Today, Loaded::Coming]);
    assert_eq!(loaded.last(), Some(&Loaded::Everything));
    second.heal();
    second.check_against(&office);
}
