//! Doorstep's core: the procedure of a home visit, the journal it is recorded in, and the phone that keeps it.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)
)]

pub mod domain;
pub mod evidence;
pub mod journal;
#[cfg(feature = "phone")]
pub mod phone;
pub mod rescue;
pub mod sheet;
pub mod words;
