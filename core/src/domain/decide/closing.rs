//! Sign-off and the resident's copy (R82 to R91).

use super::Case;
use super::money::{consented, due};
use super::onsite::sealed_outcome;
use super::paper::{self, Paper};
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::fact::Fact;
use crate::domain::order::signing::{Capacity, Outcome, Signed};
use crate::domain::order::visit::{PhotoMoment, STAMP, Visit};
use crate::domain::policy::{Ask, PaymentSequence, Phase};
use crate::domain::refusal::{Reason, Refusal};

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    match kind {
        C::SignOff => sign_off(case),
        C::DeliverCopy => case.require(case.order.latest_sign_off.is_some(), Reason::NotSignedOff),
        _ => Ok(()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::SignOff { technician, resident, rating, opinion } => {
            case.limit_text(opinion)?;
            let paper = Paper::Sheet { rating: *rating, opinion: opinion.clone() };
            technician_signed(case, technician, &paper)?;
            sealed_outcome(case, resident, &paper)?;
            rated(case, resident, *rating)?;
            stamped(case, resident)?;
            Ok(vec![Fact::SignedOff {
                technician: technician.clone(),
                resident: resident.clone(),
                rating: *rating,
                opinion: opinion.clone(),
            }])
        }
        Command::DeliverCopy { by } => Ok(vec![Fact::CopyDelivered(*by)]),
        _ => Ok(Vec::new()),
    }
}

fn sign_off(case: &Case<'_>) -> Result<(), Refusal> {
    let visit = case.recording()?;
    let Some(finish) = &visit.finished else {
        return Err(case.refuse(Reason::NotFinished, ""));
    };
    if !finish.solved {
        return Err(case.refuse(Reason::NotSolved, ""));
    }
    consented(case)?;
    if let Some(item) = case.open_item(Phase::After) {
        case.require_about(false, Reason::AfterChecklistOpen, item.label.zh_hant.as_str())?;
    }
    photos(case, visit)?;
    if visit.answers.values().any(|answer| !answer.conflicts.is_empty()) {
        case.require(false, Reason::ConflictOpen)?;
    }
    if case.policy().payment.sequence == PaymentSequence::FeeThenSign {
        let due = due(case);
        case.require_about(due.minor == 0, Reason::FeeUnpaid, due.to_string())?;
    }
    Ok(())
}

/// Every photo a checklist item asks for, and both halves of a pair (R84).
fn photos(case: &Case<'_>, visit: &Visit) -> Result<(), Refusal> {
    for item in case.policy().items(case.order.work_type()).filter(|item| item.phase != Phase::Preparation) {
        let has = |moment| visit.photos.values().any(|p| p.item == item.id && p.moment == moment);
        let complete = item.photo.is_met(has(PhotoMoment::Before), has(PhotoMoment::After));
        case.require_about(complete, Reason::PhotoMissing, item.label.zh_hant.as_str())?;
    }
    Ok(())
}

fn technician_signed(case: &Case<'_>, signed: &Signed, paper: &Paper) -> Result<(), Refusal> {
    if signed.signer.capacity != Capacity::Technician || signed.signer.name.trim().is_empty() {
        return Err(case.refuse(Reason::WrongSigner, signed.signer.name.as_str()));
    }
    paper::check(case, paper, &signed.document, signed.lang)
}

/// A resident who signs also stamps where the firm asks for it; the photo of the stamp says so (R87).
fn stamped(case: &Case<'_>, resident: &Outcome) -> Result<(), Refusal> {
    let asked = case.policy().sign_off.seal == Ask::Required && resident.signed().is_some();
    let photo = |visit: &Visit| visit.photos.values().any(|photo| photo.item.as_str() == STAMP);
    case.require(!asked || case.visit().is_some_and(photo), Reason::StampMissing)
}

/// A resident who signs is asked for a rating; one who refuses or is away is not (R88).
fn rated(case: &Case<'_>, resident: &Outcome, rating: Option<u8>) -> Result<(), Refusal> {
    match rating {
        Some(1..=5) => Ok(()),
        Some(_) => Err(case.refuse(Reason::RatingWrong, "")),
        None => {
            let asked = case.policy().sign_off.rating == Ask::Required && resident.signed().is_some();
            case.require(!asked, Reason::RatingMissing)
        }
    }
}
