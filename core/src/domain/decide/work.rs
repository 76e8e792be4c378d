//! The work: start, parts, pause, finish, or close without a solution (R37, R38, R66 to R83).

use super::Case;
use super::appointment::check_window;
use super::money::consented;
use super::onsite::unsigned_mismatches;
use super::paper::{self, Paper};
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::fact::Fact;
use crate::domain::order::visit::Visit;
use crate::domain::policy::{Phase, UnfinishedOutcome};
use crate::domain::refusal::{Reason, Refusal};

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    match kind {
        C::StartWork => start(case),
        C::UsePart => under_way(case).map(|_| ()),
        C::Pause => {
            case.require(allows(case, UnfinishedOutcome::Pause), Reason::OutcomeNotAllowed)?;
            let visit = case.on_site()?;
            if visit.paused.is_some() {
                return Err(case.refuse(Reason::VisitPaused, ""));
            }
            not_finished(case, visit)
        }
        C::Resume => match case.on_site()?.paused {
            Some(_) => Ok(()),
            None => Err(case.refuse(Reason::NotPaused, "")),
        },
        C::FinishWork => {
            let visit = under_way(case)?;
            not_finished(case, visit)?;
            consented(case)
        }
        C::CloseUnsolved => {
            let visit = case.on_site()?;
            let solved = visit.finished.as_ref().is_some_and(|finish| finish.solved);
            if solved || case.order.latest_sign_off.is_some() {
                return Err(case.refuse(Reason::AlreadyFinished, ""));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::StartWork => Ok(vec![Fact::WorkStarted]),
        Command::UsePart(part) => {
            case.require_text(&part.name, Reason::TextMissing)?;
            if part.quantity.thousandths <= 0 {
                return Err(case.refuse(Reason::QuantityWrong, part.name.as_str()));
            }
            Ok(vec![Fact::PartUsed(part.clone())])
        }
        Command::Pause { reason, resume_at } => {
            case.require_text(reason, Reason::TextMissing)?;
            Ok(vec![Fact::VisitPaused { reason: reason.clone(), resume_at: *resume_at }])
        }
        Command::Resume => Ok(vec![Fact::VisitResumed]),
        Command::FinishWork { solved, cause, method, advice } => {
            // The three parts of the explanation (R83); unsolved work owes the cause and what was tried.
            case.require_text(cause, Reason::ExplanationMissing)?;
            case.require_text(method, Reason::ExplanationMissing)?;
            if *solved {
                case.require_text(advice, Reason::ExplanationMissing)?;
            }
            case.limit_text(advice)?;
            Ok(vec![Fact::WorkFinished {
                solved: *solved,
                cause: cause.clone(),
                method: method.clone(),
                advice: advice.clone(),
            }])
        }
        Command::CloseUnsolved { reason, next, signed } => {
            case.require_text(reason, Reason::NextVisitMissing)?;
            if let Some(signed) = signed {
                if !signed.signer.capacity.is_household() {
                    return Err(case.refuse(Reason::WrongSigner, signed.signer.name.as_str()));
                }
                let paper = Paper::Unsolved { reason: reason.clone() };
                paper::check(case, &paper, &signed.document, signed.lang)?;
            }
            let closed = |next_visit| Fact::ClosedUnsolved {
                reason: reason.clone(),
                next_visit,
                signed: signed.clone(),
            };
            let Some(window) = next else { return Ok(vec![closed(None)]) };
            case.require(allows(case, UnfinishedOutcome::NextVisit), Reason::OutcomeNotAllowed)?;
            check_window(case, *window)?;
            let number = case.order.visit_number().saturating_add(1);
            Ok(vec![closed(Some(number)), Fact::VisitBooked(*window)])
        }
        _ => Ok(Vec::new()),
    }
}

pub(super) fn allows(case: &Case<'_>, outcome: UnfinishedOutcome) -> bool {
    case.policy().appointment.unfinished_outcomes.contains(&outcome)
}

/// Everything the procedure wants before the first turn of a screw, in its order (R58 to R71).
fn start(case: &Case<'_>) -> Result<(), Refusal> {
    let visit = case.recording()?;
    if visit.started.is_some() {
        return Err(case.refuse(Reason::AlreadyStarted, ""));
    }
    not_paused(case, visit)?;
    case.require(
        !case.policy().entitlement.check_required || visit.entitlement.is_some(),
        Reason::EntitlementUnchecked,
    )?;
    let agreed = visit.start_agreed.as_ref().is_some_and(|answer| answer.agreed);
    case.require(agreed || !case.policy().entitlement.consent_to_start, Reason::StartNotAgreed)?;
    if let Some(item) = case.open_item(Phase::Before) {
        case.require_about(false, Reason::BeforeChecklistOpen, item.label.zh_hant.as_str())?;
    }
    case.require(unsigned_mismatches(case).is_empty(), Reason::MismatchUnsigned)?;
    case.require(case.order.diagnosis.is_some(), Reason::NotDiagnosed)?;
    // The core promise cannot be waived.
    consented(case)
}

fn under_way<'a>(case: &Case<'a>) -> Result<&'a Visit, Refusal> {
    let visit = case.recording()?;
    if visit.started.is_none() {
        return Err(case.refuse(Reason::NotStarted, ""));
    }
    not_paused(case, visit)?;
    Ok(visit)
}

fn not_paused(case: &Case<'_>, visit: &Visit) -> Result<(), Refusal> {
    match &visit.paused {
        Some(pause) => Err(case.refuse(Reason::VisitPaused, pause.resume_at.minute_text())),
        None => Ok(()),
    }
}

fn not_finished(case: &Case<'_>, visit: &Visit) -> Result<(), Refusal> {
    match visit.finished {
        Some(_) => Err(case.refuse(Reason::AlreadyFinished, "")),
        None => Ok(()),
    }
}
