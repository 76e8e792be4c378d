//! `POST /v1/sync`: one round trip that pushes entries and pulls one snapshot. One set of types for both sides.
//!
//! Field names are short because an idle phone asks often; CBOR by default, the same shapes as JSON by content negotiation.

use serde::{Deserialize, Serialize};

use super::ahead::{Ahead, Had};
use super::bytes::{Exact, State};
use super::columns::{BadColumns, Columns};
use crate::domain::ids::{Digest, OrderId};

/// The protocol version this code speaks. A server answers a version it does not know with 400 and `protocol`.
pub const PROTOCOL: u16 = 1;

/// What the phone sends.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SyncRequest {
    /// The protocol version.
    #[serde(rename = "v")]
    pub protocol: u16,
    /// The server epoch the cursor belongs to; 0 before the first answer.
    #[serde(rename = "e", default)]
    pub epoch: u64,
    /// Everything up to this seq is applied on the phone.
    #[serde(rename = "c", default)]
    pub cursor: u64,
    /// The number of the first entry sent; 0 when none is.
    #[serde(rename = "n", default, skip_serializing_if = "is_zero")]
    pub first: u64,
    /// The chain hash before the first entry sent.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// The entries' exact bytes, contiguous.
    #[serde(rename = "j", default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Exact>,
    /// The entries column by column, which packs smaller; then `entries` is empty.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Box<Columns>>,
    /// Orders to send whole, because what the server said of them did not match.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<OrderId>,
    /// Numbers of entries the phone was told are parked: which of them are not any more?
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub parked: Vec<u64>,
    /// About how many bytes of rows the answer may carry; 0 leaves it to the server.
    #[serde(rename = "g", default, skip_serializing_if = "is_none")]
    pub page: u32,
    /// A phone that starts from nothing asks for this part instead of the feed. See [`super::ahead`].
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Ahead>,
    /// What it had ahead of the feed: that need not come again.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub had: Option<Had>,
}

impl SyncRequest {
    /// Arranges the entries in columns, where that gives their exact bytes again.
    pub fn arrange(&mut self) {
        if let Some(columns) = Columns::of(&self.entries, self.first) {
            self.entries.clear();
            self.columns = Some(Box::new(columns));
        }
    }

    /// Takes the entries out, in whichever form they came.
    ///
    /// # Errors
    /// When the columns give none, or entries stand in both forms.
    pub fn take_entries(&mut self) -> Result<Vec<Exact>, BadColumns> {
        match self.columns.take() {
            None => Ok(std::mem::take(&mut self.entries)),
            Some(columns) if self.entries.is_empty() => columns.entries(self.first),
            Some(_) => Err(BadColumns::Lengths),
        }
    }
}

/// What the server answers: one snapshot. The phone applies all of it in one transaction.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SyncResponse {
    /// The server's epoch: it changes when the server was restored.
    #[serde(rename = "e")]
    pub epoch: u64,
    /// The snapshot: everything in scope up to this seq is in this answer or was before.
    #[serde(rename = "s")]
    pub seq: u64,
    /// Entries up to this number are kept by the server.
    #[serde(rename = "n", default)]
    pub acked: u64,
    /// What the server says of the chain, when it does not continue.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainAnswer>,
    /// Verdicts that are not plain `applied`, by entry number.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<(u64, Verdict)>,
    /// Orders that are exactly what the phone gets by folding its own entries.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub echoes: Vec<Echo>,
    /// Orders changed since the cursor, whole.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Ink of signatures in scope, since the cursor.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub inks: Vec<InkRow>,
    /// Reference data changed since the cursor.
    #[serde(rename = "q", default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentRow>,
    /// Orders that are no longer this phone's. Nothing is ever gone by being absent.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<OrderId>,
    /// There is more: ask again with this answer's seq as the cursor.
    #[serde(rename = "m", default, skip_serializing_if = "is_false")]
    pub more: bool,
    /// The server's clock, UTC milliseconds: lets the phone say how far its own is off.
    #[serde(rename = "t", default)]
    pub now_ms: i64,
    /// The part that was asked for ahead of the feed, complete as of this seq. The cursor stays where it was.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<u64>,
    /// Entries up to this number are in a backup of the server that was looked over.
    #[serde(rename = "f", default, skip_serializing_if = "is_zero")]
    pub safe: u64,
    /// The phone may hand in what it holds and gets nothing: it was revoked, its person left, or it was silent too long.
    #[serde(rename = "u", default, skip_serializing_if = "is_false")]
    pub upload_only: bool,
}

/// What the server found when it looked at the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainAnswer {
    /// The server knows entries only up to `have` (it was restored): send again from there.
    Behind {
        /// The last entry it has.
        have: u64,
    },
    /// The server has other bytes under these numbers (the phone was cloned): take a new incarnation.
    Fork,
}

/// What became of an entry. It is kept in every case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Folded into the order.
    Applied,
    /// Folded, and two values or a concern wait for a person.
    Conflicted,
    /// Kept, not folded, for a typed reason.
    Parked(ParkReason),
    /// Known before by its id: it takes effect once.
    Duplicate,
}

/// Why an entry is parked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkReason {
    /// A fact kind of a newer version.
    UnknownKind,
    /// Not an entry.
    Malformed,
    /// Too large.
    TooLarge,
    /// The person may not touch this order.
    NotYours,
    /// Its number is not the one that follows.
    OutOfOrder,
}

/// An order the phone can fold by itself: saves sending back what it just sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Echo {
    /// The number of the last entry of this push that touched the order.
    #[serde(rename = "n")]
    pub n: u64,
    /// The order's seq now.
    #[serde(rename = "s")]
    pub seq: u64,
    /// The number it was given in this push.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// First 16 bytes of the SHA-256 of the state: when the phone's own differs it asks for the whole row.
    #[serde(rename = "h")]
    pub check: serde_bytes::ByteArray<16>,
}

/// The check an [`Echo`] carries for a state.
#[must_use]
pub fn echo_check(state: &[u8]) -> serde_bytes::ByteArray<16> {
    let mut check = [0; 16];
    for (to, from) in check.iter_mut().zip(Digest::of(state).0) {
        *to = from;
    }
    serde_bytes::ByteArray::new(check)
}

/// An order as the server has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The order.
    #[serde(rename = "i")]
    pub order: OrderId,
    /// Its seq.
    #[serde(rename = "s")]
    pub seq: u64,
    /// Its state.
    #[serde(rename = "b")]
    pub state: State,
}

/// The encoded strokes of a signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InkRow {
    /// The order whose signature it is.
    #[serde(rename = "i")]
    pub order: OrderId,
    /// The strokes; their name is their digest.
    #[serde(rename = "b")]
    pub ink: Exact,
}

/// Reference data 參考資料: one document, JSON text as bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentRow {
    /// What it is: `policy`, `calendar`, `price`, `unit`, `person`, `org`, `rescue`.
    #[serde(rename = "k")]
    pub kind: String,
    /// Its key within the kind.
    #[serde(rename = "i")]
    pub key: String,
    /// Its seq.
    #[serde(rename = "s")]
    pub seq: u64,
    /// Its body (UTF-8; JSON but for `policy` and `calendar`, which are TOML); empty when it was withdrawn.
    #[serde(rename = "b")]
    pub body: Exact,
}

/// `POST /v1/enrol`: a phone asks for its token with the one-time code from the office's screen. Always JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The one-time code.
    pub code: String,
    /// The id the phone chose for this incarnation.
    pub device: crate::domain::ids::DeviceId,
    /// The public half of the device key, hexadecimal.
    pub public_key: String,
    /// The app version.
    pub app: String,
}

/// The answer to [`EnrolRequest`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EnrolResponse {
    /// The bearer token; the server keeps only its hash.
    pub token: String,
    /// The org.
    pub org: crate::domain::ids::OrgId,
    /// The member of staff this phone is for.
    pub person: crate::domain::ids::PersonId,
    /// The role they act in.
    pub role: crate::domain::person::Role,
    /// The firm's public rescue key, hexadecimal; `None` from a server that has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rescue: Option<String>,
}

/// The kind of the document that says what rescue bundles are sealed for.
pub const RESCUE_KIND: &str = "rescue";

/// The body of the document of kind [`RESCUE_KIND`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RescueDocument {
    /// The firm's public rescue key, hexadecimal.
    pub public_key: String,
}

impl RescueDocument {
    /// The only key of its kind.
    pub const KEY: &str = "key";
}

/// A `/v1` error answer. Always JSON; the phone takes nothing else for the server's word.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ApiError {
    /// A stable word: `unauthorized`, `forbidden`, `protocol`, `too_large`, `malformed`, `not_found`, `refused`, `busy`.
    pub error: String,
    /// What is wrong, in plain words.
    pub message: String,
    /// The refusal, when a rule said no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<crate::domain::refusal::Refusal>,
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}

fn is_none(value: &u32) -> bool {
    *value == 0
}

fn is_false(value: &bool) -> bool {
    !value
}
