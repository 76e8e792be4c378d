//! The small vocabularies of the core, mirrored: an exhaustive match each way, so that a new word does not compile unmapped.

use doorstep_core::domain::command as co;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::closing as c;
use doorstep_core::domain::order::intake as i;
use doorstep_core::domain::order::status as st;
use doorstep_core::domain::order::visit as v;
use doorstep_core::domain::person as pe;
use doorstep_core::domain::policy as p;
use doorstep_core::domain::refusal as re;
use doorstep_core::phone as ph;
use doorstep_core::sheet as s;

macro_rules! mirror {
    ($($(#[$doc:meta])* $name:ident = $core:ty { $($variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, uniffi::Enum)]
        #[allow(missing_docs, reason = "the words are documented where they are defined, in the core")]
        pub enum $name { $($variant),* }

        impl From<$name> for $core {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),* }
            }
        }

        impl From<$core> for $name {
            fn from(word: $core) -> Self {
                match word { $(<$core>::$variant => Self::$variant),* }
            }
        }
    )*};
}

mirror! {
    /// A language people read Doorstep in.
    Language = Lang { ZhHant, ZhHans, En }
    /// Which of the three copies of a paper (R9).
    SheetCopy = s::Copy { Office, Technician, Resident }
    /// What a paper is printed on.
    SheetLayout = s::Layout { A4, Receipt80mm }
    /// How a request reached the firm (R11).
    Channel = i::Channel { Counter, Phone, Visit, Other }
    /// Whether the phone could solve it (R1).
    Triage = i::Triage { NeedsVisit, TriedByPhone, Hazard }
    /// A field both sides may correct.
    SharedField = i::SharedField { Phone, Access, Fault }
    /// The ways to reach a resident.
    ContactBy = v::ContactBy { Call, Message, Door }
    /// The two sides of an appointment.
    Side = v::Side { Firm, Resident }
    /// What the service document says (R58).
    Coverage = v::Coverage { Covered, Expired, None }
    /// Which half of a pair a photo is.
    PhotoMoment = v::PhotoMoment { Before, After }
    /// How far a photo taken on this phone is on its way to the server.
    PhotoState = ph::PhotoState { Kept, Sending, Verified, Safe, Lost }
    /// Whose fault it is (R69).
    Liability = c::Liability { Firm, Resident, ThirdParty }
    /// How a fee was paid (R96).
    PaymentMethod = c::PaymentMethod { Cash, Cheque, Transfer, Wechat, Alipay, Octopus, Account }
    /// How the resident's copy is handed over (R91).
    CopyBy = c::CopyBy { Qr, Print, File, Message }
    /// What is held in custody.
    CustodyKind = c::CustodyKind { Device, ReplacedPart, Money, Form, Key }
    /// A part of an order that can be sent back (R160).
    OrderPart = c::OrderPart {
        Registration, Appointment, Entitlement, BeforeChecklist, Quote, Parts, AfterChecklist, Payment, SignOff,
    }
    /// When a checklist item is answered.
    Phase = p::Phase { Preparation, Before, After }
    /// How a checklist item is answered.
    ItemKind = p::ItemKind { Tick, YesNo, Reading, Text }
    /// Photos a checklist item asks for.
    PhotoNeed = p::PhotoNeed { None, One, Paired }
    /// Where an order stands.
    OrderStatus = st::Status {
        Unknown, Registered, Refused, Accepted, Assigned, Booked, OnTheWay, OnSite, Quoted, QuoteRefused,
        Working, Paused, Finished, ToRebook, Unsolved, SignedOff, Returned, Approved, Void,
    }
    /// A role in the firm.
    StaffRole = pe::Role { FrontDesk, Technician, Supervisor, Director }
    /// The name of a command.
    CommandName = co::CommandKind {
        Register, ApproveVisit, Accept, Refuse, Assign, RecordContact, Book, GiveNotice, ReportLate, SetOut,
        Arrive, DeclareNoShow, CheckEntitlement, AnswerStart, AnswerItem, TakePhoto, AcknowledgeMismatch,
        AnswerStep, Diagnose, AcknowledgeLiability, PresentQuote, ReportQuote, ReviewQuote, AnswerQuote,
        StartWork, RequestAssistance, TakeAway, UsePart, Pause, Resume, FinishWork, CloseUnsolved,
        TakePayment, SignOff, DeliverCopy, TakeCustody, HandOver, AcceptHandover, CloseCustody, Approve,
        ReturnItems, CorrectReturned, Void, Waive, EditField, SettleField, SettleItem, AddNote,
    }
    /// Why a rule said no. The sentences in three languages come with the refusal.
    RefusalReason = re::Reason {
        WrongRole, NotYourOrder, NotRegistered, AlreadyRegistered, OrderVoid, OrderApproved, TextMissing,
        TextTooLong, UnknownItem, FieldRequired, RepairFieldRequired, AlreadyAnswered, ReasonRequired,
        VisitNotApproved, ApprovalNotAsked, NotAccepted, RequestRefused, NobodyAssigned, ResidentNotReached,
        AttemptsMissing, VisitOpen, WindowBackwards, WindowPast, OutsideWorkingHours, QuietHours, NotBooked,
        AlreadySetOut, AlreadyArrived, PreparationOpen, NotSetOut, NoShowTooEarly, NoShowNotTried,
        NoShowReached, TechnicianLate, NotArrived, VisitOver, EntitlementUnchecked, StartNotAgreed,
        StepOutOfOrder, StepNotConsented, BeforeChecklistOpen, MismatchUnsigned, NoMismatch, NotDiagnosed,
        LiabilityUnsigned, NoLiabilityNote, QuoteMissing, QuoteEmpty, QuoteReasonMissing, QuoteUnreadable,
        DiscountTooHigh, QuoteExpired, NoOpenQuote, QuoteUnreported, AlreadyReported, QuoteUnapproved,
        ConsentMissing, ConsentRefused, ConsentUnsigned, DocumentChanged, WrongSigner, AlreadyStarted,
        NotStarted, VisitPaused, NotPaused, OutcomeNotAllowed, TakeAwayUnsigned, ReceiptMissing,
        QuantityWrong, AlreadyFinished, NotFinished, ExplanationMissing, NextVisitMissing, AfterChecklistOpen,
        PhotoMissing, NothingToPay, Overpayment, FeeUnpaid, SignFirst, VoucherMissing, MethodNotAllowed,
        NotSolved, AlreadySignedOff, RatingMissing, RatingWrong, StampMissing, NotSignedOff, ConflictOpen,
        NotInYourCustody, NotOfferedToYou, OwnWork, NotReviewable, SignatureMissing, CopyMissing,
        CorrectionOpen, NothingReturned, CannotWaive,
    }
}

/// The value given to a checklist item.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Enum)]
pub enum ItemAnswer {
    /// Done.
    Done,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Does not apply here, with the reason.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// A reading or words.
    Words {
        /// The text.
        text: String,
    },
}

impl From<ItemAnswer> for v::ItemValue {
    fn from(answer: ItemAnswer) -> Self {
        match answer {
            ItemAnswer::Done => Self::Done,
            ItemAnswer::Yes => Self::Yes,
            ItemAnswer::No => Self::No,
            ItemAnswer::NotApplicable { reason } => Self::NotApplicable(reason),
            ItemAnswer::Words { text } => Self::Text(text),
        }
    }
}

impl From<v::ItemValue> for ItemAnswer {
    fn from(value: v::ItemValue) -> Self {
        match value {
            v::ItemValue::Done => Self::Done,
            v::ItemValue::Yes => Self::Yes,
            v::ItemValue::No => Self::No,
            v::ItemValue::NotApplicable(reason) => Self::NotApplicable { reason },
            v::ItemValue::Text(text) => Self::Words { text },
        }
    }
}

/// The capacity in which somebody signs.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Enum)]
pub enum SigningAs {
    /// The resident or owner.
    Resident,
    /// Someone of the household.
    Relative {
        /// The relation.
        relation: String,
    },
    /// Someone for a company tenant.
    Company {
        /// The position.
        position: String,
    },
    /// The technician.
    Technician,
    /// The supervisor.
    Supervisor,
}

impl From<SigningAs> for doorstep_core::domain::order::signing::Capacity {
    fn from(capacity: SigningAs) -> Self {
        match capacity {
            SigningAs::Resident => Self::Resident,
            SigningAs::Relative { relation } => Self::Relative(relation),
            SigningAs::Company { position } => Self::Company(position),
            SigningAs::Technician => Self::Technician,
            SigningAs::Supervisor => Self::Supervisor,
        }
    }
}
