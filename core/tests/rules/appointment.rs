//! R27 to R40: contact, window, notice, preparation, the road, no-show.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::order::intake::Triage;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::order::visit::Side;
use doorstep_core::domain::person::Role::{FrontDesk, Supervisor, Technician};
use doorstep_core::domain::policy::Phase;
use doorstep_core::domain::refusal::Reason;
use doorstep_core::domain::time::Window;

use super::world::{World, at, window};

#[test]
fn r27_no_departure_before_the_resident_was_reached() {
    let mut world = World::assigned();
    world.contact(false);
    world.does(Technician, Command::Book { window: window() });
    world.answer_all(Phase::Preparation);
    assert_eq!(world.button(Technician, CommandKind::SetOut), Some(Reason::ResidentNotReached));
    world.contact(true);
    assert_eq!(world.button(Technician, CommandKind::SetOut), None);
}

#[test]
fn r30_nobody_goes_unannounced_before_it_was_tried_in_different_periods() {
    let mut world = World::assigned();
    world.rulebook.policy.appointment.min_attempts = 2;
    world.does(Technician, Command::Book { window: window() });
    world.answer_all(Phase::Preparation);
    let waive = || Command::Waive { rule: 27, reason: "住戶電話停機，鄰居說在家".into() };
    for (now, attempts) in [("2026-11-24T09:00", "1/2, 2026-11-24 11:00"), ("2026-11-24T10:59", "1/2")] {
        world.now = at(now);
        world.contact(false);
        let no = world.decide(Supervisor, &waive()).unwrap_err();
        assert_eq!(
            (no.reason, no.rule, no.needs),
            (Reason::AttemptsMissing, 30, Some(CommandKind::RecordContact))
        );
        assert!(no.detail.starts_with(attempts), "{now}: {}", no.detail);
    }
    // Two hours after the first it is another period of the day.
    world.now = at("2026-11-24T11:00");
    world.contact(false);
    world.does(Supervisor, waive());
    assert_eq!(world.button(Technician, CommandKind::SetOut), None);
}

#[test]
fn r30_begins_anew_when_somebody_was_reached_and_a_hazard_waits_for_nobody() {
    let mut world = World::assigned();
    world.contact(false);
    assert_eq!(world.order.unreached(120).attempts, 1);
    world.contact(true);
    assert_eq!(world.order.unreached(120).attempts, 0);
    let mut hazard = World::assigned();
    hazard.order.intake.as_mut().unwrap().triage = Triage::Hazard;
    hazard.does(Supervisor, Command::Waive { rule: 27, reason: "煤氣味".into() });
}

#[test]
fn r32_meal_hours_are_left_alone_unless_the_resident_wished_for_them() {
    let mut world = World::assigned();
    let noon = Window { start: at("2026-11-25T12:30"), end: at("2026-11-25T13:30") };
    let no = world.decide(Technician, &Command::Book { window: noon }).unwrap_err();
    assert_eq!((no.reason, no.rule, no.detail.as_str()), (Reason::QuietHours, 32, "12:00-14:00"));
    let mut wished = World::assigned();
    let own = Window { start: at("2026-11-26T12:00"), end: at("2026-11-26T13:00") };
    wished.order.intake.as_mut().unwrap().wished = Some(own);
    wished.does(Technician, Command::Book { window: noon });
    world.does(Supervisor, Command::Waive { rule: 32, reason: "住戶來電指定".into() });
    world.does(Technician, Command::Book { window: noon });
}

#[test]
fn r31_a_visit_falls_in_working_time_unless_there_is_a_hazard() {
    let mut world = World::assigned();
    let night = Window { start: at("2026-11-25T23:00"), end: at("2026-11-25T23:30") };
    assert_eq!(world.refusal(Technician, Command::Book { window: night }), Reason::OutsideWorkingHours);
    world.order.intake.as_mut().unwrap().triage = Triage::Hazard;
    world.does(Technician, Command::Book { window: night });
}

#[test]
fn r29_a_window_runs_forwards_and_lies_ahead() {
    let world = World::assigned();
    let book = |start: &str, end: &str| {
        let window = Window { start: at(start), end: at(end) };
        world.refusal(FrontDesk, Command::Book { window })
    };
    assert_eq!(book("2026-11-25T14:00", "2026-11-25T14:00"), Reason::WindowBackwards);
    assert_eq!(book("2026-11-20T14:00", "2026-11-20T16:00"), Reason::WindowPast);
}

#[test]
fn r35_notice_later_than_eight_hours_is_marked_and_always_explained() {
    for (now, late) in [("2026-11-25T05:59", false), ("2026-11-25T06:01", true)] {
        let mut world = World::booked();
        world.now = at(now);
        let silent = Command::GiveNotice { by: Side::Firm, reason: String::new() };
        assert_eq!(world.refusal(FrontDesk, silent), Reason::TextMissing);
        world.does(FrontDesk, Command::GiveNotice { by: Side::Firm, reason: "師傅急病".into() });
        let (_, visit) = world.order.visit().unwrap();
        assert_eq!(visit.notice.as_ref().unwrap().late, late, "{now}");
        assert_eq!(world.order.status(), Status::ToRebook);
        assert_eq!(world.button(Technician, CommandKind::Book), None);
    }
}

#[test]
fn r34_running_late_is_told_with_its_reason_and_only_from_the_road() {
    let mut world = World::booked();
    let eta = at("2026-11-25T16:20");
    assert_eq!(
        world.refusal(Technician, Command::ReportLate { eta, reason: String::new() }),
        Reason::TextMissing
    );
    world.does(Technician, Command::ReportLate { eta, reason: "上一戶未完".into() });
    assert_eq!(world.order.visit().unwrap().1.late.len(), 1);
    let arrived = World::on_site();
    assert_eq!(arrived.button(Technician, CommandKind::ReportLate), Some(Reason::AlreadyArrived));
}

#[test]
fn r39_r40_tools_parts_and_papers_before_setting_out() {
    let mut world = World::booked();
    assert_eq!(world.button(Technician, CommandKind::SetOut), Some(Reason::PreparationOpen));
    world.answer_all(Phase::Preparation);
    assert_eq!(world.button(Technician, CommandKind::SetOut), None);
}

#[test]
fn r36_a_no_show_needs_thirty_minutes_and_a_failed_attempt() {
    let mut world = World::on_site();
    world.now = at("2026-11-25T14:29");
    assert_eq!(world.button(Technician, CommandKind::DeclareNoShow), Some(Reason::NoShowTooEarly));
    world.now = at("2026-11-25T14:30");
    assert_eq!(world.button(Technician, CommandKind::DeclareNoShow), Some(Reason::NoShowNotTried));
    world.contact(false);
    world.does(Technician, Command::DeclareNoShow { note: "敲門無人應".into() });
    assert_eq!(world.order.status(), Status::ToRebook);
}

#[test]
fn r36_a_resident_who_was_reached_is_no_no_show() {
    let mut world = World::on_site();
    world.now = at("2026-11-25T14:40");
    world.contact(false).contact(true);
    assert_eq!(world.button(Technician, CommandKind::DeclareNoShow), Some(Reason::NoShowReached));
}

#[test]
fn r36_never_fires_when_the_technician_himself_was_late() {
    let mut world = World::booked();
    world.answer_all(Phase::Preparation);
    world.now = at("2026-11-25T15:30");
    world.does(Technician, Command::SetOut);
    world.now = at("2026-11-25T16:10");
    world.does(Technician, Command::Arrive);
    world.now = at("2026-11-25T17:10");
    world.contact(false);
    assert_eq!(world.button(Technician, CommandKind::DeclareNoShow), Some(Reason::TechnicianLate));
}

#[test]
fn r36_the_minutes_are_the_firms_setting() {
    let mut world = World::on_site();
    world.rulebook.policy.appointment.no_show_minutes = 10;
    world.now = at("2026-11-25T14:10");
    world.contact(false);
    assert_eq!(world.button(Technician, CommandKind::DeclareNoShow), None);
}

#[test]
fn r33_arrival_follows_departure() {
    let mut world = World::booked();
    assert_eq!(world.button(Technician, CommandKind::Arrive), Some(Reason::NotSetOut));
    world.answer_all(Phase::Preparation);
    world.does(Technician, Command::SetOut);
    assert_eq!(world.button(Technician, CommandKind::SetOut), Some(Reason::AlreadySetOut));
    world.does(Technician, Command::Arrive);
    assert_eq!(world.order.status(), Status::OnSite);
}

#[test]
fn r37_a_booked_window_moves_but_an_open_visit_does_not() {
    let mut world = World::booked();
    let later = Window { start: at("2026-11-26T09:00"), end: at("2026-11-26T10:00") };
    world.does(FrontDesk, Command::Book { window: later });
    assert_eq!(world.order.visits.len(), 1);
    assert_eq!(world.order.visit().unwrap().1.window, Some(later));
    let arrived = World::on_site();
    assert_eq!(arrived.refusal(FrontDesk, Command::Book { window: later }), Reason::VisitOpen);
}

#[test]
fn an_order_is_its_technicians() {
    let mut world = World::booked();
    world.order.assignment.as_mut().unwrap().technician = "T02".into();
    assert_eq!(world.button(Technician, CommandKind::SetOut), Some(Reason::NotYourOrder));
    assert_eq!(world.button(Supervisor, CommandKind::SetOut), Some(Reason::WrongRole));
}
