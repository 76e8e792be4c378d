//! Commands across the binding: what people do, with plain fields. `every_command_is_mapped` stops compiling when the
//! core learns another one.

use std::sync::Arc;

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::ids::{ItemId, PersonId};
use doorstep_core::domain::money::Quantity;
use doorstep_core::domain::order::closing::PartUse;
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::domain::order::signing::Outcome;
use doorstep_core::domain::order::visit::{Contact, Entitlement};

use crate::failure::DoorstepException;
use crate::ids::{read, read_all};
use crate::paper::Sealed;
use crate::quote::QuoteOffer;
use crate::records::{IntakeForm, Moment, MoneyAmount, PartReturned, ThingTaken, TimeWindow};
use crate::words::{
    ContactBy, CopyBy, Coverage, CustodyKind, ItemAnswer, Liability, PaymentMethod, SharedField, Side,
};

/// What the resident did when asked to sign. Refusal and absence are outcomes equal to a signature.
#[derive(Clone, uniffi::Enum)]
#[allow(missing_docs, reason = "the cases are those of the core's Outcome")]
pub enum SigningOutcome {
    Signed { seal: Arc<Sealed> },
    SignedWithObjection { seal: Arc<Sealed>, objection: String },
    Refused { reason: String },
    Absent { reason: String },
}

impl From<SigningOutcome> for Outcome {
    fn from(outcome: SigningOutcome) -> Self {
        match outcome {
            SigningOutcome::Signed { seal } => Self::Signed(seal.signed()),
            SigningOutcome::SignedWithObjection { seal, objection } => {
                Self::SignedWithObjection(seal.signed(), objection.into())
            }
            SigningOutcome::Refused { reason } => Self::Refused(reason.into()),
            SigningOutcome::Absent { reason } => Self::Absent(reason.into()),
        }
    }
}

/// Something a person wants to do to an order. Phone and office use the same; the role decides what is allowed.
#[derive(Clone, uniffi::Enum)]
#[allow(clippy::large_enum_variant, reason = "it lives for one call; the binding takes no boxes")]
#[allow(missing_docs, reason = "commands and fields are those of the core's Command, with their rules")]
pub enum VisitCommand {
    Register {
        intake: IntakeForm,
    },
    ApproveVisit,
    Accept {
        materials: String,
    },
    Refuse {
        reason: String,
    },
    Assign {
        technician: String,
        helpers: Vec<String>,
    },
    RecordContact {
        by: ContactBy,
        reached: bool,
        note: String,
    },
    Book {
        window: TimeWindow,
    },
    GiveNotice {
        by: Side,
        reason: String,
    },
    ReportLate {
        eta: Moment,
        reason: String,
    },
    SetOut,
    Arrive,
    DeclareNoShow {
        note: String,
    },
    CheckEntitlement {
        coverage: Coverage,
        evidence: String,
    },
    AnswerStart {
        agreed: bool,
        by: String,
    },
    AnswerItem {
        item: String,
        answer: ItemAnswer,
        remark: String,
    },
    AcknowledgeMismatch {
        outcome: SigningOutcome,
    },
    AnswerStep {
        item: String,
        agreed: bool,
        by: String,
    },
    Diagnose {
        cause: String,
        liability: Liability,
        note: String,
    },
    AcknowledgeLiability {
        outcome: SigningOutcome,
    },
    PresentQuote {
        offer: QuoteOffer,
    },
    ReportQuote,
    ReviewQuote {
        approved: bool,
        note: String,
    },
    AnswerQuote {
        agreed: bool,
        outcome: SigningOutcome,
    },
    StartWork,
    RequestAssistance {
        text: String,
    },
    TakeAway {
        receipt_no: String,
        things: Vec<ThingTaken>,
        outcome: SigningOutcome,
    },
    UsePart {
        code: String,
        name: String,
        quantity_thousandths: i64,
        drawn_with: String,
        replaced_serial: String,
    },
    Pause {
        reason: String,
        resume_at: Moment,
    },
    Resume,
    FinishWork {
        solved: bool,
        cause: String,
        method: String,
        advice: String,
    },
    CloseUnsolved {
        reason: String,
        next: Option<TimeWindow>,
        seal: Option<Arc<Sealed>>,
    },
    TakePayment {
        amount: MoneyAmount,
        method: PaymentMethod,
        receipt_no: String,
    },
    SignOff {
        technician: Arc<Sealed>,
        resident: SigningOutcome,
        rating: Option<u8>,
        opinion: String,
    },
    DeliverCopy {
        by: CopyBy,
    },
    TakeCustody {
        kind: CustodyKind,
        name: String,
        serial: String,
    },
    HandOver {
        things: Vec<String>,
        to: String,
    },
    AcceptHandover {
        things: Vec<String>,
    },
    CloseCustody {
        things: Vec<String>,
        note: String,
    },
    Approve {
        note: String,
    },
    ReturnItems {
        parts: Vec<PartReturned>,
    },
    CorrectReturned {
        returned: String,
        note: String,
    },
    Void {
        reason: String,
    },
    Waive {
        rule: u16,
        reason: String,
    },
    EditField {
        field: SharedField,
        to: String,
    },
    SettleField {
        field: SharedField,
        value: String,
    },
    SettleItem {
        visit: u16,
        item: String,
        value: ItemAnswer,
    },
    AddNote {
        text: String,
    },
}

impl VisitCommand {
    /// The core's command.
    pub(crate) fn read(self) -> Result<Command, DoorstepException> {
        Ok(match self {
            Self::Register { intake } => Command::Register(intake.into()),
            Self::ApproveVisit => Command::ApproveVisit,
            Self::Accept { materials } => Command::Accept { materials },
            Self::Refuse { reason } => Command::Refuse { reason },
            Self::Assign { technician, helpers } => Command::Assign(Assignment {
                technician: PersonId(technician),
                helpers: helpers.into_iter().map(PersonId).collect(),
            }),
            Self::RecordContact { by, reached, note } => {
                Command::RecordContact(Contact { by: by.into(), reached, note })
            }
            Self::Book { window } => Command::Book { window: window.into() },
            Self::GiveNotice { by, reason } => Command::GiveNotice { by: by.into(), reason },
            Self::ReportLate { eta, reason } => Command::ReportLate { eta: eta.into(), reason },
            Self::SetOut => Command::SetOut,
            Self::Arrive => Command::Arrive,
            Self::DeclareNoShow { note } => Command::DeclareNoShow { note },
            Self::CheckEntitlement { coverage, evidence } => {
                Command::CheckEntitlement(Entitlement { coverage: coverage.into(), evidence })
            }
            Self::AnswerStart { agreed, by } => Command::AnswerStart { agreed, by },
            Self::AnswerItem { item, answer, remark } => {
                Command::AnswerItem { item: ItemId(item), value: answer.into(), remark }
            }
            Self::AcknowledgeMismatch { outcome } => Command::AcknowledgeMismatch(outcome.into()),
            Self::AnswerStep { item, agreed, by } => Command::AnswerStep { item: ItemId(item), agreed, by },
            Self::Diagnose { cause, liability, note } => {
                Command::Diagnose { cause, liability: liability.into(), note }
            }
            Self::AcknowledgeLiability { outcome } => Command::AcknowledgeLiability(outcome.into()),
            Self::PresentQuote { offer } => Command::PresentQuote(offer.read()?),
            Self::ReportQuote => Command::ReportQuote,
            Self::ReviewQuote { approved, note } => Command::ReviewQuote { approved, note },
            Self::AnswerQuote { agreed, outcome } => Command::AnswerQuote { agreed, outcome: outcome.into() },
            Self::StartWork => Command::StartWork,
            Self::RequestAssistance { text } => Command::RequestAssistance { text },
            Self::TakeAway { receipt_no, things, outcome } => Command::TakeAway {
                receipt_no,
                items: things.into_iter().map(|ThingTaken { name, serial }| (name, serial)).collect(),
                outcome: outcome.into(),
            },
            Self::UsePart { code, name, quantity_thousandths, drawn_with, replaced_serial } => {
                let quantity = Quantity { thousandths: quantity_thousandths };
                Command::UsePart(PartUse { code, name, quantity, drawn_with, replaced_serial })
            }
            Self::Pause { reason, resume_at } => Command::Pause { reason, resume_at: resume_at.into() },
            Self::Resume => Command::Resume,
            Self::FinishWork { solved, cause, method, advice } => {
                Command::FinishWork { solved, cause, method, advice }
            }
            Self::CloseUnsolved { reason, next, seal } => Command::CloseUnsolved {
                reason,
                next: next.map(Into::into),
                signed: seal.map(|seal| seal.signed()),
            },
            Self::TakePayment { amount, method, receipt_no } => {
                Command::TakePayment { amount: amount.read()?, method: method.into(), receipt_no }
            }
            Self::SignOff { technician, resident, rating, opinion } => Command::SignOff {
                technician: technician.signed(),
                resident: resident.into(),
                rating,
                opinion,
            },
            Self::DeliverCopy { by } => Command::DeliverCopy { by: by.into() },
            Self::TakeCustody { kind, name, serial } => {
                Command::TakeCustody { kind: kind.into(), name, serial }
            }
            Self::HandOver { things, to } => {
                Command::HandOver { items: read_all(&things)?, to: PersonId(to) }
            }
            Self::AcceptHandover { things } => Command::AcceptHandover { items: read_all(&things)? },
            Self::CloseCustody { things, note } => Command::CloseCustody { items: read_all(&things)?, note },
            Self::Approve { note } => Command::Approve { note },
            Self::ReturnItems { parts } => Command::ReturnItems {
                items: parts.into_iter().map(|PartReturned { part, note }| (part.into(), note)).collect(),
            },
            Self::Void { reason } => Command::Void { reason },
            Self::Waive { rule, reason } => Command::Waive { rule, reason },
            Self::CorrectReturned { returned, note } => {
                Command::CorrectReturned { returned: read(&returned)?, note }
            }
            Self::EditField { field, to } => Command::EditField { field: field.into(), to },
            Self::SettleField { field, value } => Command::SettleField { field: field.into(), value },
            Self::SettleItem { visit, item, value } => {
                Command::SettleItem { visit, item: ItemId(item), value: value.into() }
            }
            Self::AddNote { text } => Command::AddNote { text },
        })
    }
}

/// A command the core learns does not compile until it stands here, and then in [`VisitCommand`].
const fn every_command_is_mapped(kind: CommandKind) {
    use CommandKind as K;
    match kind {
        K::Register
        | K::ApproveVisit
        | K::Accept
        | K::Refuse
        | K::Assign
        | K::RecordContact
        | K::Book
        | K::GiveNotice
        | K::ReportLate
        | K::SetOut
        | K::Arrive
        | K::DeclareNoShow
        | K::CheckEntitlement
        | K::AnswerStart
        | K::AnswerItem
        // A photo brings its file: `DoorstepPhone.takePhoto`.
        | K::TakePhoto
        | K::AcknowledgeMismatch
        | K::AnswerStep
        | K::Diagnose
        | K::AcknowledgeLiability
        | K::PresentQuote
        | K::ReportQuote
        | K::ReviewQuote
        | K::AnswerQuote
        | K::StartWork
        | K::RequestAssistance
        | K::TakeAway
        | K::UsePart
        | K::Pause
        | K::Resume
        | K::FinishWork
        | K::CloseUnsolved
        | K::TakePayment
        | K::SignOff
        | K::DeliverCopy
        | K::TakeCustody
        | K::HandOver
        | K::AcceptHandover
        | K::CloseCustody
        | K::Approve
        | K::ReturnItems
        | K::CorrectReturned
        | K::Void
        | K::Waive
        | K::EditField
        | K::SettleField
        | K::SettleItem
        | K::AddNote => {}
    }
}

const _: () = every_command_is_mapped(CommandKind::Register);
