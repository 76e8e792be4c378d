//! `Order::apply`: what follows from a fact. Pure, total, never refuses: what should not have happened is kept and flagged.

mod closing;
mod desk;
mod money;
mod onsite;

use super::concern::{Concern, ConcernKind};
use super::fact::{Fact, Meta};
use super::ids::Digest;
use super::lang::Lang;
use super::order::visit::Visit;
use super::order::{Mark, Order};
use super::seal::{self, Held};

impl Meta {
    fn mark(&self) -> Mark {
        Mark { at: self.at, by: self.actor.person.clone() }
    }
}

impl Order {
    /// Folds one fact into the order. Every fact is accepted; a misplaced one leaves a [`Concern`].
    pub fn apply(&mut self, fact: &Fact, meta: &Meta) {
        self.flag_if_closed(fact, meta);
        self.flag_if_document_differs(fact, meta);
        match fact {
            Fact::Registered(_)
            | Fact::Numbered(_)
            | Fact::VisitApproved
            | Fact::RequestAccepted(_)
            | Fact::RequestRefused(_)
            | Fact::Assigned(_)
            | Fact::Contacted(_)
            | Fact::VisitBooked(_)
            | Fact::NoticeGiven { .. }
            | Fact::RanLate { .. }
            | Fact::FieldEdited { .. }
            | Fact::FieldSettled { .. }
            | Fact::NoteAdded { .. } => self.apply_desk(fact, meta),
            Fact::SetOut
            | Fact::Arrived
            | Fact::NoShow(_)
            | Fact::EntitlementChecked(_)
            | Fact::StartAnswered { .. }
            | Fact::ItemAnswered(_)
            | Fact::PhotoTaken { .. }
            | Fact::MismatchAcknowledged { .. }
            | Fact::StepAnswered { .. }
            | Fact::WorkStarted
            | Fact::VisitPaused { .. }
            | Fact::VisitResumed
            | Fact::WorkFinished { .. }
            | Fact::ClosedUnsolved { .. }
            | Fact::ItemSettled { .. } => self.apply_onsite(fact, meta),
            Fact::Diagnosed { .. }
            | Fact::LiabilityAcknowledged(_)
            | Fact::QuotePresented(_)
            | Fact::QuoteReported(_)
            | Fact::QuoteReviewed { .. }
            | Fact::QuoteAnswered { .. }
            | Fact::PaymentTaken { .. } => self.apply_money(fact, meta),
            Fact::TakenAway { .. }
            | Fact::PartUsed(_)
            | Fact::SignedOff { .. }
            | Fact::CopyDelivered(_)
            | Fact::CustodyTaken { .. }
            | Fact::HandoverOffered { .. }
            | Fact::HandoverAccepted(_)
            | Fact::CustodyClosed { .. }
            | Fact::Approved(_)
            | Fact::PartReturned { .. }
            | Fact::PartCorrected { .. }
            | Fact::Voided(_)
            | Fact::RuleWaived { .. }
            | Fact::Flagged(_) => self.apply_closing(fact, meta),
        }
    }

    /// Work on site goes on being recorded when the office has closed the order meanwhile; the supervisor is told.
    fn flag_if_closed(&mut self, fact: &Fact, meta: &Meta) {
        // These belong to a closed order too: money and things still change hands, and notes are written.
        let harmless = matches!(
            fact,
            Fact::Numbered(_)
                | Fact::Voided(_)
                | Fact::NoteAdded { .. }
                | Fact::HandoverOffered { .. }
                | Fact::HandoverAccepted(_)
                | Fact::CustodyClosed { .. }
                | Fact::CopyDelivered(_)
                | Fact::Flagged(_)
                | Fact::FieldSettled { .. }
                | Fact::ItemSettled { .. }
        );
        // Approved again: what came in since was looked at.
        let again = matches!(fact, Fact::Approved(_)) && self.void.is_none();
        if harmless || again {
            return;
        }
        if self.void.is_some() {
            self.flag(meta, ConcernKind::AfterVoid);
        } else if self.review.approved.is_some() {
            self.flag(meta, ConcernKind::AfterApproval);
        }
    }

    /// A seal over a document that this order's facts, before this one, do not give.
    fn flag_if_document_differs(&mut self, fact: &Fact, meta: &Meta) {
        let differs = |(digest, lang): (Digest, Lang)| {
            seal::document_of(self, meta, fact, lang).is_none_or(|document| document.digest() != digest)
        };
        if seal::held(fact).iter().filter_map(Held::document).any(differs) {
            self.flag(meta, ConcernKind::DocumentDiffers);
        }
    }

    fn flag(&mut self, meta: &Meta, kind: ConcernKind) {
        self.concerns.insert(Concern { fact: meta.fact, kind });
    }

    /// The visit a fact belongs to. A fact that names none belongs to the first.
    fn visit_of(&mut self, meta: &Meta) -> &mut Visit {
        self.visits.entry(meta.visit.max(1)).or_default()
    }
}

/// Sets a mark that is given once, and says whether it was there already.
fn mark_once(slot: &mut Option<Mark>, meta: &Meta) -> bool {
    let repeated = slot.is_some();
    slot.get_or_insert_with(|| meta.mark());
    repeated
}
