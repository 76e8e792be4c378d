//! The gates: what must be true of the order before a kind of command can be given at all.

use super::{Case, appointment, closing, custody, desk, money, onsite, review, work};
use crate::domain::command::CommandKind as C;
use crate::domain::order::visit::Visit;
use crate::domain::refusal::{Reason, Refusal};

impl<'a> Case<'a> {
    /// Passes, or gives the first reason why this kind of command may not be given now.
    pub(super) fn gate(&self, kind: C) -> Result<(), Refusal> {
        self.may(kind)?;
        if kind == C::Register {
            return match self.order.intake {
                Some(_) => Err(self.refuse(Reason::AlreadyRegistered, "")),
                None => Ok(()),
            };
        }
        if self.order.intake.is_none() {
            return Err(self.refuse(Reason::NotRegistered, ""));
        }
        self.still_open(kind)?;
        match kind {
            C::Register => Ok(()),
            C::ApproveVisit
            | C::Accept
            | C::Refuse
            | C::Assign
            | C::EditField
            | C::SettleField
            | C::SettleItem
            | C::AddNote
            | C::RequestAssistance => desk::gate(self, kind),
            C::RecordContact
            | C::Book
            | C::GiveNotice
            | C::ReportLate
            | C::SetOut
            | C::Arrive
            | C::DeclareNoShow => appointment::gate(self, kind),
            C::CheckEntitlement
            | C::AnswerStart
            | C::AnswerItem
            | C::TakePhoto
            | C::AcknowledgeMismatch
            | C::AnswerStep => onsite::gate(self, kind),
            C::Diagnose
            | C::AcknowledgeLiability
            | C::PresentQuote
            | C::ReportQuote
            | C::ReviewQuote
            | C::AnswerQuote
            | C::TakePayment => money::gate(self, kind),
            C::StartWork | C::UsePart | C::Pause | C::Resume | C::FinishWork | C::CloseUnsolved => {
                work::gate(self, kind)
            }
            C::SignOff | C::DeliverCopy => closing::gate(self, kind),
            C::TakeAway | C::TakeCustody | C::HandOver | C::AcceptHandover | C::CloseCustody => {
                custody::gate(self, kind)
            }
            C::Approve | C::ReturnItems | C::CorrectReturned | C::Void | C::Waive => review::gate(self, kind),
        }
    }

    /// A closed order takes notes and hand-overs, nothing else.
    fn still_open(&self, kind: C) -> Result<(), Refusal> {
        if matches!(kind, C::AddNote | C::HandOver | C::AcceptHandover | C::CloseCustody) {
            return Ok(());
        }
        // What came in after it was closed is settled by closing it again, having seen that.
        let unsettled = self.order.unsettled().next().is_some();
        if self.order.void.is_some() && !(kind == C::Void && unsettled) {
            return Err(self.refuse(Reason::OrderVoid, ""));
        }
        // An approved order can still be voided, with its reason (R155).
        let open = kind == C::Void || (kind == C::Approve && unsettled);
        if self.order.review.approved.is_some() && !open {
            return Err(self.refuse(Reason::OrderApproved, ""));
        }
        Ok(())
    }

    /// The accepted request.
    pub(super) fn accepted(&self) -> Result<(), Refusal> {
        match &self.order.answer {
            None => Err(self.refuse(Reason::NotAccepted, "")),
            Some(answer) if !answer.accepted => Err(self.refuse(Reason::RequestRefused, "")),
            Some(_) => Ok(()),
        }
    }

    /// The visit with its window, not over yet.
    pub(super) fn booked(&self) -> Result<&'a Visit, Refusal> {
        let visit = self.visit().ok_or_else(|| self.refuse(Reason::NotBooked, ""))?;
        if visit.is_over() {
            return Err(self.refuse(Reason::VisitOver, ""));
        }
        Ok(visit)
    }

    /// The visit the technician is on site for.
    pub(super) fn on_site(&self) -> Result<&'a Visit, Refusal> {
        let visit = self.booked()?;
        if visit.arrived.is_none() {
            return Err(self.refuse(Reason::NotArrived, ""));
        }
        Ok(visit)
    }

    /// On site and not signed off, or something was sent back to be put right.
    pub(super) fn recording(&self) -> Result<&'a Visit, Refusal> {
        let visit = self.on_site()?;
        if self.order.latest_sign_off.is_some() && !self.has_returned() {
            return Err(self.refuse(Reason::AlreadySignedOff, ""));
        }
        Ok(visit)
    }

    pub(super) fn has_returned(&self) -> bool {
        self.order.review.returned.values().any(|item| item.corrected.is_none())
    }
}
