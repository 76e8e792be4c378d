//! Evidence: what somebody who was not there can look at and check.

pub mod copy;
pub mod signature;
