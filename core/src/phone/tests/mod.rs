//! Tests of the phone on real files.

mod damage;
mod durable;
pub(crate) mod fixture;
mod observe;
mod property;
pub(crate) mod reads;
mod speed;
