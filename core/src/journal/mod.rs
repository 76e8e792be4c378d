//! The journal: what a device recorded, as bytes that never change, and the wire types phone and server share.

pub mod ahead;
pub mod blobs;
pub mod bytes;
pub mod chain;
pub mod columns;
pub mod enrol_code;
pub mod entry;
pub mod limits;
pub mod live;
pub mod packing;
pub mod wire;

pub use chain::ChainHash;
pub use enrol_code::{BadEnrolCode, EnrolCode};
pub use entry::{BadEntry, Entry, EntryHead, Renumbered};
