//! R58 to R65: entitlement, consent to start, checklist, mismatches, steps.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::order::closing::Liability;
use doorstep_core::domain::order::signing::{Capacity, Outcome};
use doorstep_core::domain::order::visit::{Coverage, Entitlement, ItemValue};
use doorstep_core::domain::person::Role::Technician;
use doorstep_core::domain::policy::Phase;
use doorstep_core::domain::refusal::Reason;

use super::world::World;

fn covered() -> Command {
    let evidence = "保修卡 2026-0417".into();
    Command::CheckEntitlement(Entitlement { coverage: Coverage::Covered, evidence })
}

fn start(agreed: bool) -> Command {
    Command::AnswerStart { agreed, by: "陳美玲".into() }
}

#[test]
fn r58_the_service_document_is_looked_at_before_asking_to_start() {
    let mut world = World::on_site();
    assert_eq!(world.button(Technician, CommandKind::AnswerStart), Some(Reason::EntitlementUnchecked));
    world.does(Technician, covered());
    assert_eq!(world.button(Technician, CommandKind::AnswerStart), None);
}

#[test]
fn r59_what_it_was_read_from_is_recorded() {
    let world = World::on_site();
    let blank = Entitlement { coverage: Coverage::None, evidence: " ".into() };
    assert_eq!(world.refusal(Technician, Command::CheckEntitlement(blank)), Reason::TextMissing);
}

#[test]
fn r60_service_starts_only_after_the_resident_agrees() {
    let mut world = World::on_site();
    world.does(Technician, covered());
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::StartNotAgreed));
    world.does(Technician, start(false));
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::StartNotAgreed));
    assert_eq!(world.button(Technician, CommandKind::PresentQuote), Some(Reason::StartNotAgreed));
    world.does(Technician, start(true));
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::BeforeChecklistOpen));
}

#[test]
fn r61_a_mismatch_is_written_down_and_signed_before_the_work() {
    let mut world = World::looked_at(Coverage::Covered, Liability::Firm);
    assert_eq!(world.button(Technician, CommandKind::StartWork), None);
    let item = world
        .rulebook
        .policy
        .items("plumbing")
        .find(|item| item.phase == Phase::Before && item.mismatch_on.is_some())
        .expect("the pack asks about completeness and damage")
        .clone();
    let value = [ItemValue::No, ItemValue::Yes].into_iter().find(|v| item.is_mismatch(v)).unwrap();
    let answer = |remark: &str| Command::AnswerItem {
        item: item.id.clone(),
        value: value.clone(),
        remark: remark.into(),
    };
    assert_eq!(world.refusal(Technician, answer("")), Reason::TextMissing);
    world.does(Technician, answer("櫃門鉸鏈已斷，非本次造成"));
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::MismatchUnsigned));

    let by_technician = Outcome::Signed(world.sign(&Paper::Mismatch, "李志強", Capacity::Technician));
    assert_eq!(world.refusal(Technician, Command::AcknowledgeMismatch(by_technician)), Reason::WrongSigner);
    let outcome = world.resident_signs(&Paper::Mismatch);
    world.does(Technician, Command::AcknowledgeMismatch(outcome));
    assert_eq!(world.button(Technician, CommandKind::StartWork), None);
    assert!(world.order.concerns.is_empty());
}

#[test]
fn r61_a_signature_under_another_text_is_refused() {
    let mut world = World::looked_at(Coverage::Covered, Liability::Firm);
    let item = world.rulebook.policy.items("plumbing").find(|i| i.mismatch_on.is_some()).unwrap().clone();
    let value = [ItemValue::No, ItemValue::Yes].into_iter().find(|v| item.is_mismatch(v)).unwrap();
    let answer = |remark: &str| Command::AnswerItem {
        item: item.id.clone(),
        value: value.clone(),
        remark: remark.into(),
    };
    world.does(Technician, answer("檯面有刮痕"));
    let outcome = world.resident_signs(&Paper::Mismatch);
    world.does(Technician, answer("檯面有刮痕兩道"));
    assert_eq!(world.refusal(Technician, Command::AcknowledgeMismatch(outcome)), Reason::DocumentChanged);
}

#[test]
fn r64_steps_follow_their_order() {
    let mut world = World::on_site();
    world.order.intake.as_mut().unwrap().work_type = "device".into();
    let mut steps: Vec<_> = world
        .rulebook
        .policy
        .items("device")
        .filter(|item| item.phase == Phase::Before && item.step.is_some())
        .cloned()
        .collect();
    steps.sort_by_key(|item| item.step);
    let last = steps.last().expect("connections, software, hardware").id.clone();
    let command = Command::AnswerItem { item: last, value: ItemValue::Done, remark: String::new() };
    assert_eq!(world.refusal(Technician, command), Reason::StepOutOfOrder);
    let first = steps[0].id.clone();
    world
        .does(Technician, Command::AnswerItem { item: first, value: ItemValue::Done, remark: String::new() });
}

#[test]
fn r65_opening_the_case_needs_consent() {
    let mut world = World::on_site();
    world.order.intake.as_mut().unwrap().work_type = "device".into();
    let item = world.rulebook.policy.items("device").find(|i| i.needs_consent).unwrap().clone();
    let lower: Vec<_> = world
        .rulebook
        .policy
        .items("device")
        .filter(|i| i.phase == item.phase && i.step.is_some() && i.step < item.step)
        .map(|i| i.id.clone())
        .collect();
    for id in lower {
        world.does(
            Technician,
            Command::AnswerItem { item: id, value: ItemValue::Done, remark: String::new() },
        );
    }
    let open = Command::AnswerItem { item: item.id.clone(), value: ItemValue::Done, remark: String::new() };
    assert_eq!(world.refusal(Technician, open.clone()), Reason::StepNotConsented);
    let consent = |agreed| Command::AnswerStep { item: item.id.clone(), agreed, by: "陳美玲".into() };
    world.does(Technician, consent(false));
    assert_eq!(world.refusal(Technician, open.clone()), Reason::StepNotConsented);
    world.does(Technician, consent(true));
    world.does(Technician, open);
}

#[test]
fn r89_an_item_that_does_not_apply_says_why() {
    let world = World::on_site();
    let item = world.rulebook.policy.items("plumbing").find(|i| i.phase == Phase::Before).unwrap().id.clone();
    let value = ItemValue::NotApplicable(" ".into());
    let command = Command::AnswerItem { item, value, remark: String::new() };
    assert_eq!(world.refusal(Technician, command), Reason::TextMissing);
    let value = ItemValue::Done;
    let unknown = Command::AnswerItem { item: "no_such_item".into(), value, remark: String::new() };
    assert_eq!(world.refusal(Technician, unknown), Reason::UnknownItem);
}
