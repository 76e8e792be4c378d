//! The sync server as a library: the binary, the demo and the whole-system tests all start the same server.

pub mod import;
pub mod judge;
pub mod pages;
pub mod storage;
