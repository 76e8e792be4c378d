//! The appointment: contact, window, notice, the road and the door (R27 to R36).

use super::Case;
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::deadline;
use crate::domain::fact::Fact;
use crate::domain::order::intake::Triage;
use crate::domain::policy::Phase;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::time::{Stamp, Window};

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    match kind {
        C::RecordContact => Ok(()),
        C::Book => {
            case.accepted()?;
            if case.order.assignment.is_none() {
                return Err(case.refuse(Reason::NobodyAssigned, ""));
            }
            // A window not yet kept can be moved; one under way cannot.
            match case.visit() {
                Some(visit) if !visit.is_over() && visit.arrived.is_some() => {
                    Err(case.refuse(Reason::VisitOpen, ""))
                }
                _ => Ok(()),
            }
        }
        C::GiveNotice | C::ReportLate => not_arrived(case),
        C::SetOut => {
            not_arrived(case)?;
            let visit = case.booked()?;
            if visit.set_out.is_some() {
                return Err(case.refuse(Reason::AlreadySetOut, ""));
            }
            let asked = case.policy().appointment.contact_before_departure;
            case.require(!asked || reached(case), Reason::ResidentNotReached)?;
            match case.open_item(Phase::Preparation) {
                Some(item) => case.require_about(false, Reason::PreparationOpen, item.label.zh_hant.as_str()),
                None => Ok(()),
            }
        }
        C::Arrive => {
            not_arrived(case)?;
            case.require(case.booked()?.set_out.is_some(), Reason::NotSetOut)
        }
        C::DeclareNoShow => no_show(case),
        _ => Ok(()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::RecordContact(contact) => {
            case.limit_text(&contact.note)?;
            Ok(vec![Fact::Contacted(contact.clone())])
        }
        Command::Book { window } => {
            check_window(case, *window)?;
            Ok(vec![Fact::VisitBooked(*window)])
        }
        Command::GiveNotice { by, reason } => {
            case.require_text(reason, Reason::TextMissing)?;
            let start = case.booked()?.window.map(|window| window.start);
            let late = start.is_some_and(|start| case.now > deadline::notice_deadline(start, case.policy()));
            Ok(vec![Fact::NoticeGiven { by: *by, reason: reason.clone(), late }])
        }
        Command::ReportLate { eta, reason } => {
            case.require_text(reason, Reason::TextMissing)?;
            Ok(vec![Fact::RanLate { eta: *eta, reason: reason.clone() }])
        }
        Command::SetOut => Ok(vec![Fact::SetOut]),
        Command::Arrive => Ok(vec![Fact::Arrived]),
        Command::DeclareNoShow { note } => {
            case.limit_text(note)?;
            Ok(vec![Fact::NoShow(note.clone())])
        }
        _ => Ok(Vec::new()),
    }
}

/// Whoever lets a technician go to a resident nobody reached first sees that it was tried in different periods of the
/// day (R30); a hazard waits for nobody.
pub(super) fn tried_enough(case: &Case<'_>) -> Result<(), Refusal> {
    let settings = &case.policy().appointment;
    let tried = case.order.unreached(settings.attempt_spread_minutes);
    let enough = tried.attempts >= usize::from(settings.min_attempts) || hazard(case) || reached(case);
    let next = tried.last.map(|last| last.plus_minutes(i64::from(settings.attempt_spread_minutes)));
    let next = next.map_or(String::new(), |next| format!(", {}", next.minute_text()));
    let detail = format!("{}/{}{next}", tried.attempts, settings.min_attempts);
    case.require_about(enough, Reason::AttemptsMissing, detail)
}

fn hazard(case: &Case<'_>) -> bool {
    case.order.intake.as_ref().is_some_and(|intake| intake.triage == Triage::Hazard)
}

/// A window that can be agreed: forwards, ahead, in working time and outside rest and meal hours, unless there is a
/// hazard or the resident wished for those hours (R29, R31, R32).
pub(super) fn check_window(case: &Case<'_>, window: Window) -> Result<(), Refusal> {
    if window.end <= window.start {
        return Err(case.refuse(Reason::WindowBackwards, ""));
    }
    if window.end < case.now {
        return Err(case.refuse(Reason::WindowPast, window.end.minute_text()));
    }
    let fits =
        hazard(case) || deadline::in_working_hours(case.policy(), &case.rulebook.calendar, window.start);
    case.require_about(fits, Reason::OutsideWorkingHours, window.start.minute_text())?;
    let Some(quiet) = deadline::in_quiet_hours(case.policy(), window.start) else { return Ok(()) };
    let wished = case.order.intake.as_ref().and_then(|intake| intake.wished);
    let wished = wished.is_some_and(|w| deadline::in_quiet_hours(case.policy(), w.start) == Some(quiet));
    let detail = format!("{}-{}", quiet.from.format("%H:%M"), quiet.to.format("%H:%M"));
    case.require_about(wished || hazard(case), Reason::QuietHours, detail)
}

fn not_arrived(case: &Case<'_>) -> Result<(), Refusal> {
    match case.booked()?.arrived {
        Some(_) => Err(case.refuse(Reason::AlreadyArrived, "")),
        None => Ok(()),
    }
}

/// The resident was reached for this visit: since it was booked, or in the call that booked it (R27).
fn reached(case: &Case<'_>) -> bool {
    let number = case.order.visit_number();
    let earlier = number.saturating_sub(1);
    case.order
        .contacts
        .values()
        .any(|attempt| attempt.contact.reached && (attempt.visit == number || attempt.visit == earlier))
}

/// Thirty minutes past the time, not in place and unreachable, and the technician himself was not late (R36).
fn no_show(case: &Case<'_>) -> Result<(), Refusal> {
    let visit = case.on_site()?;
    if visit.start_agreed.is_some() {
        return Err(case.refuse(Reason::AlreadyArrived, ""));
    }
    let settings = &case.policy().appointment;
    if let Some(window) = visit.window {
        let arrived = visit.arrived.as_ref().map_or(case.now, |mark| mark.at);
        case.require(arrived <= window.end, Reason::TechnicianLate)?;
        // The clock runs from the agreed time; within the window, from when the technician is there.
        let from = window.start.max(arrived);
        let until = from.plus_minutes(i64::from(settings.no_show_minutes));
        case.require_about(case.now >= until, Reason::NoShowTooEarly, until.minute_text())?;
    }
    let number = case.order.visit_number();
    let since_arrival = |at: Stamp| visit.arrived.as_ref().is_some_and(|mark| at >= mark.at);
    let attempts = || case.order.contacts.values().filter(|a| a.visit == number && since_arrival(a.mark.at));
    case.require(!attempts().any(|attempt| attempt.contact.reached), Reason::NoShowReached)?;
    let failed = attempts().count();
    case.require(failed >= usize::from(settings.no_show_failed_attempts), Reason::NoShowNotTried)
}
