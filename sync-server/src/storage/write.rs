//! What a writing transaction loads, and what a decision tells it to write.

use std::collections::{HashMap, HashSet};

use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::domain::order::status::Status;
use doorstep_core::journal::ChainHash;
use doorstep_core::journal::wire::Verdict;

use super::Device;

/// The org's clock: the row every writer locks, so that whoever sees a seq sees everything below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Clock {
    /// The last seq given out.
    pub seq: u64,
    /// The epoch seqs belong to.
    pub epoch: u64,
    /// The next order number's count (R155), from 1.
    pub next_number: u64,
}

impl Clock {
    /// The next seq.
    pub fn tick(&mut self) -> u64 {
        self.seq = self.seq.saturating_add(1);
        self.seq
    }
}

/// What to load.
#[derive(Clone, Debug, Default)]
pub struct Want {
    /// The device that pushes, with the numbers of its first and last entry in the batch.
    pub device: Option<(DeviceId, u64, u64)>,
    /// Orders the batch is about.
    pub orders: Vec<OrderId>,
    /// Entries the batch brings: which of them are known already?
    pub entries: Vec<EntryId>,
}

/// What was loaded. The org's clock is locked until the writes are committed.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The clock.
    pub clock: Clock,
    /// The end of the device's journal as it is kept here.
    pub device: Option<DeviceTail>,
    /// The orders that exist.
    pub orders: HashMap<OrderId, LoadedOrder>,
    /// The entries that are known.
    pub known: HashSet<EntryId>,
    /// Entries about the orders that are kept and not folded yet.
    pub parked: HashMap<OrderId, Vec<ParkedEntry>>,
}

/// An entry that waits: for access, or for a version that knows its facts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParkedEntry {
    /// The device it came from.
    pub device: Device,
    /// Its number.
    pub n: u64,
    /// Its exact bytes.
    pub bytes: Vec<u8>,
}

/// How far a device's journal is kept here.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DeviceTail {
    /// The last number.
    pub n: u64,
    /// The chain hash after it.
    pub hash: ChainHash,
    /// What is known of entries of the batch that are kept already.
    pub resent: Option<Resent>,
}

/// The part of a batch that is kept already, if it is the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resent {
    /// The last number of the batch that is kept.
    pub last: u64,
    /// The chain hash after it, as kept.
    pub hash: ChainHash,
    /// Verdicts of kept entries of the batch that are not plainly applied.
    pub verdicts: Vec<(u64, Verdict)>,
}

/// An order as it was.
#[derive(Clone, Debug)]
pub struct LoadedOrder {
    /// Its seq.
    pub seq: u64,
    /// Its state.
    pub state: Vec<u8>,
    /// The seq of its latest ink; 0 for none.
    pub ink_seq: u64,
    /// Who has, or had, it on their phone.
    pub grants: HashMap<PersonId, GrantState>,
}

/// Whether a person has an order on the phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrantState {
    /// Has it now.
    pub active: bool,
    /// Since which seq it is so.
    pub since: u64,
}

/// What to write, all of it or nothing. Empty writes change nothing, not even the clock.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// The clock after it.
    pub clock: Option<Clock>,
    /// The end of the pushing device's journal after it.
    pub device: Option<(DeviceId, u64, ChainHash)>,
    /// When all of it was received, UTC milliseconds.
    pub received_ms: i64,
    /// Entries for the log, in this order.
    pub entries: Vec<EntryWrite>,
    /// Orders as they are now.
    pub orders: Vec<OrderWrite>,
    /// Ink.
    pub inks: Vec<InkWrite>,
    /// Parked entries that were folded after all: device and number.
    pub unparked: Vec<(DeviceId, u64)>,
    /// Grants that begin or end. Those that go on are moved to their order's new seq by the storage.
    pub grants: Vec<GrantWrite>,
}

/// An entry for the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryWrite {
    /// The seq of its order's change; that of the clock when it changed none.
    pub seq: u64,
    /// Its id; `None` when it has none to read or the id is known already.
    pub id: Option<EntryId>,
    /// Its order, when it names one.
    pub order: Option<OrderId>,
    /// The device; `None` for the server's own.
    pub device: Option<DeviceId>,
    /// Its number; 0 for the server's own.
    pub n: u64,
    /// The chain hash after it.
    pub chain: ChainHash,
    /// What became of it.
    pub verdict: Verdict,
    /// The number its order got with it: the order's first entry (R155).
    pub number: Option<String>,
    /// Its exact bytes.
    pub bytes: Vec<u8>,
}

/// An order to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderWrite {
    /// The order.
    pub id: OrderId,
    /// Whether it is not there yet.
    pub is_new: bool,
    /// Its seq.
    pub seq: u64,
    /// The seq of its latest ink; 0 for none.
    pub ink_seq: u64,
    /// What lists show of it.
    pub summary: Summary,
    /// Its state.
    pub state: Vec<u8>,
}

/// What lists show and search of an order: derived from its state, kept in columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
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
    /// Start of the current visit's window, UTC milliseconds, and the day it falls on there, as days since year 1.
    pub window: Option<(i64, i32)>,
    /// Whether two values wait for a person.
    pub has_conflict: bool,
    /// How many concerns nobody has settled.
    pub concerns: u32,
    /// Number, unit, resident, phone, company, fault and symptom, folded for search.
    pub search: String,
}

impl Summary {
    /// The summary of an order.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        use chrono::Datelike as _;
        let intake = order.intake.as_ref();
        let window = order.current_window();
        Self {
            number: order.number.clone(),
            status: order.status(),
            phone: order.field(SharedField::Phone).to_owned(),
            fault: order.field(SharedField::Fault).to_owned(),
            work_type: order.work_type().to_owned(),
            technician: order.assignment.as_ref().map(|a| a.technician.clone()),
            window: window.map(|w| (w.start.utc_ms, w.start.date().num_days_from_ce())),
            has_conflict: order.has_conflict(),
            concerns: u32::try_from(order.unsettled().count()).unwrap_or(u32::MAX),
            search: order.search_text(),
            unit: intake.map(|i| i.unit.clone()).unwrap_or_default(),
            resident: intake.map(|i| i.resident.clone()).unwrap_or_default(),
        }
    }
}

/// Ink to be kept. Ink that is there already stays as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InkWrite {
    /// The order whose signature it is.
    pub order: OrderId,
    /// Its digest.
    pub digest: Digest,
    /// Its seq.
    pub seq: u64,
    /// The encoded strokes.
    pub bytes: Vec<u8>,
}

/// A grant that begins or ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantWrite {
    /// The order.
    pub order: OrderId,
    /// The person.
    pub person: PersonId,
    /// The seq at which it changes.
    pub seq: u64,
    /// Begins or ends.
    pub active: bool,
}

/// A document to be written. Its seq is given by the storage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewDocument {
    /// Its kind: `policy`, `calendar`, `price`, `unit`, `person`, `org`, `rescue`.
    pub kind: &'static str,
    /// Its key within the kind.
    pub key: String,
    /// Its body; empty to withdraw it.
    pub body: Vec<u8>,
}
