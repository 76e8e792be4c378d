//! `decide`: the only place where a rule blocks an action. Pure; phone, server and buttons ask the same code.
//!
//! A command passes its gate (may this be done to this order now, by this person?), then what was filled in is checked,
//! then facts follow. `available_actions` asks only the gates.

mod appointment;
mod closing;
mod custody;
mod desk;
mod gate;
mod money;
mod onsite;
pub mod paper;
mod review;
mod roles;
mod work;

use super::calendar::{Calendar, CalendarError, Region};
use super::command::{Command, CommandKind};
use super::fact::{Fact, Meta};
use super::ids::{EntryId, FactId, OrderId, OrgId};
use super::order::Order;
use super::order::visit::Visit;
use super::person::Actor;
use super::policy::{ChecklistItem, PROPERTY_PACK, Phase, Policy, PolicyError};
use super::refusal::{Reason, Refusal};
use super::time::Stamp;

/// What the firm's rules are: its policy pack and its calendar.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// The policy pack 制度.
    pub policy: Policy,
    /// The working-day calendar.
    pub calendar: Calendar,
}

impl Rulebook {
    /// The pack and the mainland calendar that ship with Doorstep.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the shipped texts are compiled in and read by a test")]
    pub fn builtin() -> Self {
        Self::parse(PROPERTY_PACK, Calendar::builtin_text(Region::Mainland)).expect("the shipped rulebook")
    }

    /// An office's own pack and calendar, as TOML.
    ///
    /// # Errors
    /// Names what is wrong with which of the two.
    pub fn parse(policy: &str, calendar: &str) -> Result<Self, RulebookError> {
        Ok(Self { policy: Policy::parse(policy)?, calendar: Calendar::parse(calendar)? })
    }
}

/// What is wrong with a rulebook.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RulebookError {
    /// The policy pack.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The calendar.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// Everything a decision looks at.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The firm's rules.
    pub rulebook: &'a Rulebook,
    /// The order as it is known here.
    pub order: &'a Order,
    /// The org.
    pub org: &'a OrgId,
    /// The order's id.
    pub order_id: OrderId,
    /// Who acts.
    pub actor: &'a Actor,
    /// The time on this device.
    pub now: Stamp,
}

/// A kind of command, and why it may not be done now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// The kind.
    pub kind: CommandKind,
    /// `None` when it may be done.
    pub refusal: Option<Refusal>,
}

/// The facts a command gives, or why not.
///
/// # Errors
/// The first gate that says no, in the order of the procedure.
pub fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    case.gate(command.kind())?;
    match command {
        Command::Register(_)
        | Command::ApproveVisit
        | Command::Accept { .. }
        | Command::Refuse { .. }
        | Command::Assign(_)
        | Command::EditField { .. }
        | Command::SettleField { .. }
        | Command::SettleItem { .. }
        | Command::AddNote { .. }
        | Command::RequestAssistance { .. } => desk::decide(case, command),
        Command::RecordContact(_)
        | Command::Book { .. }
        | Command::GiveNotice { .. }
        | Command::ReportLate { .. }
        | Command::SetOut
        | Command::Arrive
        | Command::DeclareNoShow { .. } => appointment::decide(case, command),
        Command::CheckEntitlement(_)
        | Command::AnswerStart { .. }
        | Command::AnswerItem { .. }
        | Command::TakePhoto { .. }
        | Command::AcknowledgeMismatch(_)
        | Command::AnswerStep { .. } => onsite::decide(case, command),
        Command::Diagnose { .. }
        | Command::AcknowledgeLiability(_)
        | Command::PresentQuote(_)
        | Command::ReportQuote
        | Command::ReviewQuote { .. }
        | Command::AnswerQuote { .. }
        | Command::TakePayment { .. } => money::decide(case, command),
        Command::StartWork
        | Command::UsePart(_)
        | Command::Pause { .. }
        | Command::Resume
        | Command::FinishWork { .. }
        | Command::CloseUnsolved { .. } => work::decide(case, command),
        Command::SignOff { .. } | Command::DeliverCopy { .. } => closing::decide(case, command),
        Command::TakeAway { .. }
        | Command::TakeCustody { .. }
        | Command::HandOver { .. }
        | Command::AcceptHandover { .. }
        | Command::CloseCustody { .. } => custody::decide(case, command),
        Command::Approve { .. }
        | Command::ReturnItems { .. }
        | Command::CorrectReturned { .. }
        | Command::Void { .. }
        | Command::Waive { .. } => review::decide(case, command),
    }
}

/// Every kind of command, allowed or why not. The same gates as [`decide`].
#[must_use]
pub fn available_actions(case: &Case<'_>) -> Vec<Action> {
    CommandKind::ALL.iter().map(|kind| Action { kind: *kind, refusal: case.gate(*kind).err() }).collect()
}

impl<'a> Case<'a> {
    fn policy(&self) -> &'a Policy {
        &self.rulebook.policy
    }

    fn refuse(&self, reason: Reason, detail: impl Into<String>) -> Refusal {
        Refusal::new(reason, detail, self.policy().waived_by(reason.rule()))
    }

    /// Passes when the condition holds, or when the rule was waived for this order by somebody who may.
    fn require(&self, condition: bool, reason: Reason) -> Result<(), Refusal> {
        self.require_about(condition, reason, "")
    }

    fn require_about(
        &self,
        condition: bool,
        reason: Reason,
        detail: impl Into<String>,
    ) -> Result<(), Refusal> {
        if condition || self.is_waived(reason.rule()) { Ok(()) } else { Err(self.refuse(reason, detail)) }
    }

    fn is_waived(&self, rule: u16) -> bool {
        self.order.waivers.contains_key(&rule) && !self.policy().waived_by(rule).is_empty()
    }

    /// A text that must be there, and not be longer than anybody types. `reason` cites the rule that wants it.
    fn require_text(&self, text: &str, reason: Reason) -> Result<(), Refusal> {
        self.require(!text.trim().is_empty(), reason)?;
        self.limit_text(text)
    }

    fn limit_text(&self, text: &str) -> Result<(), Refusal> {
        if text.chars().count() > crate::journal::limits::MAX_TEXT_CHARS {
            return Err(self.refuse(Reason::TextTooLong, ""));
        }
        Ok(())
    }

    fn visit(&self) -> Option<&'a Visit> {
        self.order.visit().map(|(_, visit)| visit)
    }

    /// The checklist items of a phase for this kind of work.
    fn items(&self, phase: Phase) -> impl Iterator<Item = &'a ChecklistItem> {
        self.policy().items(self.order.work_type()).filter(move |item| item.phase == phase)
    }

    /// The first required item of a phase without an answer.
    fn open_item(&self, phase: Phase) -> Option<&'a ChecklistItem> {
        let answers = self.visit().map(|visit| &visit.answers);
        self.items(phase)
            .filter(|item| item.required && !item.advisory)
            .find(|item| !answers.and_then(|a| a.get(&item.id)).is_some_and(|answer| answer.value.is_given()))
    }

    /// A meta for building the documents of facts that are about to be made.
    pub(crate) fn meta(&self) -> Meta {
        Meta {
            order: self.order_id,
            fact: FactId(EntryId(uuid::Uuid::nil()), 0),
            org: self.org.clone(),
            device: None,
            actor: self.actor.clone(),
            visit: self.order.visit_number(),
            at: self.now,
        }
    }
}
