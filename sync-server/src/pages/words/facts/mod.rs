//! A sentence for every kind of fact, as the timeline tells the order's story. Who and when stand beside the sentence.

mod closing;
mod desk;
mod money;
mod onsite;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::signing::Outcome;
use doorstep_core::domain::time::Stamp;

use super::names::Names;
use super::{Three, after_colon, labels, pick};

/// What a sentence needs beside its fact.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// Names of people and checklist items, and the language.
    pub names: &'a Names<'a>,
    /// The present, for days near it.
    pub now: Stamp,
}

impl Telling<'_> {
    fn lang(&self) -> Lang {
        self.names.lang
    }

    fn pick(&self, three: Three) -> &'static str {
        pick(self.lang(), three)
    }

    /// A fixed text, followed by what somebody wrote.
    fn with(&self, three: Three, text: &str) -> String {
        format!("{}{}", self.pick(three), after_colon(self.lang(), text))
    }

    /// What came of asking for a signature: the outcome, who signed, and the objection or reason.
    fn outcome(&self, outcome: &Outcome) -> String {
        let label = labels::outcome(outcome, self.lang());
        let who = outcome.signed().map(|signed| {
            let capacity = labels::capacity(&signed.signer.capacity, self.lang());
            let gap = if self.lang() == Lang::En { ", " } else { "，" };
            format!("{gap}{} {}", capacity, signed.signer.name)
        });
        let reason = after_colon(self.lang(), outcome.reason().unwrap_or_default());
        format!("{label}{}{reason}", who.unwrap_or_default())
    }

    /// Two phrases of one sentence.
    fn join(&self, first: &str, second: &str) -> String {
        match (second.is_empty(), self.lang()) {
            (true, _) => first.to_owned(),
            (false, Lang::En) => format!("{first}; {second}"),
            (false, _) => format!("{first}；{second}"),
        }
    }
}

/// A fact in plain words.
#[must_use]
pub fn sentence(fact: &Fact, tell: &Telling<'_>) -> String {
    match fact {
        Fact::Registered(intake) => desk::registered(intake, tell),
        Fact::Numbered(number) => desk::numbered(number, tell),
        Fact::VisitApproved => desk::visit_approved(tell),
        Fact::RequestAccepted(materials) => desk::request_accepted(materials, tell),
        Fact::RequestRefused(reason) => desk::request_refused(reason, tell),
        Fact::Assigned(assignment) => desk::assigned(assignment, tell),
        Fact::Contacted(contact) => desk::contacted(contact, tell),
        Fact::VisitBooked(window) => desk::visit_booked(*window, tell),
        Fact::NoticeGiven { by, reason, late } => desk::notice_given(*by, reason, *late, tell),
        Fact::RanLate { eta, reason } => desk::ran_late(*eta, reason, tell),
        Fact::FieldEdited { field, from, to } => desk::field_edited(*field, from, to, tell),
        Fact::FieldSettled { field, value } => desk::field_settled(*field, value, tell),
        Fact::NoteAdded { kind, text } => desk::note_added(*kind, text, tell),
        Fact::SetOut => onsite::set_out(tell),
        Fact::Arrived => onsite::arrived(tell),
        Fact::NoShow(note) => onsite::no_show(note, tell),
        Fact::EntitlementChecked(entitlement) => onsite::entitlement_checked(entitlement, tell),
        Fact::StartAnswered { agreed, by } => onsite::start_answered(*agreed, by, tell),
        Fact::ItemAnswered(answer) => onsite::item_answered(answer, tell),
        Fact::PhotoTaken { item, moment, picture: _, thumbnail: _ } => {
            onsite::photo_taken(item, *moment, tell)
        }
        Fact::MismatchAcknowledged { items, outcome } => onsite::mismatch_acknowledged(items, outcome, tell),
        Fact::StepAnswered { item, agreed, by } => onsite::step_answered(item, *agreed, by, tell),
        Fact::WorkStarted => onsite::work_started(tell),
        Fact::VisitPaused { reason, resume_at } => onsite::visit_paused(reason, *resume_at, tell),
        Fact::VisitResumed => onsite::visit_resumed(tell),
        Fact::WorkFinished { solved, cause, method, advice } => {
            onsite::work_finished(*solved, [cause, method, advice], tell)
        }
        Fact::ClosedUnsolved { reason, next_visit, signed } => {
            onsite::closed_unsolved(reason, *next_visit, signed.as_ref(), tell)
        }
        Fact::ItemSettled { visit: _, item, value } => onsite::item_settled(item, value, tell),
        Fact::Diagnosed { cause, liability, note } => money::diagnosed(cause, *liability, note, tell),
        Fact::LiabilityAcknowledged(outcome) => money::liability_acknowledged(outcome, tell),
        Fact::QuotePresented(terms) => money::quote_presented(terms, tell),
        Fact::QuoteReported(_) => money::quote_reported(tell),
        Fact::QuoteReviewed { quote: _, approved, note } => money::quote_reviewed(*approved, note, tell),
        Fact::QuoteAnswered { quote: _, agreed, outcome } => money::quote_answered(*agreed, outcome, tell),
        Fact::PaymentTaken { amount, method, receipt_no } => {
            money::payment_taken(*amount, *method, receipt_no, tell)
        }
        Fact::TakenAway { receipt_no, items, outcome } => {
            closing::taken_away(receipt_no, items, outcome, tell)
        }
        Fact::PartUsed(part) => closing::part_used(part, tell),
        Fact::SignedOff { technician: _, resident, rating, opinion } => {
            closing::signed_off(resident, *rating, opinion, tell)
        }
        Fact::CopyDelivered(by) => closing::copy_delivered(*by, tell),
        Fact::CustodyTaken { kind, name, serial } => closing::custody_taken(*kind, name, serial, tell),
        Fact::HandoverOffered { items, to } => closing::handover_offered(items.len(), to, tell),
        Fact::HandoverAccepted(items) => closing::handover_accepted(items.len(), tell),
        Fact::CustodyClosed { items, note } => closing::custody_closed(items.len(), note, tell),
        Fact::Approved(note) => closing::approved(note, tell),
        Fact::PartReturned { part, note } => closing::part_returned(*part, note, tell),
        Fact::PartCorrected { returned: _, note } => closing::part_corrected(note, tell),
        Fact::Voided(reason) => closing::voided(reason, tell),
        Fact::RuleWaived { rule, reason } => closing::rule_waived(*rule, reason, tell),
        Fact::Flagged(concern) => closing::flagged(concern.kind, tell),
    }
}
