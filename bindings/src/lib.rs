//! The phone core for Kotlin and Swift: the same front door, coarse calls on plain records, typed errors.
//!
//! This crate adds no behaviour. Every record and command is taken apart field by field, so that a new field of the
//! core does not compile until it is mapped here.

mod command;
mod failure;
mod front;
mod ids;
mod observe;
mod records;
mod words;

pub use command::{SigningOutcome, VisitCommand};
pub use failure::DoorstepException;
pub use front::{DoorstepPhone, Sealed, SignedPaper, SyncOutcome, SyncState, library_version};
pub use observe::{OrderObserver, Watch};
pub use records::{
    ActionRecord, CheckItem, Handling, IntakeForm, Moment, MoneyAmount, OrderPage, OrderSummary, PenPoint,
    PriceLine, QuoteOffer, ThingTaken, TimeWindow,
};
pub use words::*;

uniffi::setup_scaffolding!("doorstep");
