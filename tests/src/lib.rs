//! What whole-system tests and benchmarks share: a real server with a firm in it, real phones, scripts of visits,
//! and ways to break the line between them.
#![allow(missing_docs, reason = "the tests beside it are its only readers; what is not plain has a comment")]

pub mod balance;
pub mod bench;
pub mod bucket;
pub mod camera;
pub mod cut;
pub mod database;
pub mod dice;
pub mod full;
pub mod office;
pub mod phones;
pub mod play;
pub mod probe;
pub mod scenario;
pub mod text;
pub mod vectors;
pub mod walk;
