//! Tests of the phone on real files.

mod damage;
mod durable;
pub(crate) mod fixture;
mod observe;
mod property;
mod reads;
mod speed;
