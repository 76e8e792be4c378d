//! Custody: take away against a receipt, keep, hand over with two sides, close (R74 to R81, R97).

use super::Case;
use super::onsite::sealed_outcome;
use super::paper::Paper;
use super::work::allows;
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::fact::Fact;
use crate::domain::order::CustodyId;
use crate::domain::order::closing::CustodyItem;
use crate::domain::policy::UnfinishedOutcome;
use crate::domain::refusal::{Reason, Refusal};

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    let me = &case.actor.person;
    match kind {
        C::TakeAway => {
            case.recording()?;
            case.require(allows(case, UnfinishedOutcome::TakeAway), Reason::OutcomeNotAllowed)
        }
        C::HandOver | C::CloseCustody => {
            let mine = case.order.open_custody().any(|(_, item)| &item.holder == me);
            if mine { Ok(()) } else { Err(case.refuse(Reason::NotInYourCustody, "")) }
        }
        C::AcceptHandover => {
            let offered = case.order.open_custody().any(|(_, item)| item.offered_to.as_ref() == Some(me));
            if offered { Ok(()) } else { Err(case.refuse(Reason::NotOfferedToYou, "")) }
        }
        _ => Ok(()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    let me = &case.actor.person;
    match command {
        Command::TakeAway { receipt_no, items, outcome } => {
            case.require_text(receipt_no, Reason::ReceiptMissing)?;
            let named = !items.is_empty() && items.iter().all(|(name, _)| !name.trim().is_empty());
            if !named || items.len() > usize::from(u8::MAX) {
                return Err(case.refuse(Reason::TextMissing, ""));
            }
            if outcome.signed().is_none() {
                return Err(case.refuse(Reason::TakeAwayUnsigned, ""));
            }
            let paper = Paper::TakeAway { receipt_no: receipt_no.clone(), items: items.clone() };
            sealed_outcome(case, outcome, &paper)?;
            Ok(vec![Fact::TakenAway {
                receipt_no: receipt_no.clone(),
                items: items.clone(),
                outcome: outcome.clone(),
            }])
        }
        Command::TakeCustody { kind, name, serial } => {
            case.require_text(name, Reason::TextMissing)?;
            case.limit_text(serial)?;
            Ok(vec![Fact::CustodyTaken { kind: *kind, name: name.clone(), serial: serial.clone() }])
        }
        Command::HandOver { items, to } => {
            every(case, items, Reason::NotInYourCustody, |item| &item.holder == me)?;
            case.require_text(to.as_str(), Reason::TextMissing)?;
            Ok(vec![Fact::HandoverOffered { items: items.clone(), to: to.clone() }])
        }
        Command::AcceptHandover { items } => {
            every(case, items, Reason::NotOfferedToYou, |item| item.offered_to.as_ref() == Some(me))?;
            Ok(vec![Fact::HandoverAccepted(items.clone())])
        }
        Command::CloseCustody { items, note } => {
            every(case, items, Reason::NotInYourCustody, |item| &item.holder == me)?;
            case.require_text(note, Reason::TextMissing)?;
            Ok(vec![Fact::CustodyClosed { items: items.clone(), note: note.clone() }])
        }
        _ => Ok(Vec::new()),
    }
}

/// Every named thing is still in custody and passes the test.
fn every(
    case: &Case<'_>,
    items: &[CustodyId],
    reason: Reason,
    test: impl Fn(&CustodyItem) -> bool,
) -> Result<(), Refusal> {
    if items.is_empty() {
        return Err(case.refuse(reason, ""));
    }
    for id in items {
        let item = case.order.custody.get(id).filter(|item| item.closed.is_none());
        if !item.is_some_and(&test) {
            return Err(case.refuse(reason, item.map(|item| item.name.clone()).unwrap_or_default()));
        }
    }
    Ok(())
}
