//! The phone core for Kotlin, Swift and Python: the same front door, coarse calls on plain records, typed errors.
//!
//! This crate adds no behaviour. Every record and command is taken apart field by field, so that a new field of the
//! core does not compile until it is mapped here.

#![allow(
    clippy::result_large_err,
    reason = "an error crosses the binding once, by value: boxing it saves nothing"
)]

mod bundle;
mod cancel;
mod command;
mod failure;
mod front;
mod ids;
mod lists;
mod observe;
mod page;
mod paper;
mod photo;
mod quote;
mod records;
mod report;
mod words;

pub use bundle::{RescueMade, rescue_without_opening};
pub use cancel::Cancel;
pub use command::{SigningOutcome, VisitCommand};
pub use failure::DoorstepException;
pub use front::{DoorstepPhone, PhoneSettings, library_version, rotate_storage_key};
pub use lists::{ListPage, OrderFilter, OrdersShown};
pub use observe::{OrderObserver, Watch};
pub use page::{ActionRecord, CheckItem, EntryNote, HeldThing, OrderPage, VisitShown};
pub use paper::{PrintedPaper, Sealed, SignedPaper};
pub use photo::{PhotoRecord, PhotoSlotShown, PhotosKept, PhotosSent};
pub use quote::{PriceLine, QuoteOffer, QuoteShown};
pub use records::{
    IntakeForm, Moment, MoneyAmount, OrderSummary, PartReturned, PenPoint, ThingTaken, TimeWindow,
};
pub use report::{DamageFound, EnrolledAs, OpenedAs, SyncOutcome, SyncState};
pub use words::*;

uniffi::setup_scaffolding!("doorstep");
