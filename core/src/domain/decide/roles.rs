//! Which roles may give which command. A technician acts on orders that are theirs.

use super::Case;
use crate::domain::command::CommandKind as C;
use crate::domain::person::Role;
use crate::domain::refusal::{Reason, Refusal};

const DESK: &[Role] = &[Role::FrontDesk, Role::Supervisor, Role::Director];
const HEADS: &[Role] = &[Role::Supervisor, Role::Director];
const SITE: &[Role] = &[Role::Technician];
const ANYONE: &[Role] = &Role::ALL;

fn roles(kind: C) -> &'static [Role] {
    match kind {
        C::Register
        | C::RecordContact
        | C::Book
        | C::GiveNotice
        | C::ReportLate
        | C::EditField
        | C::AddNote
        | C::TakeCustody
        | C::HandOver
        | C::AcceptHandover
        | C::CloseCustody => ANYONE,
        C::Accept | C::Refuse | C::Assign => DESK,
        C::ApproveVisit
        | C::ReviewQuote
        | C::Approve
        | C::ReturnItems
        | C::Void
        | C::Waive
        | C::SettleField
        | C::SettleItem => HEADS,
        C::SetOut
        | C::Arrive
        | C::DeclareNoShow
        | C::CheckEntitlement
        | C::AnswerStart
        | C::AnswerItem
        | C::TakePhoto
        | C::AcknowledgeMismatch
        | C::AnswerStep
        | C::Diagnose
        | C::AcknowledgeLiability
        | C::PresentQuote
        | C::ReportQuote
        | C::AnswerQuote
        | C::StartWork
        | C::RequestAssistance
        | C::TakeAway
        | C::UsePart
        | C::Pause
        | C::Resume
        | C::FinishWork
        | C::CloseUnsolved
        | C::TakePayment
        | C::SignOff
        | C::DeliverCopy
        | C::CorrectReturned => SITE,
    }
}

impl Case<'_> {
    pub(super) fn may(&self, kind: C) -> Result<(), Refusal> {
        if !roles(kind).contains(&self.actor.role) {
            return Err(self.refuse(Reason::WrongRole, ""));
        }
        let technician = self.actor.role == Role::Technician;
        // Anyone may register; things are handed over between colleagues, whoever's order they came from.
        let anyones = matches!(kind, C::Register | C::AcceptHandover | C::HandOver | C::CloseCustody);
        if technician
            && !anyones
            && self.order.intake.is_some()
            && !self.order.is_assigned_to(&self.actor.person)
        {
            return Err(self.refuse(Reason::NotYourOrder, ""));
        }
        Ok(())
    }
}
