//! Commands: what people do, few and named for it. Phone and office use the same.

use serde::{Deserialize, Serialize};

use super::ids::{Digest, FactId, ItemId, PersonId};
use super::lang::Lang;
use super::money::Money;
use super::order::CustodyId;
use super::order::closing::{CopyBy, CustodyKind, Liability, OrderPart, PartUse, PaymentMethod};
use super::order::intake::{Assignment, Intake, SharedField};
use super::order::quote::QuoteTerms;
use super::order::signing::{Ink, Outcome, Signed};
use super::order::visit::{Contact, Entitlement, ItemValue, PhotoMoment, Side};
use super::time::{Stamp, Window};

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident $code:literal $(($payload:ty))? $({ $($(#[$fdoc:meta])* $field:ident : $ftype:ty),* $(,)? })? ),* $(,)?) => {
        /// Something a person wants to do to an order.
        #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Command {
            $($(#[$doc])* $name $(($payload))? $({ $($(#[$fdoc])* $field: $ftype),* })?,)*
        }

        /// A kind of command: what a button stands for, before anything is filled in.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum CommandKind {
            $($(#[$doc])* $name,)*
        }

        impl CommandKind {
            /// All kinds, in the order of the procedure.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The kind's name in data.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }

        impl Command {
            /// The kind of this command.
            #[must_use]
            pub fn kind(&self) -> CommandKind {
                match self { $(Self::$name { .. } => CommandKind::$name,)* }
            }
        }
    };
}

commands! {
    /// Write down a request (R2, R4). The phone may, offline.
    Register "register" (Intake),
    /// Let the visit be made (R17).
    ApproveVisit "approve_visit",
    /// Accept, telling what to have ready (R13, R15).
    Accept "accept" {
        /// What to have ready.
        materials: String,
    },
    /// Refuse, with the reason (R15).
    Refuse "refuse" {
        /// Why.
        reason: String,
    },
    /// Say who does it.
    Assign "assign" (Assignment),
    /// Record an attempt to reach the resident (R27, R30).
    RecordContact "record_contact" (Contact),
    /// Agree a window with the resident (R27 to R32).
    Book "book" {
        /// The window.
        window: Window,
    },
    /// Tell that the visit cannot be as agreed (R35).
    GiveNotice "give_notice" {
        /// Which side asked for it.
        by: Side,
        /// The explanation.
        reason: String,
    },
    /// Tell from the road that it gets later (R34).
    ReportLate "report_late" {
        /// Expected arrival.
        eta: Stamp,
        /// Why.
        reason: String,
    },
    /// Leave for the unit (R27, R39, R40).
    SetOut "set_out",
    /// Be at the door (R33).
    Arrive "arrive",
    /// Record that nobody is there and nobody answers (R36).
    DeclareNoShow "declare_no_show" {
        /// What was found at the door.
        note: String,
    },
    /// Look at the warranty or agreement (R58, R59).
    CheckEntitlement "check_entitlement" (Entitlement),
    /// Ask whether service may begin (R60).
    AnswerStart "answer_start" {
        /// Yes or no.
        agreed: bool,
        /// Who said so.
        by: String,
    },
    /// Answer a checklist item (R39 to R44, R61 to R65, R82 to R85).
    AnswerItem "answer_item" {
        /// The item.
        item: ItemId,
        /// The answer.
        value: ItemValue,
        /// What differs, in words.
        remark: String,
    },
    /// Take a photo for an item.
    TakePhoto "take_photo" {
        /// The item; [`STAMP`](crate::domain::order::visit::STAMP) for the stamp of a resident (R87).
        item: ItemId,
        /// Before or after.
        moment: PhotoMoment,
        /// SHA-256 of the picture.
        picture: Digest,
        /// A very small picture of it, as JPEG. Like a signature's strokes it travels beside the facts.
        thumbnail: Option<Ink>,
    },
    /// Put the mismatches found to the resident (R61).
    AcknowledgeMismatch "acknowledge_mismatch" (Outcome),
    /// Ask for consent to a step (R65).
    AnswerStep "answer_step" {
        /// The checklist item.
        item: ItemId,
        /// Yes or no.
        agreed: bool,
        /// Who said so.
        by: String,
    },
    /// Say what is wrong and whose it is (R63, R69).
    Diagnose "diagnose" {
        /// The cause found.
        cause: String,
        /// Whose it is.
        liability: Liability,
        /// The explanation given.
        note: String,
    },
    /// Put the liability note to the resident (R69).
    AcknowledgeLiability "acknowledge_liability" (Outcome),
    /// Present a quote (R66 to R68, R72).
    PresentQuote "present_quote" (QuoteTerms),
    /// Report the quote to the person in charge (R66, R68).
    ReportQuote "report_quote",
    /// The supervisor's word on the quote.
    ReviewQuote "review_quote" {
        /// Approved or not.
        approved: bool,
        /// What is said.
        note: String,
    },
    /// The resident's explicit yes or no (R71).
    AnswerQuote "answer_quote" {
        /// Yes or no.
        agreed: bool,
        /// The signature, or why there is none.
        outcome: Outcome,
    },
    /// Begin the work (R66 to R71).
    StartWork "start_work",
    /// Call for a colleague (R73).
    RequestAssistance "request_assistance" {
        /// What is needed.
        text: String,
    },
    /// Take the resident's device away (R74).
    TakeAway "take_away" {
        /// The pick-up receipt's number.
        receipt_no: String,
        /// Name and serial of each thing.
        items: Vec<(String, String)>,
        /// The resident's consent.
        outcome: Outcome,
    },
    /// Record a part used (R75, R76).
    UsePart "use_part" (PartUse),
    /// Let the visit rest (R38).
    Pause "pause" {
        /// Why.
        reason: String,
        /// When it goes on.
        resume_at: Stamp,
    },
    /// Go on with it (R38).
    Resume "resume",
    /// End the work (R83).
    FinishWork "finish_work" {
        /// Whether the fault is gone.
        solved: bool,
        /// The cause.
        cause: String,
        /// What was done.
        method: String,
        /// What to watch.
        advice: String,
    },
    /// Close the visit without a solution: a next window, or a reason (R37).
    CloseUnsolved "close_unsolved" {
        /// Why it is not solved.
        reason: String,
        /// The next window agreed.
        next: Option<Window>,
        /// The resident's acknowledgement.
        signed: Option<Signed>,
    },
    /// Take money and give a voucher (R86, R90, R96).
    TakePayment "take_payment" {
        /// How much.
        amount: Money,
        /// How.
        method: PaymentMethod,
        /// The voucher's number.
        receipt_no: String,
    },
    /// Sign off (R86 to R89).
    SignOff "sign_off" {
        /// The technician's signature.
        technician: Signed,
        /// The resident's signature, refusal or absence.
        resident: Outcome,
        /// 1 to 5.
        rating: Option<u8>,
        /// In the resident's words.
        opinion: String,
    },
    /// Hand the copy over (R91).
    DeliverCopy "deliver_copy" {
        /// How.
        by: CopyBy,
    },
    /// Take a thing into custody: a form, a key (R81, R97).
    TakeCustody "take_custody" {
        /// What kind of thing.
        kind: CustodyKind,
        /// What it is.
        name: String,
        /// Serial or other mark.
        serial: String,
    },
    /// Offer custody to a colleague or the office (R76, R97).
    HandOver "hand_over" {
        /// The things.
        items: Vec<CustodyId>,
        /// To whom.
        to: PersonId,
    },
    /// Accept custody that was offered (R97).
    AcceptHandover "accept_handover" {
        /// The things.
        items: Vec<CustodyId>,
    },
    /// Give things back to the resident or into the store.
    CloseCustody "close_custody" {
        /// The things.
        items: Vec<CustodyId>,
        /// Where they went.
        note: String,
    },
    /// Approve the finished order (R157, R160).
    Approve "approve" {
        /// What the verifier writes.
        note: String,
    },
    /// Send single items back (R160).
    ReturnItems "return_items" {
        /// Which, and what is wrong with each.
        items: Vec<(OrderPart, String)>,
    },
    /// Put a returned item right.
    CorrectReturned "correct_returned" {
        /// The returning fact.
        returned: FactId,
        /// What was done.
        note: String,
    },
    /// Void the order, with the reason (R155).
    Void "void" {
        /// Why.
        reason: String,
    },
    /// Waive a gate.
    Waive "waive" {
        /// The rule number.
        rule: u16,
        /// Why.
        reason: String,
    },
    /// Correct a shared field.
    EditField "edit_field" {
        /// Which.
        field: SharedField,
        /// The new value.
        to: String,
    },
    /// Pick between the values of a shared field.
    SettleField "settle_field" {
        /// Which.
        field: SharedField,
        /// The value picked.
        value: String,
    },
    /// Pick between the values of a checklist item.
    SettleItem "settle_item" {
        /// The visit.
        visit: u16,
        /// The item.
        item: ItemId,
        /// The value picked.
        value: ItemValue,
    },
    /// Write a note.
    AddNote "add_note" {
        /// The text.
        text: String,
    },
}

impl Command {
    /// The thumbnail of a photo: bytes the entry carries beside its facts, too.
    #[must_use]
    pub fn thumbnail(&self) -> Option<&Ink> {
        match self {
            Self::TakePhoto { thumbnail, .. } => thumbnail.as_ref(),
            _ => None,
        }
    }

    /// The ink of the signatures in this command: the bytes the entry carries beside its facts.
    #[must_use]
    pub fn inks(&self) -> Vec<&Ink> {
        match self {
            Self::AcknowledgeMismatch(outcome)
            | Self::AcknowledgeLiability(outcome)
            | Self::AnswerQuote { outcome, .. }
            | Self::TakeAway { outcome, .. } => ink_of(outcome).into_iter().collect(),
            Self::CloseUnsolved { signed, .. } => signed.iter().map(|s| &s.ink).collect(),
            Self::SignOff { technician, resident, .. } => {
                std::iter::once(&technician.ink).chain(ink_of(resident)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What the resident did, in a command that records it, with the language of the signature beside it, if there is one.
    pub fn outcome_mut(&mut self) -> Option<(&mut Outcome, Option<Lang>)> {
        let (outcome, beside) = match self {
            Self::AcknowledgeMismatch(outcome)
            | Self::AcknowledgeLiability(outcome)
            | Self::AnswerQuote { outcome, .. }
            | Self::TakeAway { outcome, .. } => (outcome, None),
            Self::SignOff { technician, resident, .. } => (resident, Some(technician.lang)),
            _ => return None,
        };
        let lang = outcome.signed().map(|signed| signed.lang).or(beside);
        Some((outcome, lang))
    }
}

fn ink_of(outcome: &Outcome) -> Option<&Ink> {
    outcome.signed().map(|signed| &signed.ink)
}
