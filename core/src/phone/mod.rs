//! The phone: its SQLite store, its views and its sync engine. `Phone` is the front door.

mod at_rest;
mod card;
mod clock;
mod columns;
mod config;
mod copies;
mod damage;
mod documents;
mod durable;
mod enrol;
mod entry_ids;
mod error;
mod export;
mod exported_state;
mod front;
mod incarnation;
mod let_go;
pub mod media;
mod observe;
mod open;
mod photos;
mod read;
mod rescue;
mod salvage;
mod schema;
mod search;
mod sheet;
mod status;
mod store;
pub mod sync;
#[cfg(test)]
mod tests;
mod views;
mod write;

pub use at_rest::{KeyError, StorageKey, rotate_key};
pub use card::OrderCard;
pub use clock::{Clock, SystemClock};
pub use config::{DamageReport, OpenReport, PhoneConfig};
pub use copies::MadeCopy;
pub use documents::Reference;
pub use error::{ErrorKind, PhoneError, Result};
pub use front::Phone;
pub use observe::{Change, Subscription};
pub use photos::{
    PhotoCounts, PhotoMachine, PhotoShown, PhotoSize, PhotoSlot, PhotoState, PhotoStep, SendPlan, SendReport,
};
pub use read::{EntryVerdict, ListFilter, OrderDetail, OrderList, PAGE_LIMIT, Page};
pub use rescue::{RescueReport, rescue, rescue_trouble};
pub use status::{Enrolment, SyncStatus};
pub use sync::{
    Cancel, HttpRequest, HttpResponse, HttpTransport, Loaded, Network, Pace, Plan, Step, SyncMachine,
    SyncProgress, SyncReport, Transport, TransportError, Trust, Why,
};
pub use write::Recorded;
