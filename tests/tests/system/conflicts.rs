//! What each kind of data does when two sides touch it: one test for each row of the design's table, with a real server,
//! two real phones and the office, each of which did not know of the others.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::ids::{ItemId, OrderId};
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::order::visit::{Coverage, Entitlement, ItemValue};
use doorstep_core::domain::policy::Phase;
use doorstep_core::journal::wire::Verdict;
use doorstep_core::phone::PhoneError;
use doorstep_tests::office::{CHAN, DESK, LEUNG, Office, SUPERVISOR};
use doorstep_tests::phones::Handset;
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;

/// An order two technicians share, one of them its helper, on both their phones; the first is on site.
struct Shared {
    office: Office,
    id: OrderId,
    chan: Handset,
    leung: Handset,
}

impl Shared {
    fn new() -> Self {
        let office = Office::emerald_lake();
        let id = OrderId::new();
        office.does(DESK, id, Command::Register(text::intake(3)));
        office.does(DESK, id, Command::Accept { materials: String::new() });
        let assignment = Assignment { technician: CHAN.into(), helpers: vec![LEUNG.into()] };
        office.does(DESK, id, Command::Assign(assignment));
        let chan = Handset::enrol(&office, CHAN);
        chan.heal();
        play::arrive(&chan, id);
        chan.heal();
        let leung = Handset::enrol(&office, LEUNG);
        leung.heal();
        Self { office, id, chan, leung }
    }

    /// Everybody hears of everything; whoever has the order has the same one.
    fn settle(&self) {
        for phone in [&self.chan, &self.leung, &self.chan] {
            phone.heal();
        }
        let order = self.office.order(self.id).to_bytes();
        for phone in [&self.chan, &self.leung] {
            phone.check_against(&self.office);
            assert_eq!(phone.detail(self.id).order.to_bytes(), order, "all see the same (I16)");
        }
        assert_eq!(self.office.wrong(), []);
    }
}

/// Sealed facts: insert only, accepted and flagged even if the order moved on.
#[test]
fn a_sealed_fact_cannot_lose_even_to_a_void() {
    let Shared { office, id, chan, leung } = Shared::new();
    play::look(&chan, id);
    play::quote(&chan, id);
    play::answer_quote(&chan, id, true);
    let sealed = chan.detail(id).order.quotes.clone();
    office.does(SUPERVISOR, id, Command::Void { reason: "住戶來電取消".to_owned() });
    let all = Shared { office, id, chan, leung };
    all.settle();
    let order = all.office.order(id);
    assert_eq!((order.status(), &order.quotes), (Status::Void, &sealed), "the consent stands, byte for byte");
    assert!(order.concerns.iter().any(|concern| concern.kind == ConcernKind::AfterVoid), "and is flagged");
    let verdicts = all.chan.detail(id).verdicts;
    assert!(verdicts.iter().any(|told| told.verdict == Verdict::Conflicted), "{verdicts:?}");
}

/// Logs: union by id.
#[test]
fn logs_are_joined_and_nothing_in_them_is_there_twice() {
    let all = Shared::new();
    let before = all.office.order(all.id).notes.len();
    let note = |text: &str| Command::AddNote { text: text.to_owned() };
    all.chan.does(all.id, note("陳的"));
    all.leung.does(all.id, note("梁的"));
    all.office.does(DESK, all.id, note("櫃檯的"));
    all.chan.does(all.id, note("陳的第二"));
    all.settle();
    let order = all.office.order(all.id);
    assert_eq!(order.notes.len(), before + 4);
    for (text, person) in [("陳的", CHAN), ("梁的", LEUNG), ("櫃檯的", DESK), ("陳的第二", CHAN)] {
        let found: Vec<_> = order.notes.values().filter(|note| note.text == text).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].mark.by.as_str(), person);
    }
}

/// An item of the checklist before the work that nobody answered, and two answers it takes.
fn item(all: &Shared) -> (ItemId, [ItemValue; 2]) {
    let entitlement = Entitlement { coverage: Coverage::Expired, evidence: "保修卡".to_owned() };
    all.chan.does(all.id, Command::CheckEntitlement(entitlement));
    all.chan.does(all.id, Command::AnswerStart { agreed: true, by: "陳美玲".to_owned() });
    all.settle();
    let rulebook = all.chan.phone.rulebook().unwrap();
    let order = all.chan.detail(all.id).order;
    let before = rulebook.policy.items(order.work_type()).filter(|item| item.phase == Phase::Before);
    let text = |text: &str| ItemValue::Text(text.to_owned());
    let values = [text("3.5 bar"), text("4.0 bar"), ItemValue::Done, ItemValue::Yes, ItemValue::No];
    let mut fit = before.filter(|item| !item.needs_consent).filter_map(|item| {
        let mut taken = values.iter().filter(|value| item.takes(value)).cloned();
        Some((item.id.clone(), [taken.next()?, taken.next()?]))
    });
    fit.next().expect("an item with two answers")
}

fn answer(item: &ItemId, value: &ItemValue) -> Command {
    Command::AnswerItem { item: item.clone(), value: value.clone(), remark: "照讀數".to_owned() }
}

/// Answers on site: the value on site is shown, one not seen when answering is kept beside it; one command settles it, and
/// both values keep their author and time.
#[test]
fn of_two_answers_on_site_both_are_kept_until_one_is_picked_and_both_are_remembered() {
    let all = Shared::new();
    let (item, [first, second]) = item(&all);
    all.chan.does(all.id, answer(&item, &first));
    all.leung.does(all.id, answer(&item, &second));
    all.settle();
    let torn = all.office.order(all.id);
    let (visit, kept) = torn
        .visits
        .iter()
        .find_map(|(number, visit)| visit.answers.get(&item).map(|answer| (*number, answer.clone())))
        .unwrap();
    assert!(torn.has_conflict());
    let beside: Vec<_> = kept.conflicts.values().collect();
    assert_eq!(beside.len(), 1);
    let both = [(&kept.value, kept.mark.by.as_str()), (&beside[0].given, beside[0].mark.by.as_str())];
    assert_eq!(both[0], (&second, LEUNG), "what came last from the site is shown");
    assert_eq!(both[1], (&first, CHAN));
    let value = first.clone();
    let refused =
        all.chan.tries(all.id, Command::SettleItem { visit, item: item.clone(), value: value.clone() });
    assert!(refused.is_err(), "a technician does not pick");
    all.office.does(
        SUPERVISOR,
        all.id,
        Command::SettleItem { visit, item: item.clone(), value: value.clone() },
    );
    all.settle();
    let answer = all.chan.detail(all.id).order.visits[&visit].answers[&item].clone();
    assert_eq!((&answer.value, answer.conflicts.len()), (&value, 0));
    let settled: Vec<_> = answer.settled.iter().map(|kept| (&kept.given, &kept.mark)).collect();
    assert_eq!(
        settled,
        [(&kept.value, &kept.mark), (&beside[0].given, &beside[0].mark)],
        "who, what and when"
    );
}

/// Shared fields: three-way by field.
#[test]
fn shared_fields_are_joined_field_by_field_and_both_values_of_one_are_kept() {
    let all = Shared::new();
    let edit = |field, to: &str| Command::EditField { field, to: to.to_owned() };
    // Different fields, and one field the same on both sides: no conflict.
    all.chan.does(all.id, edit(SharedField::Access, "側門"));
    all.office.does(DESK, all.id, edit(SharedField::Fault, "廚房漏水"));
    all.settle();
    let order = all.office.order(all.id);
    assert!(!order.has_conflict());
    assert_eq!((order.field(SharedField::Access), order.field(SharedField::Fault)), ("側門", "廚房漏水"));
    // Unchanged since it was seen: it applies.
    all.chan.does(all.id, edit(SharedField::Fault, "浴室漏水"));
    all.settle();
    assert!(!all.office.order(all.id).has_conflict());
    // The same field on three sides, none of which knew of the others.
    all.chan.does(all.id, edit(SharedField::Phone, "13900000001"));
    all.leung.does(all.id, edit(SharedField::Phone, "13900000002"));
    all.office.does(DESK, all.id, edit(SharedField::Phone, "13900000003"));
    all.settle();
    let torn = all.chan.detail(all.id).order.shared[&SharedField::Phone].clone();
    let mut values = vec![(torn.value.as_str(), torn.mark.by.as_str())];
    values.extend(torn.conflicts.values().map(|other| (other.value.as_str(), other.mark.by.as_str())));
    // Those beside it stand in the order of their entries' ids.
    let mut sorted = values.clone();
    sorted[1..].sort_unstable();
    assert_eq!(sorted, [("13900000003", DESK), ("13900000001", CHAN), ("13900000002", LEUNG)]);
    // Where each came from is told by the log: the office, or which device.
    let from: Vec<_> =
        all.office.timeline(all.id).into_iter().map(|log| (log.entry.id, log.device)).collect();
    for (fact, other) in &torn.conflicts {
        let phone = [&all.chan, &all.leung].into_iter().find(|phone| phone.person == other.mark.by.as_str());
        assert!(from.contains(&(fact.0, Some(phone.unwrap().device()))));
    }
    let value = "13900000001".to_owned();
    all.office.does(SUPERVISOR, all.id, Command::SettleField { field: SharedField::Phone, value });
    all.settle();
    let settled = all.leung.detail(all.id).order.shared[&SharedField::Phone].clone();
    assert_eq!((settled.value.as_str(), settled.mark.by.as_str()), ("13900000001", SUPERVISOR));
    let was: Vec<_> = settled.settled.iter().map(|was| (was.value.as_str(), was.mark.by.as_str())).collect();
    assert_eq!(was, values, "every value that stood is remembered, with author and time (I15)");
}

/// Server-owned: the phone can only request.
#[test]
fn what_the_server_owns_a_phone_cannot_state() {
    let all = Shared::new();
    let number = all.office.order(all.id).number.clone();
    let to_leung = Assignment { technician: LEUNG.into(), helpers: Vec::new() };
    for command in [Command::Assign(to_leung), Command::Void { reason: "不做了".to_owned() }] {
        let refused = all.chan.phone.record(all.id, command);
        assert!(matches!(refused, Err(PhoneError::Refused(_))), "{refused:?}");
    }
    assert_eq!(all.chan.phone.status().unwrap().waiting, 0, "and nothing of it was kept to be sent");
    all.settle();
    assert_eq!(all.office.order(all.id).number, number);
}

/// Status: derived from facts, never written.
#[test]
fn the_status_follows_from_the_facts_of_all_sides() {
    let all = Shared::new();
    assert_eq!(all.office.order(all.id).status(), Status::OnSite);
    play::look(&all.chan, all.id);
    play::quote(&all.chan, all.id);
    assert_eq!(all.chan.detail(all.id).order.status(), Status::Quoted, "at once, before anybody else knows");
    all.leung.does(all.id, Command::AddNote { text: "我在樓下".to_owned() });
    assert_eq!(all.leung.detail(all.id).order.status(), Status::OnSite);
    all.settle();
    assert_eq!(all.leung.detail(all.id).order.status(), Status::Quoted, "a note of before took nothing back");
}
