//! Parts, custody, payment, sign-off and the office's review (R73 to R76, R86 to R97, R155 to R160).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Mark;
use super::signing::{Outcome, Signed};
use crate::domain::ids::{FactId, PersonId};
use crate::domain::money::{Money, Quantity};

/// Whose fault it is (R26, R69).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Liability {
    /// The firm's or the builder's: no charge.
    Firm,
    /// The resident's: charged.
    Resident,
    /// Somebody else's: charged, and passed on.
    ThirdParty,
}

/// What is wrong and whose it is (R63, R69).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The cause found.
    pub cause: String,
    /// Whose it is.
    pub liability: Liability,
    /// The explanation given to the resident.
    pub note: String,
    /// When and by whom.
    pub mark: Mark,
    /// The resident's signature under it, or why there is none (R69).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Outcome>,
}

/// A part used (R75), and what became of the old one (R76).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PartUse {
    /// Price-list or stock code.
    pub code: String,
    /// What it is.
    pub name: String,
    /// How much was used.
    pub quantity: Quantity,
    /// Number of the slip it was drawn with; empty when from the bag.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub drawn_with: String,
    /// Serial of the special part that was replaced and must go back (R76).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub replaced_serial: String,
}

/// What is held in custody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustodyKind {
    /// The resident's device, taken away (R74).
    Device,
    /// A replaced special part (R76).
    ReplacedPart,
    /// Cash or a cheque (R97).
    Money,
    /// The service form (R97).
    Form,
    /// A key on loan (R81).
    Key,
}

/// One item in somebody's custody (R76, R97).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustodyItem {
    /// What kind of thing.
    pub kind: CustodyKind,
    /// What it is.
    pub name: String,
    /// Serial number, amount or other mark that tells it apart.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// Who holds it now.
    pub holder: PersonId,
    /// Offered to somebody who has not accepted yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_to: Option<PersonId>,
    /// Accepted by the office, or returned to the resident: nobody's custody any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Mark>,
    /// Since when, by whom.
    pub since: Mark,
}

/// The pick-up receipt left with the resident (R74).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TakeAway {
    /// The receipt's number.
    pub receipt_no: String,
    /// What was taken: name and serial.
    pub items: Vec<(String, String)>,
    /// The resident's consent.
    pub outcome: Outcome,
    /// When and by whom.
    pub mark: Mark,
}

/// How a fee was paid (R96).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// 現金.
    Cash,
    /// 支票.
    Cheque,
    /// 轉賬.
    Transfer,
    /// 微信.
    Wechat,
    /// 支付寶.
    Alipay,
    /// 八達通.
    Octopus,
    /// On the household's account, billed later 掛賬.
    Account,
}

/// Money taken on site (R86, R90).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Payment {
    /// How much.
    pub amount: Money,
    /// How.
    pub method: PaymentMethod,
    /// Number of the voucher given to the resident (R90).
    pub receipt_no: String,
    /// When and by whom.
    pub mark: Mark,
}

/// The sign-off 簽字確認 (R86 to R89).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignOff {
    /// The technician's signature.
    pub technician: Signed,
    /// The resident's signature, refusal or absence.
    pub resident: Outcome,
    /// The resident's rating, 1 to 5 (R88).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// The resident's opinion, in his own words (R87).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub opinion: String,
    /// When and by whom.
    pub mark: Mark,
}

/// How the resident's copy was handed over (R91).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Copy {
    /// How.
    pub by: CopyBy,
    /// When and by whom.
    pub mark: Mark,
}

/// The ways to hand over the resident's copy (R91).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyBy {
    /// A code the resident scans.
    Qr,
    /// Paper.
    Print,
    /// A file.
    File,
    /// A message.
    Message,
}

/// What the supervisor did with the finished order (R157 to R160).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Review {
    /// Approved, by a verifier who is not the technician.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
    /// Items sent back, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub returned: BTreeMap<FactId, ReturnedItem>,
}

/// The verifier's approval (R160).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Approval {
    /// What the verifier wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When and by whom.
    pub mark: Mark,
}

/// A single item sent back to the technician (R160).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReturnedItem {
    /// Which part of the order.
    pub part: OrderPart,
    /// What is wrong with it.
    pub note: String,
    /// When and by whom.
    pub mark: Mark,
    /// The technician's correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Correction>,
}

/// The answer to a returned item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Correction {
    /// What was done.
    pub note: String,
    /// When and by whom.
    pub mark: Mark,
}

/// The parts of an order a supervisor can send back one by one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderPart {
    /// Registration.
    Registration,
    /// Contact attempts and appointment.
    Appointment,
    /// Entitlement and liability.
    Entitlement,
    /// The checklist before the work.
    BeforeChecklist,
    /// The quote and consent.
    Quote,
    /// Parts and custody.
    Parts,
    /// The checklist after the work.
    AfterChecklist,
    /// Payment and receipt.
    Payment,
    /// Sign-off and signatures.
    SignOff,
}

impl OrderPart {
    /// All parts, in the order of the procedure.
    pub const ALL: [Self; 9] = [
        Self::Registration,
        Self::Appointment,
        Self::Entitlement,
        Self::BeforeChecklist,
        Self::Quote,
        Self::Parts,
        Self::AfterChecklist,
        Self::Payment,
        Self::SignOff,
    ];
}
