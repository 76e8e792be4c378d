//! Concerns: what `apply` accepted although the procedure would not have allowed it. The supervisor looks at them.

use serde::{Deserialize, Serialize};

use super::ids::FactId;

/// Why a fact was flagged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConcernKind {
    /// It happened after the order was voided (作廢後仍有紀錄).
    AfterVoid,
    /// It happened after the order was approved.
    AfterApproval,
    /// It was done by someone the order no longer belonged to.
    NotAssigned,
    /// Work began with priced lines nobody had consented to (R66 to R71).
    WorkWithoutConsent,
    /// Work began although the resident had said no.
    WorkAgainstRefusal,
    /// It names something this order does not have.
    UnknownReference,
    /// It was already so: a second arrival, a second registration.
    Repeated,
    /// A second window was booked while a visit was still open.
    DoubleBooking,
    /// More was paid than agreed.
    Overpaid,
    /// The document that was signed is not the one this order's facts give.
    DocumentDiffers,
    /// The device's seal does not verify.
    SealBroken,
    /// A signature's strokes did not come with it, are not those sealed, or are too few for a name.
    InkWrong,
}

/// A flagged fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Concern {
    /// The fact.
    pub fact: FactId,
    /// Why.
    pub kind: ConcernKind,
}
