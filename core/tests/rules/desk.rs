//! R2 to R17: registration, answer, assignment.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::order::intake::{Intake, SharedField};
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::Role;
use doorstep_core::domain::refusal::Reason;

use super::world::{World, intake};

#[test]
fn r2_a_registration_names_owner_room_need_and_symptom() {
    let world = World::new();
    let without = |change: fn(&mut Intake)| {
        let mut intake = intake();
        change(&mut intake);
        world.refusal(Role::FrontDesk, Command::Register(intake))
    };
    assert_eq!(without(|i| i.resident.clear()), Reason::FieldRequired);
    assert_eq!(without(|i| i.unit = "  ".into()), Reason::FieldRequired);
    assert_eq!(without(|i| i.fault.clear()), Reason::FieldRequired);
    assert_eq!(without(|i| i.symptom.clear()), Reason::FieldRequired);
    assert_eq!(without(|i| i.symptom = "漏".repeat(5_000)), Reason::TextTooLong);
}

#[test]
fn r5_a_request_is_registered_once() {
    let world = World::registered();
    assert_eq!(world.order.status(), Status::Registered);
    assert_eq!(world.refusal(Role::FrontDesk, Command::Register(intake())), Reason::AlreadyRegistered);
}

#[test]
fn r15_a_refusal_gives_its_reason_and_nothing_follows() {
    let mut world = World::registered();
    let silent = Command::Refuse { reason: " ".into() };
    assert_eq!(world.refusal(Role::FrontDesk, silent), Reason::ReasonRequired);
    world.does(Role::FrontDesk, Command::Refuse { reason: "屬業主自行維修範圍".into() });
    assert_eq!(world.order.status(), Status::Refused);
    assert_eq!(world.button(Role::FrontDesk, CommandKind::Assign), Some(Reason::RequestRefused));
    assert_eq!(world.button(Role::FrontDesk, CommandKind::Accept), Some(Reason::AlreadyAnswered));
}

#[test]
fn r15_nobody_is_sent_before_the_request_is_accepted() {
    let world = World::registered();
    assert_eq!(world.button(Role::FrontDesk, CommandKind::Assign), Some(Reason::NotAccepted));
}

#[test]
fn r17_where_policy_asks_the_person_in_charge_approves_the_visit_first() {
    let mut world = World::registered();
    assert_eq!(world.button(Role::Supervisor, CommandKind::ApproveVisit), Some(Reason::ApprovalNotAsked));
    world.rulebook.policy.intake.visit_approval = true;
    assert_eq!(world.button(Role::FrontDesk, CommandKind::Accept), Some(Reason::VisitNotApproved));
    assert_eq!(world.button(Role::FrontDesk, CommandKind::ApproveVisit), Some(Reason::WrongRole));
    world.does(Role::Supervisor, Command::ApproveVisit);
    assert_eq!(world.button(Role::FrontDesk, CommandKind::Accept), None);
}

#[test]
fn a_technician_on_site_opens_an_order_and_it_is_his() {
    let mut world = World::new();
    world.does(Role::Technician, Command::Register(intake()));
    assert_eq!(world.order.status(), Status::Assigned);
    assert!(world.order.is_assigned_to(&"T01".into()));

    let mut asked = World::new();
    asked.rulebook.policy.intake.visit_approval = true;
    asked.does(Role::Technician, Command::Register(intake()));
    assert_eq!(asked.order.status(), Status::Registered, "R17: approval comes first");
}

#[test]
fn a_field_two_people_changed_keeps_both_values_until_one_is_picked() {
    let mut world = World::assigned();
    let edit = |to: &str| Command::EditField { field: SharedField::Phone, to: to.into() };
    let on_phone = world.decide(Role::Technician, &edit("13900000001")).unwrap();
    world.does(Role::FrontDesk, edit("13900000002"));
    world.record(Role::Technician, on_phone);
    let shared = &world.order.shared[&SharedField::Phone];
    assert_eq!(shared.value, "13900000002");
    assert_eq!(shared.conflicts.values().next().unwrap().value, "13900000001");
    assert!(world.order.has_conflict());
    let pick = Command::SettleField { field: SharedField::Phone, value: "13900000001".into() };
    assert_eq!(world.refusal(Role::FrontDesk, pick.clone()), Reason::WrongRole);
    world.does(Role::Supervisor, pick);
    assert!(!world.order.has_conflict());
    assert_eq!(world.order.field(SharedField::Phone), "13900000001");
}
