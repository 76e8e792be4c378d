//! The office's interface for programs: the same commands and reads as the pages, as JSON.

pub(crate) mod blobs;
pub(crate) mod enrol_codes;
pub mod openapi;
pub(crate) mod orders;
