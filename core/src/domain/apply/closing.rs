//! Facts of parts, custody, sign-off and the office's review.

use super::{Fact, Meta, Order};
use crate::domain::concern::ConcernKind;
use crate::domain::order::closing::{
    Approval, Copy, Correction, CustodyItem, CustodyKind, ReturnedItem, SignOff, TakeAway,
};
use crate::domain::order::signing::Outcome;
use crate::domain::order::{CustodyId, UsedPart, Waiver};

impl Order {
    pub(super) fn apply_closing(&mut self, fact: &Fact, meta: &Meta) {
        let waiver = |reason: &str| Waiver { reason: reason.to_owned(), mark: meta.mark() };
        match fact {
            Fact::TakenAway { receipt_no, items, outcome } => {
                self.take_away(receipt_no, items, outcome, meta);
            }
            Fact::PartUsed(part) => {
                if !part.replaced_serial.is_empty() {
                    self.take_custody(0, CustodyKind::ReplacedPart, &part.name, &part.replaced_serial, meta);
                }
                self.parts.insert(meta.fact, UsedPart { part: part.clone(), mark: meta.mark() });
            }
            Fact::SignedOff { technician, resident, rating, opinion } => {
                let sign_off = SignOff {
                    technician: technician.clone(),
                    resident: resident.clone(),
                    rating: *rating,
                    opinion: opinion.clone(),
                    mark: meta.mark(),
                };
                self.sign_offs.insert(meta.fact, sign_off);
                self.latest_sign_off = Some(meta.fact);
            }
            Fact::CopyDelivered(by) => {
                self.copies.insert(meta.fact, Copy { by: *by, mark: meta.mark() });
            }
            Fact::CustodyTaken { kind, name, serial } => self.take_custody(0, *kind, name, serial, meta),
            Fact::HandoverOffered { items, to } => {
                self.with_custody(items, meta, |item| item.offered_to = Some(to.clone()));
            }
            Fact::HandoverAccepted(items) => self.with_custody(items, meta, |item| {
                item.holder = meta.actor.person.clone();
                item.offered_to = None;
                item.since = meta.mark();
                // What the office accepts is in: nobody has to chase it any more (R97).
                if meta.actor.role != crate::domain::person::Role::Technician {
                    item.closed = Some(meta.mark());
                }
            }),
            Fact::CustodyClosed { items, note: _ } => {
                self.with_custody(items, meta, |item| item.closed = Some(meta.mark()));
            }
            Fact::Approved(note) => {
                let approval = Approval { note: note.clone(), mark: meta.mark() };
                self.review.approved.get_or_insert(approval);
                self.settled.clone_from(&self.concerns);
            }
            Fact::PartReturned { part, note } => {
                let item =
                    ReturnedItem { part: *part, note: note.clone(), mark: meta.mark(), corrected: None };
                self.review.returned.insert(meta.fact, item);
            }
            Fact::PartCorrected { returned, note } => match self.review.returned.get_mut(returned) {
                Some(item) => {
                    item.corrected = Some(Correction { note: note.clone(), mark: meta.mark() });
                }
                None => self.flag(meta, ConcernKind::UnknownReference),
            },
            Fact::Voided(reason) => {
                self.void.get_or_insert_with(|| waiver(reason));
                self.settled.clone_from(&self.concerns);
            }
            Fact::RuleWaived { rule, reason } => {
                self.waivers.insert(*rule, waiver(reason));
            }
            Fact::Flagged(concern) => {
                self.concerns.insert(*concern);
            }
            _ => {}
        }
    }

    fn take_away(&mut self, receipt_no: &str, items: &[(String, String)], outcome: &Outcome, meta: &Meta) {
        for (place, (name, serial)) in (0..=u8::MAX).zip(items) {
            self.take_custody(place, CustodyKind::Device, name, serial, meta);
        }
        let taken = TakeAway {
            receipt_no: receipt_no.to_owned(),
            items: items.to_vec(),
            outcome: outcome.clone(),
            mark: meta.mark(),
        };
        self.take_aways.insert(meta.fact, taken);
    }

    fn with_custody(&mut self, items: &[CustodyId], meta: &Meta, change: impl Fn(&mut CustodyItem)) {
        let mut unknown = false;
        for id in items {
            match self.custody.get_mut(id) {
                Some(item) => change(item),
                None => unknown = true,
            }
        }
        if unknown {
            self.flag(meta, ConcernKind::UnknownReference);
        }
    }
}
