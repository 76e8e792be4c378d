//! Tests of the phone on real files.

mod damage;
mod durable;
mod fixture;
mod observe;
mod property;
mod reads;
