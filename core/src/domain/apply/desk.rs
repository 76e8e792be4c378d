//! Facts of the desk and of the appointment: registration, answer, assignment, contact, window, shared fields.

use super::{Fact, Meta, Order, mark_once};
use crate::domain::concern::ConcernKind;
use crate::domain::order::intake::{Answer, SharedField};
use crate::domain::order::visit::{Late, Notice};
use crate::domain::order::{Alternative, ContactAttempt, Note, Shared};
use crate::domain::time::Window;

impl Order {
    pub(super) fn apply_desk(&mut self, fact: &Fact, meta: &Meta) {
        match fact {
            Fact::Registered(intake) => {
                if self.intake.is_some() {
                    self.flag(meta, ConcernKind::Repeated);
                } else {
                    self.intake = Some(intake.clone());
                    self.registered = Some(meta.mark());
                }
            }
            Fact::Numbered(number) => {
                // A number is given once and for ever (R155).
                self.number.get_or_insert_with(|| number.clone());
            }
            Fact::VisitApproved => {
                mark_once(&mut self.visit_approved, meta);
            }
            Fact::RequestAccepted(text) => self.answer(true, text, meta),
            Fact::RequestRefused(text) => self.answer(false, text, meta),
            Fact::Assigned(assignment) => self.assignment = Some(assignment.clone()),
            Fact::Contacted(contact) => {
                let attempt =
                    ContactAttempt { contact: contact.clone(), visit: meta.visit, mark: meta.mark() };
                self.contacts.insert(meta.fact, attempt);
            }
            Fact::VisitBooked(window) => self.book(*window, meta),
            Fact::NoticeGiven { by, reason, late } => {
                let notice = Notice { by: *by, reason: reason.clone(), late: *late, mark: meta.mark() };
                self.visit_of(meta).notice = Some(notice);
            }
            Fact::RanLate { eta, reason } => {
                let late = Late { eta: *eta, reason: reason.clone(), mark: meta.mark() };
                self.visit_of(meta).late.insert(meta.fact, late);
            }
            Fact::FieldEdited { field, from, to } => self.edit_field(*field, from, to, meta),
            Fact::FieldSettled { field, value } => {
                let mut settled = Vec::new();
                if let Some(before) = self.shared.remove(field) {
                    settled = before.settled;
                    settled.push(Alternative { value: before.value, mark: before.mark });
                    settled.extend(before.conflicts.into_values());
                }
                let (value, mark) = (value.clone(), meta.mark());
                self.shared.insert(*field, Shared { value, mark, conflicts: Default::default(), settled });
            }
            Fact::NoteAdded { kind, text } => {
                self.notes.insert(meta.fact, Note { kind: *kind, text: text.clone(), mark: meta.mark() });
            }
            _ => {}
        }
    }

    fn answer(&mut self, accepted: bool, text: &str, meta: &Meta) {
        if self.answer.as_ref().is_some_and(|old| old.accepted != accepted) {
            self.flag(meta, ConcernKind::Repeated);
        }
        self.answer = Some(Answer { accepted, text: text.to_owned(), mark: meta.mark() });
    }

    /// A new window opens a new visit when the last one is over, and moves the window of one not yet begun.
    fn book(&mut self, window: Window, meta: &Meta) {
        let current = self.visit().map(|(n, visit)| (n, visit.is_over(), visit.arrived.is_some()));
        let number = match current {
            None => 1,
            Some((n, true, _)) => n.saturating_add(1),
            Some((n, false, arrived)) => {
                if arrived {
                    self.flag(meta, ConcernKind::DoubleBooking);
                }
                n
            }
        };
        let visit = self.visits.entry(number).or_default();
        visit.window = Some(window);
        visit.booked = Some(meta.mark());
    }

    /// Three-way: unchanged since it was seen, apply; else keep both until a person picks.
    fn edit_field(&mut self, field: SharedField, from: &str, to: &str, meta: &Meta) {
        let current = self.field(field).to_owned();
        if current == to {
            return;
        }
        let mark = meta.mark();
        let was = self.registered.clone().unwrap_or_else(|| mark.clone());
        let shared = self.shared.entry(field).or_insert_with(|| Shared {
            value: current.clone(),
            mark: was,
            conflicts: Default::default(),
            settled: Vec::new(),
        });
        if current == from {
            shared.value = to.to_owned();
            shared.mark = mark;
        } else {
            shared.conflicts.insert(meta.fact, Alternative { value: to.to_owned(), mark });
        }
    }
}
