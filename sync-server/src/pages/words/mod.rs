//! What only the office reads: sentences for facts, reasons for a second look, page texts. The words for the things of a
//! visit are the core's, shared with everything that is printed.

pub mod facts;
pub mod flags;
pub mod ui;
pub mod verify;

pub use doorstep_core::words::{Three, after_colon, in_brackets, labels, list, names, pick, say, when};
