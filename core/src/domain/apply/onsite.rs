//! Facts of the visit itself: the door, the checklists, the work.

use super::{Fact, Meta, Order, mark_once};
use crate::domain::concern::ConcernKind;
use crate::domain::fact::ItemAnswered;
use crate::domain::order::quote::QuoteStanding;
use crate::domain::order::visit::{
    Acknowledgement, Agreement, Finish, ItemAnswer, KeptAnswer, Pause, Photo, Unsolved,
};
use crate::domain::person::Role;

impl Order {
    pub(super) fn apply_onsite(&mut self, fact: &Fact, meta: &Meta) {
        let agreement = |agreed: bool, by: &str| Agreement { agreed, by: by.to_owned(), mark: meta.mark() };
        match fact {
            Fact::SetOut => self.once(meta, |visit| &mut visit.set_out),
            Fact::Arrived => self.once(meta, |visit| &mut visit.arrived),
            Fact::NoShow(note) => {
                self.once(meta, |visit| &mut visit.no_show);
                if !note.is_empty() {
                    let kind = crate::domain::order::NoteKind::Note;
                    self.apply(&Fact::NoteAdded { kind, text: note.clone() }, meta);
                }
            }
            Fact::EntitlementChecked(entitlement) => {
                self.visit_of(meta).entitlement = Some(entitlement.clone());
            }
            Fact::StartAnswered { agreed, by } => {
                self.visit_of(meta).start_agreed = Some(agreement(*agreed, by));
            }
            Fact::ItemAnswered(answer) => self.answer_item(answer, meta),
            Fact::PhotoTaken { item, moment, picture, thumbnail } => {
                let photo = Photo {
                    item: item.clone(),
                    moment: *moment,
                    picture: *picture,
                    thumbnail: *thumbnail,
                    mark: meta.mark(),
                };
                self.visit_of(meta).photos.insert(meta.fact, photo);
            }
            Fact::MismatchAcknowledged { items, outcome } => {
                let signed =
                    Acknowledgement { items: items.clone(), outcome: outcome.clone(), mark: meta.mark() };
                self.visit_of(meta).mismatches.insert(meta.fact, signed);
            }
            Fact::StepAnswered { item, agreed, by } => {
                self.visit_of(meta).step_consents.insert(item.clone(), agreement(*agreed, by));
            }
            Fact::WorkStarted => self.start_work(meta),
            Fact::VisitPaused { reason, resume_at } => {
                let pause = Pause { reason: reason.clone(), resume_at: *resume_at, mark: meta.mark() };
                self.visit_of(meta).paused = Some(pause);
            }
            Fact::VisitResumed => self.visit_of(meta).paused = None,
            Fact::WorkFinished { solved, cause, method, advice } => {
                let finish = Finish {
                    solved: *solved,
                    cause: cause.clone(),
                    method: method.clone(),
                    advice: advice.clone(),
                    mark: meta.mark(),
                };
                self.visit_of(meta).finished = Some(finish);
            }
            Fact::ClosedUnsolved { reason, next_visit, signed } => {
                let unsolved = Unsolved {
                    reason: reason.clone(),
                    next_visit: *next_visit,
                    mark: meta.mark(),
                    signed: signed.clone(),
                };
                self.visit_of(meta).unsolved = Some(unsolved);
            }
            Fact::ItemSettled { visit, item, value } => {
                let mark = meta.mark();
                match self.visits.get_mut(visit).and_then(|visit| visit.answers.get_mut(item)) {
                    Some(answer) => {
                        let given = std::mem::replace(&mut answer.value, value.clone());
                        let mark = std::mem::replace(&mut answer.mark, mark);
                        answer.settled.push(KeptAnswer { given, mark });
                        answer.settled.extend(std::mem::take(&mut answer.conflicts).into_values());
                    }
                    None => self.flag(meta, ConcernKind::UnknownReference),
                }
            }
            _ => {}
        }
    }

    fn once(
        &mut self,
        meta: &Meta,
        slot: impl Fn(&mut crate::domain::order::visit::Visit) -> &mut Option<crate::domain::order::Mark>,
    ) {
        if mark_once(slot(self.visit_of(meta)), meta) {
            self.flag(meta, ConcernKind::Repeated);
        }
    }

    /// Work that began without consent really began: it is recorded, and the supervisor sees it (R66 to R71).
    fn start_work(&mut self, meta: &Meta) {
        match self.quote_standing() {
            QuoteStanding::Open(_) => self.flag(meta, ConcernKind::WorkWithoutConsent),
            QuoteStanding::Refused(_) => self.flag(meta, ConcernKind::WorkAgainstRefusal),
            QuoteStanding::None | QuoteStanding::Agreed(_) => {}
        }
        self.once(meta, |visit| &mut visit.started);
    }

    /// The value on site is shown; a value its giver had not seen is kept beside it.
    fn answer_item(&mut self, given: &ItemAnswered, meta: &Meta) {
        let mark = meta.mark();
        let on_site = meta.actor.role == Role::Technician;
        let answers = &mut self.visit_of(meta).answers;
        let Some(current) = answers.get_mut(&given.item) else {
            let answer = ItemAnswer {
                value: given.value.clone(),
                remark: given.remark.clone(),
                mark,
                conflicts: Default::default(),
                settled: Vec::new(),
            };
            answers.insert(given.item.clone(), answer);
            return;
        };
        let seen = given.replaces.as_ref() == Some(&current.value);
        if !seen && current.value != given.value {
            let (kept, kept_mark) = if on_site {
                (current.value.clone(), current.mark.clone())
            } else {
                (given.value.clone(), mark.clone())
            };
            current.conflicts.insert(meta.fact, KeptAnswer { given: kept, mark: kept_mark });
        }
        if seen || on_site {
            current.value = given.value.clone();
            current.remark = given.remark.clone();
            current.mark = mark;
        }
    }
}
