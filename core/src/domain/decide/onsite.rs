//! On site before the work: entitlement, consent to start, checklists, mismatches (R58 to R65, R82 to R85).

use super::Case;
use super::paper::{self, Paper};
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::fact::{Fact, ItemAnswered};
use crate::domain::ids::ItemId;
use crate::domain::order::signing::Outcome;
use crate::domain::order::visit::{ItemValue, STAMP, Visit};
use crate::domain::policy::{Ask, ChecklistItem, Phase};
use crate::domain::refusal::{Reason, Refusal};

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    match kind {
        // Preparation is answered before setting out, the rest on site; the item decides.
        C::AnswerItem => case.booked().map(|_| ()),
        C::AcknowledgeMismatch => {
            case.recording()?;
            if unsigned_mismatches(case).is_empty() {
                return Err(case.refuse(Reason::NoMismatch, ""));
            }
            Ok(())
        }
        C::AnswerStart => {
            let visit = case.recording()?;
            let asked = case.policy().entitlement.check_required;
            case.require(!asked || visit.entitlement.is_some(), Reason::EntitlementUnchecked)
        }
        _ => case.recording().map(|_| ()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::CheckEntitlement(entitlement) => {
            case.require_text(&entitlement.evidence, Reason::TextMissing)?;
            Ok(vec![Fact::EntitlementChecked(entitlement.clone())])
        }
        Command::AnswerStart { agreed, by } => {
            case.require_text(by, Reason::TextMissing)?;
            Ok(vec![Fact::StartAnswered { agreed: *agreed, by: by.clone() }])
        }
        Command::AnswerItem { item, value, remark } => answer_item(case, item, value, remark),
        Command::TakePhoto { item, moment, picture, thumbnail } => {
            let stamp = item.as_str() == STAMP && case.policy().sign_off.seal != Ask::NotAsked;
            if !stamp {
                find(case, item)?;
            }
            let thumbnail = thumbnail.as_ref().map(|thumbnail| thumbnail.digest);
            Ok(vec![Fact::PhotoTaken { item: item.clone(), moment: *moment, picture: *picture, thumbnail }])
        }
        Command::AcknowledgeMismatch(outcome) => {
            sealed_outcome(case, outcome, &Paper::Mismatch)?;
            let items = unsigned_mismatches(case);
            Ok(vec![Fact::MismatchAcknowledged { items, outcome: outcome.clone() }])
        }
        Command::AnswerStep { item, agreed, by } => {
            find(case, item)?;
            case.require_text(by, Reason::TextMissing)?;
            Ok(vec![Fact::StepAnswered { item: item.clone(), agreed: *agreed, by: by.clone() }])
        }
        _ => Ok(Vec::new()),
    }
}

fn find<'a>(case: &Case<'a>, id: &ItemId) -> Result<&'a ChecklistItem, Refusal> {
    case.policy()
        .items(case.order.work_type())
        .find(|item| &item.id == id)
        .ok_or_else(|| case.refuse(Reason::UnknownItem, id.as_str()))
}

fn answer_item(case: &Case<'_>, id: &ItemId, value: &ItemValue, remark: &str) -> Result<Vec<Fact>, Refusal> {
    let item = find(case, id)?;
    case.limit_text(remark)?;
    if let ItemValue::NotApplicable(text) | ItemValue::Text(text) = value {
        case.require_text(text, Reason::TextMissing)?;
    }
    let visit = match item.phase {
        Phase::Preparation => case.booked()?,
        Phase::Before => case.recording()?,
        Phase::After => {
            let visit = case.recording()?;
            if visit.started.is_none() {
                return Err(case.refuse(Reason::NotStarted, ""));
            }
            visit
        }
    };
    in_order(case, item, visit)?;
    if item.needs_consent && *value == ItemValue::Done {
        let agreed = visit.step_consents.get(id).is_some_and(|consent| consent.agreed);
        case.require_about(agreed, Reason::StepNotConsented, item.label.zh_hant.as_str())?;
    }
    // A mismatch is written down, not only ticked (R61).
    if item.is_mismatch(value) {
        case.require_text(remark, Reason::TextMissing)?;
    }
    let replaces = visit.answers.get(id).map(|answer| answer.value.clone());
    let answer = ItemAnswered { item: id.clone(), value: value.clone(), remark: remark.to_owned(), replaces };
    Ok(vec![Fact::ItemAnswered(answer)])
}

/// Connections, then software, then hardware (R64): a numbered step waits for the lower ones.
fn in_order(case: &Case<'_>, item: &ChecklistItem, visit: &Visit) -> Result<(), Refusal> {
    let Some(step) = item.step else { return Ok(()) };
    let earlier = case
        .items(item.phase)
        .find(|other| other.step.is_some_and(|s| s < step) && !visit.answers.contains_key(&other.id));
    match earlier {
        Some(other) => case.require_about(false, Reason::StepOutOfOrder, other.label.zh_hant.as_str()),
        None => Ok(()),
    }
}

/// Mismatches found before the work that the resident has not yet been shown (R61).
pub(super) fn unsigned_mismatches(case: &Case<'_>) -> Vec<ItemId> {
    let Some(visit) = case.visit() else { return Vec::new() };
    case.items(Phase::Before)
        .filter(|item| visit.answers.get(&item.id).is_some_and(|answer| item.is_mismatch(&answer.value)))
        .filter(|item| !visit.mismatches.values().any(|signed| signed.items.contains(&item.id)))
        .map(|item| item.id.clone())
        .collect()
}

/// A resident's outcome: a household signature under the paper that stands here now, or a reason why there is none.
pub(super) fn sealed_outcome(case: &Case<'_>, outcome: &Outcome, paper: &Paper) -> Result<(), Refusal> {
    if let Some(signed) = outcome.signed() {
        if !signed.signer.capacity.is_household() || signed.signer.name.trim().is_empty() {
            return Err(case.refuse(Reason::WrongSigner, signed.signer.name.as_str()));
        }
        paper::check(case, paper, &signed.document, signed.lang)?;
    }
    let Some((_, statement)) = outcome.statement() else { return Ok(()) };
    if let Some(sealed) = &statement.sealed {
        paper::check(case, paper, &sealed.document, sealed.lang)?;
    }
    case.require_text(&statement.text, Reason::TextMissing)
}
