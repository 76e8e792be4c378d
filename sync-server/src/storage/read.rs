//! What is read: lists and single orders for the office, and one snapshot for a phone.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::Role;
use doorstep_core::journal::Entry;
use doorstep_core::journal::ahead::{Ahead, Had};
use doorstep_core::journal::wire::Verdict;

/// Which orders a list shows. What is empty does not narrow it.
#[derive(Clone, Debug)]
pub struct OrderFilter {
    /// Any of these statuses; all when empty.
    pub status: Vec<Status>,
    /// The day of the latest visit's window, where it was booked.
    pub day: Option<NaiveDate>,
    /// The assigned technician.
    pub technician: Option<PersonId>,
    /// Search text as typed; it is folded here. It may be a name: never log it.
    pub q: String,
    /// Only those with concerns nobody has settled.
    pub unsettled: bool,
    /// Start after this order (a page's `next`).
    pub after: Option<OrderId>,
    /// The most rows to give.
    pub limit: u32,
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self {
            status: Vec::new(),
            day: None,
            technician: None,
            q: String::new(),
            unsettled: false,
            after: None,
            limit: 100,
        }
    }
}

/// One order in a list.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct OrderSummary {
    /// The order.
    pub id: OrderId,
    /// Its seq.
    pub seq: u64,
    /// Its number.
    pub number: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// The unit.
    pub unit: String,
    /// The resident.
    pub resident: String,
    /// The phone in force.
    pub phone: String,
    /// The fault text in force.
    pub fault: String,
    /// The kind of work.
    pub work_type: String,
    /// The assigned technician.
    pub technician: Option<PersonId>,
    /// When the current visit's window starts, UTC milliseconds.
    pub window_start_ms: Option<i64>,
    /// Whether two values wait for a person.
    pub has_conflict: bool,
    /// How many concerns nobody has settled.
    pub concerns: u32,
    /// When the server last took an entry about it, UTC milliseconds.
    pub last_heard: i64,
}

/// A page of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OrderPage {
    /// The orders, newest first.
    pub rows: Vec<OrderSummary>,
    /// Where the next page starts, when there is one.
    pub next: Option<OrderId>,
    /// How many orders of each status match the filter without its statuses; statuses without any are left out.
    pub counts: Vec<(Status, u64)>,
}

/// An order with its seq.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredOrder {
    /// The order's id.
    pub id: OrderId,
    /// Its seq.
    pub seq: u64,
    /// The order.
    pub order: Order,
}

/// An entry as the server took it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntry {
    /// The entry.
    pub entry: Entry,
    /// The device it came from; `None` for the server's own.
    pub device: Option<DeviceId>,
    /// When it was received, UTC milliseconds.
    pub received_ms: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// The number the order got with it.
    pub number: Option<String>,
}

/// A member of staff, from the reference data.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// The staff code.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The phone.
    #[serde(default)]
    pub phone: String,
    /// The language the person reads.
    #[serde(default)]
    pub lang: Lang,
    /// The certificate 上崗證 (R46).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate: String,
    /// The last day it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_expires: Option<NaiveDate>,
}

/// A document of reference data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredDocument {
    /// Its kind.
    pub kind: String,
    /// Its key within the kind.
    pub key: String,
    /// Its seq.
    pub seq: u64,
    /// Its body; empty when it was withdrawn.
    pub body: Vec<u8>,
}

/// What a phone asks for.
#[derive(Clone, Debug)]
pub struct Pull {
    /// Which phone: how far its journal is kept is told as well.
    pub device: DeviceId,
    /// Whose phone.
    pub person: PersonId,
    /// Whether it still gets anything.
    pub active: bool,
    /// The epoch the cursor belongs to. In another epoch it means nothing, and everything is new.
    pub epoch: u64,
    /// Everything up to this seq is there already.
    pub cursor: u64,
    /// Orders that must be in the answer whatever the page, when they are in scope.
    pub whole: Vec<OrderId>,
    /// Orders the phone can fold by itself, with the seq up to which that is true.
    pub echoed: HashMap<OrderId, u64>,
    /// Ink the phone has just sent.
    pub own_ink: HashSet<Digest>,
    /// About how many bytes of rows to give.
    pub page_bytes: usize,
    /// Numbers of the device's entries that it was told are parked.
    pub parked: Vec<u64>,
    /// This part of the orders instead of the feed: the cursor stays.
    pub ahead: Option<Ahead>,
    /// What the feed may leave out, because the phone had it ahead.
    pub had: Option<Had>,
}

/// An order in a snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PulledOrder {
    /// The order.
    pub id: OrderId,
    /// Its seq.
    pub seq: u64,
    /// Its state.
    pub state: Vec<u8>,
}

/// One snapshot, or a page of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pulled {
    /// The epoch.
    pub epoch: u64,
    /// Entries of the device up to this number are kept.
    pub acked: u64,
    /// Everything in scope up to this seq is here or was before.
    pub seq: u64,
    /// There is more after this seq.
    pub more: bool,
    /// Orders in scope.
    pub orders: Vec<PulledOrder>,
    /// Echoed orders that are still as the phone folds them, and in scope.
    pub confirmed: HashSet<OrderId>,
    /// Ink of orders in scope.
    pub inks: Vec<(OrderId, Vec<u8>)>,
    /// Reference data.
    pub documents: Vec<StoredDocument>,
    /// Orders no longer in scope.
    pub gone: Vec<OrderId>,
    /// The entries asked about that were folded after all.
    pub unparked: Vec<u64>,
    /// The device's entries up to this number are in a backup that was looked over.
    pub safe: u64,
    /// The part asked for is all here as of this seq.
    pub ahead: Option<u64>,
}
