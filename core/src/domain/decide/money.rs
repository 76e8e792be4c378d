//! Cause, liability, quote, consent and payment (R66 to R72, R86, R90).

use super::Case;
use super::onsite::sealed_outcome;
use super::paper::Paper;
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::deadline;
use crate::domain::fact::Fact;
use crate::domain::ids::FactId;
use crate::domain::money::Money;
use crate::domain::order::closing::{Liability, PaymentMethod};
use crate::domain::order::quote::{Quote, QuoteStanding, QuoteTerms};
use crate::domain::order::visit::Coverage;
use crate::domain::person::Role;
use crate::domain::policy::{OfflineFallback, PaymentSequence, SupervisorInPaidWork};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::time::Stamp;

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    match kind {
        C::Diagnose => start_agreed(case),
        C::AcknowledgeLiability => {
            case.recording()?;
            let waiting = case.order.diagnosis.as_ref().is_some_and(|diagnosis| {
                diagnosis.liability != Liability::Firm && diagnosis.acknowledged.is_none()
            });
            if waiting { Ok(()) } else { Err(case.refuse(Reason::NoLiabilityNote, "")) }
        }
        C::PresentQuote => {
            start_agreed(case)?;
            if case.order.latest_sign_off.is_some() {
                return Err(case.refuse(Reason::AlreadySignedOff, ""));
            }
            Ok(())
        }
        C::ReportQuote => {
            let (_, quote) = open_quote(case)?;
            if quote.reported.is_some() {
                return Err(case.refuse(Reason::AlreadyReported, ""));
            }
            Ok(())
        }
        C::ReviewQuote => open_quote(case).map(|_| ()),
        C::AnswerQuote => {
            case.on_site()?;
            let (_, quote) = open_quote(case)?;
            supervisor_heard(case, quote)
        }
        C::TakePayment => take_payment(case),
        _ => Ok(()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::Diagnose { cause, liability, note } => {
            case.require_text(cause, Reason::TextMissing)?;
            // What the resident is asked to sign and pay for is explained (R69).
            if *liability != Liability::Firm {
                case.require_text(note, Reason::TextMissing)?;
            }
            Ok(vec![Fact::Diagnosed { cause: cause.clone(), liability: *liability, note: note.clone() }])
        }
        Command::AcknowledgeLiability(outcome) => {
            sealed_outcome(case, outcome, &Paper::Liability)?;
            Ok(vec![Fact::LiabilityAcknowledged(outcome.clone())])
        }
        Command::PresentQuote(terms) => {
            check_terms(case, terms)?;
            Ok(vec![Fact::QuotePresented(terms.clone())])
        }
        Command::ReportQuote => Ok(vec![Fact::QuoteReported(open_quote(case)?.0)]),
        Command::ReviewQuote { approved, note } => {
            case.limit_text(note)?;
            let quote = open_quote(case)?.0;
            Ok(vec![Fact::QuoteReviewed { quote, approved: *approved, note: note.clone() }])
        }
        Command::AnswerQuote { agreed, outcome } => {
            // An agreement nobody signed is none; a refusal stands without a signature (R71).
            if *agreed && outcome.signed().is_none() {
                return Err(case.refuse(Reason::ConsentUnsigned, ""));
            }
            sealed_outcome(case, outcome, &Paper::Quote { agreed: *agreed })?;
            let (quote, presented) = open_quote(case).map(|(id, quote)| (id, quote.presented.at))?;
            if *agreed {
                still_holds(case, presented)?;
            }
            Ok(vec![Fact::QuoteAnswered { quote, agreed: *agreed, outcome: outcome.clone() }])
        }
        Command::TakePayment { amount, method, receipt_no } => {
            check_payment(case, *amount, *method, receipt_no)?;
            Ok(vec![Fact::PaymentTaken { amount: *amount, method: *method, receipt_no: receipt_no.clone() }])
        }
        _ => Ok(Vec::new()),
    }
}

/// On site, and the resident agreed that service may begin (R60).
fn start_agreed(case: &Case<'_>) -> Result<(), Refusal> {
    let visit = case.recording()?;
    let agreed = visit.start_agreed.as_ref().is_some_and(|answer| answer.agreed);
    case.require(agreed || !case.policy().entitlement.consent_to_start, Reason::StartNotAgreed)
}

fn open_quote<'a>(case: &Case<'a>) -> Result<(FactId, &'a Quote), Refusal> {
    match case.order.quote_standing() {
        QuoteStanding::Open(_) => case.order.latest_quote(),
        _ => None,
    }
    .ok_or_else(|| case.refuse(Reason::NoOpenQuote, ""))
}

/// A price is agreed while it holds; after that it is told anew (R67).
fn still_holds(case: &Case<'_>, presented: Stamp) -> Result<(), Refusal> {
    match deadline::quote_validity(presented, case.policy(), &case.rulebook.calendar) {
        Some(limit) if limit.is_past(case.now) => {
            Err(case.refuse(Reason::QuoteExpired, limit.due.minute_text()))
        }
        _ => Ok(()),
    }
}

/// Whether the quote needs the supervisor's yes and not only to be reported: by policy and amount.
fn needs_approval(case: &Case<'_>, quote: &Quote) -> bool {
    let settings = &case.policy().quote;
    match settings.supervisor {
        SupervisorInPaidWork::Approve => {
            quote.terms.total().is_none_or(|total| total.minor > settings.approve_above.unwrap_or(i64::MIN))
        }
        SupervisorInPaidWork::None | SupervisorInPaidWork::Notify => false,
    }
}

/// The supervisor was told of the paid item, and agreed where policy asks for it (R66, R68).
fn supervisor_heard(case: &Case<'_>, quote: &Quote) -> Result<(), Refusal> {
    let settings = &case.policy().quote;
    let free = quote.terms.total().is_some_and(|total| total.minor == 0);
    if free || settings.supervisor == SupervisorInPaidWork::None {
        return Ok(());
    }
    case.require(quote.reported.is_some(), Reason::QuoteUnreported)?;
    if !needs_approval(case, quote) {
        return Ok(());
    }
    // A phone without network cannot wait for ever: where policy says so, the report is enough until an answer comes.
    let goes_on = settings.offline_fallback == OfflineFallback::ProceedWithReport;
    let heard = quote.reviewed.as_ref().map_or(goes_on, |review| review.approved);
    case.require(heard, Reason::QuoteUnapproved)
}

/// The invariant everybody is owed: no path from a priced, unconsented quote to the work (R66 to R71).
pub(super) fn consented(case: &Case<'_>) -> Result<(), Refusal> {
    let order = case.order;
    if let QuoteStanding::Open(_) = order.quote_standing() {
        return Err(case.refuse(Reason::ConsentMissing, ""));
    }
    if let QuoteStanding::Refused(_) = order.quote_standing() {
        return Err(case.refuse(Reason::ConsentRefused, ""));
    }
    let covered = case
        .visit()
        .and_then(|visit| visit.entitlement.as_ref())
        .is_some_and(|entitlement| entitlement.coverage == Coverage::Covered);
    let liability = order.diagnosis.as_ref();
    let charged = liability.is_some_and(|diagnosis| diagnosis.liability != Liability::Firm);
    if charged {
        let signed = liability.is_some_and(|diagnosis| diagnosis.acknowledged.is_some());
        case.require(signed, Reason::LiabilityUnsigned)?;
    }
    let free = covered || liability.is_some_and(|diagnosis| diagnosis.liability == Liability::Firm);
    if order.agreed_quote.is_none() && (charged || !free) {
        return Err(case.refuse(Reason::QuoteMissing, ""));
    }
    Ok(())
}

fn check_terms(case: &Case<'_>, terms: &QuoteTerms) -> Result<(), Refusal> {
    let settings = &case.policy().quote;
    if terms.lines.is_empty() {
        return Err(case.refuse(Reason::QuoteEmpty, ""));
    }
    if settings.reason_required {
        case.require_text(&terms.reason, Reason::QuoteReasonMissing)?;
    }
    let bad = |detail: &str| case.refuse(Reason::QuoteUnreadable, detail);
    for line in &terms.lines {
        case.limit_text(&line.name)?;
        let named = !line.name.trim().is_empty();
        let right = line.quantity.thousandths > 0 && line.unit_price.minor >= 0;
        if !named || !right || line.unit_price.currency != case.policy().currency {
            return Err(bad(&line.name));
        }
    }
    let (gross, total) = terms.gross().zip(terms.total()).ok_or_else(|| bad(""))?;
    if terms.discount.minor < 0 || total.minor < 0 || terms.discount.currency != case.policy().currency {
        return Err(bad(&terms.discount.to_string()));
    }
    let limit = i128::from(gross.minor) * i128::from(settings.discount_limit_percent) / 100;
    let within = i128::from(terms.discount.minor) <= limit;
    let detail = format!("{}%", settings.discount_limit_percent);
    case.require_about(within || case.actor.role != Role::Technician, Reason::DiscountTooHigh, detail)
}

/// What is still to be paid on site; zero when it is billed later.
pub(super) fn due(case: &Case<'_>) -> Money {
    let currency = case.policy().currency;
    let fee = case.order.fee(currency);
    let paid = case.order.paid(currency);
    Money::new(fee.minor.saturating_sub(paid.minor).max(0), currency)
}

fn take_payment(case: &Case<'_>) -> Result<(), Refusal> {
    let visit = case.on_site()?;
    if visit.finished.is_none() {
        return Err(case.refuse(Reason::NotFinished, ""));
    }
    if case.policy().payment.sequence == PaymentSequence::SignThenFee {
        case.require(case.order.latest_sign_off.is_some(), Reason::SignFirst)?;
    }
    if due(case).minor == 0 {
        return Err(case.refuse(Reason::NothingToPay, ""));
    }
    Ok(())
}

fn check_payment(
    case: &Case<'_>,
    amount: Money,
    method: PaymentMethod,
    receipt: &str,
) -> Result<(), Refusal> {
    let settings = &case.policy().payment;
    if !settings.methods.contains(&method) {
        return Err(case.refuse(Reason::MethodNotAllowed, ""));
    }
    let due = due(case);
    if amount.currency != due.currency || amount.minor <= 0 || amount.minor > due.minor {
        return Err(case.refuse(Reason::Overpayment, due.to_string()));
    }
    if settings.receipt_required {
        case.require_text(receipt, Reason::VoucherMissing)?;
    }
    case.limit_text(receipt)
}
