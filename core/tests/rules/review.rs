//! R155 to R160: approve, send back, void, waive.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::order::closing::OrderPart;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::Role::{Director, FrontDesk, Supervisor, Technician};
use doorstep_core::domain::refusal::Reason;

use super::world::{World, actor};

#[test]
fn r157_only_a_finished_order_with_its_copy_is_approved() {
    let paid = World::paid();
    assert_eq!(paid.button(Supervisor, CommandKind::Approve), Some(Reason::NotReviewable));
    let mut world = World::paid();
    let command = world.sign_off(Some(4));
    world.does(Technician, command);
    assert_eq!(world.button(Supervisor, CommandKind::Approve), Some(Reason::CopyMissing), "R91");
    let mut world = World::signed_off();
    assert_eq!(world.button(FrontDesk, CommandKind::Approve), Some(Reason::WrongRole));
    world.does(Supervisor, Command::Approve { note: "核對無誤".into() });
    assert_eq!(world.order.status(), Status::Approved);
    assert!(world.order.concerns.is_empty(), "{:?}", world.order.concerns);
}

#[test]
fn r157_what_comes_in_after_the_approval_is_settled_by_approving_again() {
    let mut world = World::signed_off();
    world.does(Supervisor, Command::Approve { note: "核對無誤".into() });
    assert_eq!(world.button(Supervisor, CommandKind::Approve), Some(Reason::OrderApproved));
    world.record(Technician, vec![Fact::VisitResumed]);
    assert_eq!(world.order.unsettled().count(), 1);
    assert_eq!(world.button(Supervisor, CommandKind::Approve), None);
    world.does(Supervisor, Command::Approve { note: "補傳的記錄已看".into() });
    assert_eq!((world.order.unsettled().count(), world.order.concerns.len()), (0, 1), "kept, and settled");
    assert_eq!(world.order.review.approved.as_ref().unwrap().note, "核對無誤");
    // The same for an order that is void.
    world.does(Supervisor, Command::Void { reason: "重複登記".into() });
    assert_eq!(world.button(Supervisor, CommandKind::Void), Some(Reason::OrderVoid));
    world.record(Technician, vec![Fact::VisitResumed]);
    world.does(Supervisor, Command::Void { reason: "補傳的記錄已看".into() });
    assert_eq!(world.order.unsettled().count(), 0);
    assert_eq!(world.order.void.as_ref().unwrap().reason, "重複登記");
}

#[test]
fn r160_nobody_verifies_his_own_work() {
    let mut world = World::signed_off();
    world.order.assignment.as_mut().unwrap().helpers.push(actor(Supervisor).person);
    assert_eq!(world.button(Supervisor, CommandKind::Approve), Some(Reason::OwnWork));
    assert_eq!(world.button(Director, CommandKind::Approve), None);
}

#[test]
fn r160_single_items_go_back_and_are_put_right() {
    let mut world = World::signed_off();
    let blank = Command::ReturnItems { items: vec![(OrderPart::Payment, " ".into())] };
    assert_eq!(world.refusal(Supervisor, blank), Reason::TextMissing);
    let items = vec![
        (OrderPart::AfterChecklist, "試壓讀數未填單位".into()),
        (OrderPart::Parts, "軟管規格不清".into()),
    ];
    world.does(Supervisor, Command::ReturnItems { items });
    assert_eq!(world.order.status(), Status::Returned);
    assert_eq!(world.button(Supervisor, CommandKind::Approve), Some(Reason::CorrectionOpen));
    let returned: Vec<_> = world.order.review.returned.keys().copied().collect();
    for fact in returned {
        world.does(Technician, Command::CorrectReturned { returned: fact, note: "已補正".into() });
    }
    assert_eq!(world.order.status(), Status::SignedOff);
    world.does(Supervisor, Command::Approve { note: String::new() });
}

#[test]
fn r155_a_void_order_keeps_its_number_and_its_reason() {
    let mut world = World::booked();
    world.record(FrontDesk, vec![Fact::Numbered("WX000007".into())]);
    assert_eq!(world.refusal(Supervisor, Command::Void { reason: String::new() }), Reason::TextMissing);
    world.does(Supervisor, Command::Void { reason: "重複登記".into() });
    world.record(FrontDesk, vec![Fact::Numbered("WX000099".into())]);
    assert_eq!(world.order.number.as_deref(), Some("WX000007"));
    assert_eq!(world.button(Technician, CommandKind::SetOut), Some(Reason::OrderVoid));
}

#[test]
fn work_on_a_void_order_is_kept_and_flagged() {
    let mut world = World::booked();
    world.does(Supervisor, Command::Void { reason: "住戶取消".into() });
    world.record(Technician, vec![Fact::SetOut, Fact::Arrived]);
    let (_, visit) = world.order.visit().unwrap();
    assert!(visit.arrived.is_some());
    assert_eq!(world.order.concerns.iter().filter(|c| c.kind == ConcernKind::AfterVoid).count(), 2);
}

#[test]
fn a_waiver_needs_the_right_person_a_reason_and_is_on_record() {
    let mut world = World::booked();
    assert_eq!(world.button(Technician, CommandKind::SetOut), Some(Reason::PreparationOpen));
    let waive = |reason: &str| Command::Waive { rule: 39, reason: reason.into() };
    assert_eq!(world.refusal(Technician, waive("急")), Reason::WrongRole);
    assert_eq!(world.refusal(Supervisor, waive(" ")), Reason::TextMissing);
    world.does(Supervisor, waive("水浸樓下，先到場"));
    assert_eq!(world.button(Technician, CommandKind::SetOut), None);
    assert_eq!(world.order.waivers[&39].mark.by, actor(Supervisor).person);
}
