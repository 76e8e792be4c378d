//! Facts of cause, quote, consent and payment.

use super::{Fact, Meta, Order};
use crate::domain::concern::ConcernKind;
use crate::domain::ids::FactId;
use crate::domain::order::CustodyId;
use crate::domain::order::closing::{CustodyItem, CustodyKind, Diagnosis, Payment, PaymentMethod};
use crate::domain::order::quote::{Quote, QuoteAnswer, QuoteReview};
use crate::domain::order::signing::Outcome;

impl Order {
    pub(super) fn apply_money(&mut self, fact: &Fact, meta: &Meta) {
        match fact {
            Fact::Diagnosed { cause, liability, note } => {
                self.diagnosis = Some(Diagnosis {
                    cause: cause.clone(),
                    liability: *liability,
                    note: note.clone(),
                    mark: meta.mark(),
                    acknowledged: None,
                });
            }
            Fact::LiabilityAcknowledged(outcome) => match &mut self.diagnosis {
                Some(diagnosis) => diagnosis.acknowledged = Some(outcome.clone()),
                None => self.flag(meta, ConcernKind::UnknownReference),
            },
            Fact::QuotePresented(terms) => {
                let quote = Quote {
                    terms: terms.clone(),
                    visit: meta.visit,
                    presented: meta.mark(),
                    reported: None,
                    reviewed: None,
                    answer: None,
                };
                self.quotes.insert(meta.fact, quote);
                self.latest_quote = Some(meta.fact);
            }
            Fact::QuoteReported(id) => {
                let mark = meta.mark();
                self.with_quote(*id, meta, |quote| {
                    quote.reported.get_or_insert(mark);
                });
            }
            Fact::QuoteReviewed { quote, approved, note } => {
                let review = QuoteReview { approved: *approved, note: note.clone(), mark: meta.mark() };
                self.with_quote(*quote, meta, |quote| quote.reviewed = Some(review));
            }
            Fact::QuoteAnswered { quote, agreed, outcome } => {
                self.answer_quote(*quote, *agreed, outcome, meta);
            }
            Fact::PaymentTaken { amount, method, receipt_no } => {
                let payment = Payment {
                    amount: *amount,
                    method: *method,
                    receipt_no: receipt_no.clone(),
                    mark: meta.mark(),
                };
                self.payments.insert(meta.fact, payment);
                if self.paid(amount.currency) > self.fee(amount.currency) {
                    self.flag(meta, ConcernKind::Overpaid);
                }
                // Cash and cheques are in the technician's hands until the office accepts them (R97).
                if matches!(method, PaymentMethod::Cash | PaymentMethod::Cheque) {
                    let name = match method {
                        PaymentMethod::Cheque => "支票",
                        _ => "現金",
                    };
                    self.take_custody(0, CustodyKind::Money, name, &amount.to_string(), meta);
                }
            }
            _ => {}
        }
    }

    fn with_quote(&mut self, id: FactId, meta: &Meta, change: impl FnOnce(&mut Quote)) {
        match self.quotes.get_mut(&id) {
            Some(quote) => change(quote),
            None => self.flag(meta, ConcernKind::UnknownReference),
        }
    }

    /// Sealed facts cannot lose: a second answer to the same quote supersedes it in force, and both seals stay in the log.
    fn answer_quote(&mut self, id: FactId, agreed: bool, outcome: &Outcome, meta: &Meta) {
        let answer = QuoteAnswer { agreed, outcome: outcome.clone(), mark: meta.mark() };
        let mut repeated = false;
        self.with_quote(id, meta, |quote| {
            repeated = quote.answer.is_some();
            quote.answer = Some(answer);
        });
        if repeated {
            self.flag(meta, ConcernKind::Repeated);
        }
        if agreed && self.quotes.contains_key(&id) {
            self.agreed_quote = Some(id);
        } else if self.agreed_quote == Some(id) {
            self.agreed_quote = None;
        }
    }

    /// Puts a thing into the acting person's custody.
    pub(super) fn take_custody(
        &mut self,
        place: u8,
        kind: CustodyKind,
        name: &str,
        serial: &str,
        meta: &Meta,
    ) {
        let item = CustodyItem {
            kind,
            name: name.to_owned(),
            serial: serial.to_owned(),
            holder: meta.actor.person.clone(),
            offered_to: None,
            closed: None,
            since: meta.mark(),
        };
        self.custody.insert(CustodyId(meta.fact, place), item);
    }
}
