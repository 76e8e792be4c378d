//! Rescue bundles 救援包 on the server: the key pair of each firm, and taking in what a phone could not send.

mod import;
mod keys;
mod words;

pub use self::import::{Options, TakeError, Taken, take};
pub use self::keys::RescueKeys;
pub(crate) use self::keys::public;
