//! The supervisor's review: approve, send single items back, void, waive (R155 to R160).

use super::Case;
use super::appointment::tried_enough;
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::fact::Fact;
use crate::domain::order::status::Status;
use crate::domain::refusal::{Reason, Refusal};

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    match kind {
        C::Approve => approve(case),
        C::ReturnItems => reviewable(case),
        C::CorrectReturned => {
            if case.has_returned() {
                Ok(())
            } else {
                Err(case.refuse(Reason::NothingReturned, ""))
            }
        }
        C::Waive => {
            let any = case.policy().waivers.iter().any(|waiver| waiver.roles.contains(&case.actor.role));
            if any { Ok(()) } else { Err(case.refuse(Reason::CannotWaive, "")) }
        }
        _ => Ok(()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::Approve { note } => {
            case.limit_text(note)?;
            Ok(vec![Fact::Approved(note.clone())])
        }
        Command::ReturnItems { items } => {
            if items.is_empty() {
                return Err(case.refuse(Reason::TextMissing, ""));
            }
            let returned = items.iter().map(|(part, note)| {
                case.require_text(note, Reason::TextMissing)?;
                Ok(Fact::PartReturned { part: *part, note: note.clone() })
            });
            returned.collect()
        }
        Command::CorrectReturned { returned, note } => {
            let open = case.order.review.returned.get(returned).is_some_and(|i| i.corrected.is_none());
            if !open {
                return Err(case.refuse(Reason::NothingReturned, ""));
            }
            case.require_text(note, Reason::TextMissing)?;
            Ok(vec![Fact::PartCorrected { returned: *returned, note: note.clone() }])
        }
        Command::Void { reason } => {
            case.require_text(reason, Reason::TextMissing)?;
            Ok(vec![Fact::Voided(reason.clone())])
        }
        Command::Waive { rule, reason } => {
            let may = case.policy().waived_by(*rule).contains(&case.actor.role);
            if !may {
                return Err(case.refuse(Reason::CannotWaive, format!("R{rule}")));
            }
            case.require_text(reason, Reason::TextMissing)?;
            if *rule == Reason::ResidentNotReached.rule() {
                tried_enough(case)?;
            }
            Ok(vec![Fact::RuleWaived { rule: *rule, reason: reason.clone() }])
        }
        _ => Ok(Vec::new()),
    }
}

/// Signed off, or closed without a solution and without a next date: the technician has nothing more to do.
fn reviewable(case: &Case<'_>) -> Result<(), Refusal> {
    match case.order.status() {
        Status::SignedOff | Status::Returned | Status::Unsolved => Ok(()),
        _ => Err(case.refuse(Reason::NotReviewable, "")),
    }
}

fn approve(case: &Case<'_>) -> Result<(), Refusal> {
    if case.order.review.approved.is_none() {
        reviewable(case)?;
    }
    let own = case.order.is_assigned_to(&case.actor.person);
    case.require(!own || !case.policy().review.verifier_differs_from_technician, Reason::OwnWork)?;
    case.require(!case.has_returned(), Reason::CorrectionOpen)?;
    case.require(!case.order.has_conflict(), Reason::ConflictOpen)?;
    let Some(sign_off) = case.order.sign_off() else { return Ok(()) };
    let resident = &sign_off.resident;
    let accounted = resident.signed().is_some() || resident.reason().is_some_and(|r| !r.trim().is_empty());
    case.require(accounted, Reason::SignatureMissing)?;
    let delivered = !case.order.copies.is_empty() || !case.policy().copies.copy_required;
    case.require(delivered, Reason::CopyMissing)
}
