//! Push and pull between phones, as the invariants have it.

use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{Digest, OrderId, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::NoteKind;
use doorstep_core::domain::order::closing::{CustodyKind, Liability};
use doorstep_core::domain::order::signing::{Capacity, Ink, Outcome, Signer};
use doorstep_core::domain::order::statement::{Statement, StatementKind, StatementSeal};
use doorstep_core::domain::seal;
use doorstep_core::domain::seal::ink::{self, InkPoint};
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::Entry;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::{ChainAnswer, ParkReason, SyncResponse, Verdict};

use crate::phone::Phone;
use crate::world::{ORG, World, intake};

fn note(text: &str) -> Fact {
    Fact::NoteAdded { kind: NoteKind::Note, text: text.to_owned() }
}

#[test]
fn an_order_opened_on_the_phone_is_numbered_and_echoed() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    let order = phone.register(intake("漏水"));
    phone.record(order, vec![note("門鈴壞了")]);
    let answer = phone.sync();
    assert_eq!((answer.acked, answer.rows.len(), answer.echoes.len()), (2, 0, 1));
    assert!(answer.verdicts.is_empty(), "{:?}", answer.verdicts);
    assert_eq!(answer.echoes[0].number.as_deref(), Some("WX000001"));
    let stored = world.order(order).unwrap();
    assert_eq!(phone.base[&order], (stored.seq, stored.order));
    // Later work on it is echoed too, without a number.
    phone.record(order, vec![note("再看")]);
    let answer = phone.sync();
    assert_eq!((answer.rows.len(), answer.echoes.len(), answer.echoes[0].number.clone()), (0, 1, None));
}

#[test]
fn a_lost_answer_is_harmless() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    let request = phone.request(1);
    let lost = phone.exchange(&request);
    assert_eq!(lost.acked, 1);
    // The same again, with one more.
    phone.record(order, vec![note("二")]);
    let answer = phone.sync();
    assert_eq!(answer.acked, 2);
    assert_eq!(world.order(order).unwrap().order.notes.len(), 1);
    assert_eq!(phone.base[&order].1, world.order(order).unwrap().order);
    let timeline = world.state().storage().timeline(OrgId::from(ORG), order);
    let timeline = world.runtime.block_on(timeline).unwrap();
    assert_eq!(timeline.len(), 2, "registered, note");
    assert_eq!(timeline[0].device, Some(phone.id));
    let number = world.order(order).unwrap().order.number;
    assert!(number.is_some());
    assert_eq!((&timeline[0].number, &timeline[1].number), (&number, &None), "with its first entry (R155)");
}

#[test]
fn a_verdict_is_told_again_when_its_answer_was_lost() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    phone.journal.push(b"nonsense".to_vec());
    let request = phone.request(1);
    let first = phone.exchange(&request);
    let again = phone.exchange(&request);
    let told = [(1, Verdict::Parked(ParkReason::Malformed))];
    assert_eq!((first.verdicts.as_slice(), again.verdicts.as_slice()), (&told[..], &told[..]));
}

#[test]
fn a_gap_a_clone_and_a_server_that_was_restored() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    for text in ["一", "二", "三"] {
        phone.record(order, vec![note(text)]);
    }
    let request = phone.request(3);
    let behind = phone.exchange(&request);
    assert_eq!((behind.chain, behind.acked), (Some(ChainAnswer::Behind { have: 0 }), 0));
    assert!(world.order(order).is_none());
    phone.sync();
    // The clone: the same numbers, other bytes.
    let mut other = phone.journal.clone();
    phone.record(order, vec![note("原")]);
    phone.sync();
    let real = std::mem::take(&mut phone.journal);
    std::mem::swap(&mut phone.journal, &mut other);
    phone.record(order, vec![note("複本")]);
    let request = phone.request(5);
    let fork = phone.exchange(&request);
    assert_eq!(fork.chain, Some(ChainAnswer::Fork));
    assert_eq!(world.order(order).unwrap().order.notes.len(), 4);
    // Also when the fork lies in what is sent again, or just before it.
    let request = phone.request(1);
    assert_eq!(phone.exchange(&request).chain, Some(ChainAnswer::Fork));
    phone.record(order, vec![note("又")]);
    let request = phone.request(6);
    assert_eq!(phone.exchange(&request).chain, Some(ChainAnswer::Fork));
    phone.journal = real;
    assert_eq!(phone.sync().chain, None);
}

#[test]
fn entries_under_a_new_incarnation_take_effect_once() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    phone.record(order, vec![note("一")]);
    phone.sync();
    let mut again = Phone::enrol(&world, "W101");
    for (n, bytes) in (1..).zip(&phone.journal) {
        let mut entry = doorstep_core::journal::Entry::decode(bytes).unwrap();
        entry.n = n;
        again.journal.push(entry.encode().unwrap());
    }
    again.record(order, vec![note("二")]);
    let answer = again.sync();
    assert_eq!(Phone::verdict(&answer, 1), Verdict::Duplicate);
    assert_eq!(Phone::verdict(&answer, 2), Verdict::Duplicate);
    assert_eq!(Phone::verdict(&answer, 3), Verdict::Applied);
    assert_eq!(world.order(order).unwrap().order.notes.len(), 2);
    assert_eq!(again.base[&order].1, world.order(order).unwrap().order);
}

#[test]
fn what_cannot_be_read_is_kept_and_delays_nothing() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    let mut later = serde_json::to_value(phone.entry(order, vec![])).unwrap();
    later["f"] = serde_json::json!([{"teleported": {"to": "moon"}}]);
    phone.journal.push(serde_json::to_vec(&later).unwrap());
    phone.journal.push(b"\xff\xff garbage".to_vec());
    let mut wrong = phone.entry(order, vec![note("x")]);
    wrong.n = 77;
    phone.journal.push(wrong.encode().unwrap());
    phone.journal.push(vec![b'x'; doorstep_core::journal::limits::MAX_ENTRY_BYTES + 1]);
    phone.record(order, vec![note("好")]);
    let answer = phone.sync();
    assert_eq!(answer.acked, 6);
    let parked = |n| Phone::verdict(&answer, n);
    assert_eq!(parked(1), Verdict::Applied);
    assert_eq!(parked(2), Verdict::Parked(ParkReason::UnknownKind));
    assert_eq!(parked(3), Verdict::Parked(ParkReason::Malformed));
    assert_eq!(parked(4), Verdict::Parked(ParkReason::OutOfOrder));
    assert_eq!(parked(5), Verdict::Parked(ParkReason::TooLarge));
    assert_eq!(parked(6), Verdict::Applied);
    assert_eq!(phone.base[&order].1, world.order(order).unwrap().order);
}

#[test]
fn a_phone_states_only_what_is_its_own_to_state() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    phone.record(order, vec![Fact::Approved(String::new())]);
    phone.record(order, vec![Fact::Numbered("WX999999".to_owned())]);
    let mut forged = phone.entry(order, vec![note("我是主管")]);
    forged.actor.person = PersonId::from("G002");
    phone.journal.push(forged.encode().unwrap());
    let answer = phone.sync();
    for n in 1..=3 {
        assert_eq!(Phone::verdict(&answer, n), Verdict::Parked(ParkReason::NotYours));
    }
    let stored = world.order(order).unwrap().order;
    assert!(stored.review.approved.is_none() && stored.notes.is_empty());
    // Another person's order that was never theirs.
    let mut stranger = Phone::enrol(&world, "W102");
    stranger.record(order, vec![Fact::SetOut]);
    let answer = stranger.sync();
    assert_eq!(Phone::verdict(&answer, 1), Verdict::Parked(ParkReason::NotYours));
    assert!(stranger.base.is_empty());
}

#[test]
fn work_on_an_order_reassigned_meanwhile_is_kept_and_flagged() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let (mut first, mut second) = (Phone::enrol(&world, "W101"), Phone::enrol(&world, "W102"));
    first.sync();
    second.sync();
    assert!(first.base.contains_key(&order) && !second.base.contains_key(&order));
    let entry = first.record(order, vec![Fact::SetOut]);
    world.assign(order, "W102");
    let answer = first.sync();
    assert_eq!(Phone::verdict(&answer, 1), Verdict::Conflicted);
    assert_eq!(answer.gone, [order]);
    assert!(!first.base.contains_key(&order));
    second.sync();
    let stored = world.order(order).unwrap();
    assert_eq!(second.base[&order], (stored.seq, stored.order.clone()));
    let concern = stored.order.concerns.iter().next().unwrap();
    assert_eq!((concern.kind, concern.fact.0), (ConcernKind::NotAssigned, entry));
    // Back again: the phone hears of it.
    world.assign(order, "W101");
    first.sync();
    assert!(first.base.contains_key(&order));
    let answer = second.sync();
    assert_eq!(answer.gone, [order]);
}

#[test]
fn regained_access_judges_what_was_kept_apart() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let mut phone = Phone::enrol(&world, "W102");
    phone.record(order, vec![Fact::SetOut]);
    phone.record(order, vec![Fact::Approved(String::new())]);
    let answer = phone.sync();
    for n in 1..=2 {
        assert_eq!(Phone::verdict(&answer, n), Verdict::Parked(ParkReason::NotYours));
    }
    world.assign(order, "W102");
    let stored = world.order(order).unwrap();
    assert!(stored.order.visits[&1].set_out.is_some(), "folded when the order became theirs");
    assert!(stored.order.concerns.is_empty() && stored.order.review.approved.is_none());
    phone.sync();
    assert_eq!(phone.base[&order], (stored.seq, stored.order));
    let timeline = world.runtime.block_on(world.state().storage().timeline(OrgId::from(ORG), order)).unwrap();
    let own: Vec<Verdict> = timeline.into_iter().filter(|l| l.device.is_some()).map(|l| l.verdict).collect();
    assert_eq!(own, [Verdict::Applied, Verdict::Parked(ParkReason::NotYours)]);
    // Asked again, it is told as it is now; and it takes effect once.
    let request = phone.request(1);
    let again = phone.exchange(&request);
    assert_eq!((Phone::verdict(&again, 1), again.verdicts.len()), (Verdict::Applied, 1));
    world
        .office(
            "G003",
            doorstep_core::domain::person::Role::FrontDesk,
            order,
            doorstep_core::domain::command::Command::AddNote { text: "n".to_owned() },
        )
        .unwrap();
    assert!(world.order(order).unwrap().order.concerns.is_empty());
}

#[test]
fn a_colleague_who_is_offered_something_gets_the_order() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let (mut first, mut second) = (Phone::enrol(&world, "W101"), Phone::enrol(&world, "W102"));
    first.sync();
    let taken =
        Fact::CustodyTaken { kind: CustodyKind::Key, name: "門匙".to_owned(), serial: String::new() };
    let entry = first.record(order, vec![taken]);
    let id = doorstep_core::domain::order::CustodyId(doorstep_core::domain::ids::FactId(entry, 0), 0);
    first.record(order, vec![Fact::HandoverOffered { items: vec![id], to: PersonId::from("W102") }]);
    first.sync();
    second.sync();
    assert!(second.base.contains_key(&order));
    second.record(order, vec![Fact::HandoverAccepted(vec![id])]);
    let answer = second.sync();
    assert!(answer.verdicts.is_empty(), "{:?}", answer.verdicts);
    assert_eq!(world.order(order).unwrap().order.custody[&id].holder, PersonId::from("W102"));
}

/// A liability note with the resident's seal under it; `change` may tamper with the entry.
fn sealed_note(phone: &Phone, order: OrderId, ink: &Ink, change: impl Fn(&mut Entry)) -> Entry {
    let diagnosed =
        Fact::Diagnosed { cause: "老化".to_owned(), liability: Liability::Resident, note: "n".to_owned() };
    let mut entry = phone.entry(order, vec![diagnosed]);
    let mut folded = phone.base[&order].1.clone();
    entry.fold_into(&mut folded, &OrgId::from(ORG), Some(phone.id));
    let meta = entry.meta(1, &OrgId::from(ORG), Some(phone.id));
    let document = seal::liability_document(&folded, &meta, Lang::ZhHant);
    let signer = Signer { name: "陳美玲".to_owned(), capacity: Capacity::Resident };
    let at = Stamp::parse("2026-11-25T10:00:00+08:00").unwrap();
    let signed = seal::seal(&phone.key, &document, ink.clone(), signer, Lang::ZhHant, at);
    entry.facts.push(Fact::LiabilityAcknowledged(Outcome::Signed(signed)));
    entry.inks.push(Exact(ink.bytes.clone()));
    change(&mut entry);
    entry
}

fn strokes(length: i32) -> Vec<Vec<InkPoint>> {
    vec![(0..=length).map(|i| InkPoint { x: i * 10, y: i % 7, t: i as u32 * 8, pressure: 128 }).collect()]
}

fn outcome_of(entry: &mut Entry) -> &mut Outcome {
    match &mut entry.facts[1] {
        Fact::LiabilityAcknowledged(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

#[test]
fn ink_reaches_other_phones_and_a_broken_seal_is_flagged() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let mut phone = Phone::enrol(&world, "W101");
    let mut colleague = Phone::enrol(&world, "W101");
    phone.sync();
    let ink = ink::encode(&strokes(300)).unwrap();
    let good = sealed_note(&phone, order, &ink, |_| {});
    phone.journal.push(good.encode().unwrap());
    let answer = phone.sync();
    assert!(answer.verdicts.is_empty(), "{:?}", answer.verdicts);
    assert_eq!((answer.echoes.len(), answer.inks.len()), (1, 0), "the phone has its own ink");
    colleague.sync();
    assert_eq!(colleague.inks[&ink.digest], ink.bytes);
    let stored = world.state().storage().ink(OrgId::from(ORG), order, ink.digest);
    assert_eq!(world.runtime.block_on(stored).unwrap().as_deref(), Some(ink.bytes.as_slice()));

    let bad = sealed_note(&phone, order, &ink, |entry| {
        if let Outcome::Signed(signed) = outcome_of(entry) {
            signed.signer.name = "別人".to_owned();
        }
    });
    phone.journal.push(bad.encode().unwrap());
    let answer = phone.sync();
    assert_eq!(Phone::verdict(&answer, 2), Verdict::Conflicted);
    let kinds: Vec<_> = world.order(order).unwrap().order.concerns.iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ConcernKind::SealBroken]);
    assert_eq!(phone.base[&order].1, world.order(order).unwrap().order);
}

#[test]
fn a_signature_without_its_strokes_and_a_refusal_without_a_seal_are_kept_and_flagged() {
    let slip = Ink::from_bytes(vec![1, 1, 2, 0, 0, 0, 128, 20, 0, 2, 128]);
    assert_eq!(ink::enough(&slip.bytes), Err(ink::BadInk::TooLittle { length_px: 1 }));
    let good = ink::encode(&strokes(300)).unwrap();
    let refused = |text: &str| Outcome::Refused(text.into());
    type Change = Box<dyn Fn(&mut Entry)>;
    let other = good.bytes.iter().rev().copied().collect::<Vec<_>>();
    let cases: Vec<(&str, Ink, Change, ConcernKind)> = vec![
        ("no strokes", good.clone(), Box::new(|entry| entry.inks.clear()), ConcernKind::InkWrong),
        ("others", good.clone(), Box::new(move |e| e.inks[0].0.clone_from(&other)), ConcernKind::InkWrong),
        ("a slip", slip, Box::new(|_| {}), ConcernKind::InkWrong),
        (
            "no seal",
            good.clone(),
            Box::new(move |e| *outcome_of(e) = refused("不簽")),
            ConcernKind::SealBroken,
        ),
    ];
    for (what, ink, change, kind) in cases {
        let world = World::new();
        let order = world.register();
        world.accept_and_assign(order, "W101");
        let mut phone = Phone::enrol(&world, "W101");
        phone.sync();
        let entry = sealed_note(&phone, order, &ink, change);
        let sent = entry.encode().unwrap();
        phone.journal.push(sent.clone());
        let answer = phone.sync();
        assert_eq!(Phone::verdict(&answer, 1), Verdict::Conflicted, "{what}");
        let kept = world.order(order).unwrap().order;
        assert_eq!(kept.concerns.iter().map(|c| c.kind).collect::<Vec<_>>(), [kind], "{what}");
        assert!(kept.diagnosis.unwrap().acknowledged.is_some(), "{what}: the fact stands");
        let log = world.runtime.block_on(world.state().storage().timeline(OrgId::from(ORG), order)).unwrap();
        assert!(log.iter().any(|logged| logged.entry == entry), "{what}: the entry is kept as it came");
        assert_eq!(phone.base[&order].1, world.order(order).unwrap().order, "{what}");
    }
}

#[test]
fn a_sealed_refusal_passes_and_a_changed_one_is_flagged() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    let ink = ink::encode(&strokes(300)).unwrap();
    let key = phone.key.clone();
    let refuse = |entry: &mut Entry, said: &str| {
        let Outcome::Signed(signed) = outcome_of(entry).clone() else { panic!("signed") };
        let (kind, lang) = (StatementKind::Refused, signed.lang);
        let bytes = seal::stated_bytes(&signed.document, kind, "價錢偏高", lang, signed.at);
        let seal = ed25519_dalek::Signer::sign(&key, &bytes).to_bytes().to_vec();
        let sealed = StatementSeal { document: signed.document, lang, at: signed.at, seal };
        *outcome_of(entry) = Outcome::Refused(Statement { text: said.to_owned(), sealed: Some(sealed) });
        entry.inks.clear();
    };
    let sealed = sealed_note(&phone, order, &ink, |entry| refuse(entry, "價錢偏高"));
    phone.journal.push(sealed.encode().unwrap());
    let answer = phone.sync();
    assert!(answer.verdicts.is_empty(), "{:?}", answer.verdicts);
    let changed = sealed_note(&phone, order, &ink, |entry| refuse(entry, "價錢合適"));
    phone.journal.push(changed.encode().unwrap());
    assert_eq!(Phone::verdict(&phone.sync(), 2), Verdict::Conflicted);
    let kinds: Vec<_> = world.order(order).unwrap().order.concerns.iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ConcernKind::SealBroken]);
}

#[test]
fn json_and_cbor_say_the_same() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    phone.sync();
    world
        .office(
            "G002",
            doorstep_core::domain::person::Role::Supervisor,
            order,
            doorstep_core::domain::command::Command::AddNote { text: "n".to_owned() },
        )
        .unwrap();
    phone.cursor = 0;
    let request = phone.request(2);
    let cbor = phone.exchange(&request);
    let body = serde_json::to_vec(&request).unwrap();
    let answer = phone.post(&[("content-type", "application/json")], &body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("content-encoding"), None);
    let json: SyncResponse = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(SyncResponse { now_ms: 0, ..json }, SyncResponse { now_ms: 0, ..cbor });
    // An entry may stand in JSON as it is; its text is kept byte for byte.
    let entry = phone.entry(order, vec![note("手寫")]);
    let text = serde_json::to_string(&entry).unwrap();
    let before = Digest(doorstep_core::journal::ChainHash::default().then(&phone.journal[0]).0.0);
    let body = format!(r#"{{"v":1,"n":2,"h":"{before}","j":[{text}]}}"#);
    let answer = phone.post(&[("content-type", "application/json")], body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json: SyncResponse = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((json.acked, json.verdicts.len()), (2, 0));
    phone.journal.push(text.into_bytes());
    phone.record(order, vec![note("之後")]);
    assert_eq!(phone.sync().chain, None, "the chain goes on over the exact text");
}

#[test]
fn a_revoked_phone_hands_in_what_it_holds_and_gets_nothing() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    let revoked = world.state().storage().revoke_device(OrgId::from(ORG), phone.id, 1);
    assert!(world.runtime.block_on(revoked).unwrap());
    let answer = phone.sync();
    assert_eq!((answer.acked, answer.rows.len(), answer.echoes.len(), answer.documents.len()), (1, 0, 0, 0));
    assert!(world.order(order).is_some());
}

#[test]
fn another_epoch_sends_everything_again() {
    let mut world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    phone.sync();
    let org = OrgId::from(ORG);
    let restored = doorstep_server::admin::restored(world.state(), &org);
    world.runtime.block_on(restored).unwrap();
    world.stop();
    world.start();
    phone.client = world.client();
    let old = phone.epoch;
    let answer = phone.sync();
    assert_ne!(answer.epoch, old);
    assert_eq!(answer.rows.iter().map(|row| row.order).collect::<Vec<_>>(), [order]);
    assert!(answer.documents.len() > 70);
    assert_eq!(answer.acked, 1);
}

#[test]
fn an_idle_sync_is_small() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    let request = phone.request(1);
    let body = cbor4ii::serde::to_vec(Vec::new(), &request).unwrap();
    let answer = phone.post(&[], &body);
    assert_eq!(answer.status, 200);
    let both = answer.sent + answer.received;
    println!("idle sync: {} + {} bytes", answer.sent, answer.received);
    assert!(both <= 250, "{both} bytes");
}
