//! Facts: one immutable thing that happened or was decided. Facts go up; the order is their fold.

use serde::{Deserialize, Serialize};

use super::ids::{DeviceId, Digest, FactId, ItemId, OrgId, PersonId};
use super::money::Money;
use super::order::closing::{CopyBy, CustodyKind, Liability, OrderPart, PartUse, PaymentMethod};
use super::order::intake::{Assignment, Intake, SharedField};
use super::order::quote::QuoteTerms;
use super::order::signing::{Outcome, Signed};
use super::order::visit::{Contact, Entitlement, ItemValue, PhotoMoment, Side};
use super::order::{CustodyId, NoteKind};
use super::time::{Stamp, Window};

/// One thing that happened. A new kind is added, an old one never changes its meaning.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The request was written down (R2, R4).
    Registered(Intake),
    /// The server gave the order its number (R155).
    Numbered(String),
    /// The person in charge let the visit be made (R17).
    VisitApproved,
    /// The firm accepted; what to have ready was told once and completely (R13, R15).
    RequestAccepted(String),
    /// The firm refused, with the reason (R15).
    RequestRefused(String),
    /// Who does it.
    Assigned(Assignment),
    /// The resident was called (R27, R30).
    Contacted(Contact),
    /// A window was agreed with the resident (R27 to R29).
    VisitBooked(Window),
    /// Not as agreed: notice was given (R35). `late` says whether after the limit.
    NoticeGiven {
        /// Which side asked for it.
        by: Side,
        /// The explanation.
        reason: String,
        /// After the policy's limit.
        late: bool,
    },
    /// Later than agreed, told from the road (R34).
    RanLate {
        /// Expected arrival.
        eta: Stamp,
        /// Why.
        reason: String,
    },
    /// Left for the unit.
    SetOut,
    /// At the door (R33).
    Arrived,
    /// Not there and not to be reached (R36).
    NoShow(String),
    /// Warranty or agreement looked at (R58, R59).
    EntitlementChecked(Entitlement),
    /// The resident let service begin, or not (R60).
    StartAnswered {
        /// Yes or no.
        agreed: bool,
        /// Who said so.
        by: String,
    },
    /// A checklist item was answered.
    ItemAnswered(ItemAnswered),
    /// A photo was taken for an item.
    PhotoTaken {
        /// The item.
        item: ItemId,
        /// Before or after.
        moment: PhotoMoment,
        /// SHA-256 of the picture.
        picture: Digest,
        /// SHA-256 of the thumbnail that travels beside the facts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thumbnail: Option<Digest>,
    },
    /// Mismatches found before the work were put to the resident (R61).
    MismatchAcknowledged {
        /// The items.
        items: Vec<ItemId>,
        /// What the resident did.
        outcome: Outcome,
    },
    /// Consent to a single step (R65).
    StepAnswered {
        /// The checklist item.
        item: ItemId,
        /// Yes or no.
        agreed: bool,
        /// Who said so.
        by: String,
    },
    /// Cause and liability (R63, R69).
    Diagnosed {
        /// The cause found.
        cause: String,
        /// Whose it is.
        liability: Liability,
        /// The explanation given.
        note: String,
    },
    /// The liability note was put to the resident (R69).
    LiabilityAcknowledged(Outcome),
    /// A quote was presented (R66 to R68).
    QuotePresented(QuoteTerms),
    /// A quote was reported to the person in charge (R66, R68).
    QuoteReported(FactId),
    /// The supervisor's word on a quote.
    QuoteReviewed {
        /// The quote.
        quote: FactId,
        /// Approved or not.
        approved: bool,
        /// What was said.
        note: String,
    },
    /// The resident's explicit yes or no (R71).
    QuoteAnswered {
        /// The quote.
        quote: FactId,
        /// Yes or no.
        agreed: bool,
        /// The signature, or why there is none.
        outcome: Outcome,
    },
    /// Work began.
    WorkStarted,
    /// The resident's device was taken away against a receipt (R74).
    TakenAway {
        /// The receipt left with the resident.
        receipt_no: String,
        /// Name and serial of each thing.
        items: Vec<(String, String)>,
        /// The resident's consent.
        outcome: Outcome,
    },
    /// A part was used (R75).
    PartUsed(PartUse),
    /// The visit rests until the resident's hours (R38).
    VisitPaused {
        /// Why.
        reason: String,
        /// When it goes on.
        resume_at: Stamp,
    },
    /// The visit goes on.
    VisitResumed,
    /// The work ended (R83).
    WorkFinished {
        /// Whether the fault is gone.
        solved: bool,
        /// The cause.
        cause: String,
        /// What was done.
        method: String,
        /// What to watch.
        advice: String,
    },
    /// The visit ended without a solution (R37).
    ClosedUnsolved {
        /// Why.
        reason: String,
        /// The next visit's number, when its window was agreed in the same entry.
        next_visit: Option<u16>,
        /// The resident's acknowledgement, when signed.
        signed: Option<Signed>,
    },
    /// Money was taken and a voucher given (R86, R90).
    PaymentTaken {
        /// How much.
        amount: Money,
        /// How.
        method: PaymentMethod,
        /// The voucher's number.
        receipt_no: String,
    },
    /// Technician and resident signed off (R86 to R89).
    SignedOff {
        /// The technician's signature.
        technician: Signed,
        /// The resident's signature, refusal or absence.
        resident: Outcome,
        /// 1 to 5.
        rating: Option<u8>,
        /// In the resident's words.
        opinion: String,
    },
    /// The resident has the copy (R91).
    CopyDelivered(CopyBy),
    /// A thing came into somebody's custody.
    CustodyTaken {
        /// What kind of thing.
        kind: CustodyKind,
        /// What it is.
        name: String,
        /// Serial or amount.
        serial: String,
    },
    /// Custody was offered to a colleague or the office (R97).
    HandoverOffered {
        /// The things.
        items: Vec<CustodyId>,
        /// To whom.
        to: PersonId,
    },
    /// The offer was accepted: two sides (R76, R97).
    HandoverAccepted(Vec<CustodyId>),
    /// Things went back to the resident or into the store: nobody's custody any more.
    CustodyClosed {
        /// The things.
        items: Vec<CustodyId>,
        /// Where they went.
        note: String,
    },
    /// The verifier approved (R157, R160).
    Approved(String),
    /// Single items were sent back (R160). One fact for each item.
    PartReturned {
        /// Which part.
        part: OrderPart,
        /// What is wrong.
        note: String,
    },
    /// A returned item was put right.
    PartCorrected {
        /// The returning fact.
        returned: FactId,
        /// What was done.
        note: String,
    },
    /// Voided, with the reason; the number stays (R155).
    Voided(String),
    /// A gate was waived by somebody who may.
    RuleWaived {
        /// The rule number.
        rule: u16,
        /// Why.
        reason: String,
    },
    /// A shared field was corrected.
    FieldEdited {
        /// Which.
        field: SharedField,
        /// The value that was shown.
        from: String,
        /// The new one.
        to: String,
    },
    /// A person picked between values of a shared field.
    FieldSettled {
        /// Which.
        field: SharedField,
        /// The value picked.
        value: String,
    },
    /// A person picked between values of a checklist item.
    ItemSettled {
        /// The visit.
        visit: u16,
        /// The item.
        item: ItemId,
        /// The value picked.
        value: ItemValue,
    },
    /// The server found something about another fact that only it can check (a seal, an authority).
    Flagged(super::concern::Concern),
    /// A note or a call for help (R73).
    NoteAdded {
        /// What kind.
        kind: NoteKind,
        /// The text.
        text: String,
    },
}

/// A checklist item's answer, with the answer that was shown when it was given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ItemAnswered {
    /// The item.
    pub item: ItemId,
    /// The answer.
    pub value: ItemValue,
    /// What differs, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    /// The answer shown before; `None` when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ItemValue>,
}

/// What an entry says about all its facts, as `apply` needs it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meta {
    /// The order.
    pub order: super::ids::OrderId,
    /// The place of this fact.
    pub fact: FactId,
    /// The org.
    pub org: OrgId,
    /// The device; `None` for the office's own entries.
    pub device: Option<DeviceId>,
    /// Who acted.
    pub actor: super::person::Actor,
    /// The visit it happened on; 0 for none.
    pub visit: u16,
    /// Device time.
    pub at: Stamp,
}
