//! Limits phone and server share: an entry too large to send cannot be created.

/// The most bytes one entry may have: about ten signatures.
pub const MAX_ENTRY_BYTES: usize = 256 * 1024;
/// The most facts one entry may hold.
pub const MAX_ENTRY_FACTS: usize = 256;
/// The most bytes of entries one request carries, before compression. More is sent in further requests.
pub const MAX_PUSH_BYTES: usize = 32 * 1024 * 1024;
/// The most bytes of a request body after decompression: a push and its frame.
pub const MAX_BODY_BYTES: usize = MAX_PUSH_BYTES + 1024 * 1024;
/// About how many bytes of rows one answer carries before it says that there is more.
pub const PAGE_BYTES: usize = 32 * 1024 * 1024;
/// The most characters of a text a person types.
pub const MAX_TEXT_CHARS: usize = 4_000;
/// How many requests a phone may make at once after a pause, and a second for as long as it likes.
pub const DEVICE_BURST: u32 = 1_000;
/// See [`DEVICE_BURST`].
pub const DEVICE_RATE: u32 = 10;
/// The same for all phones of a firm together: ten thousand may come back in the same moment.
pub const ORG_BURST: u32 = 25_000;
/// See [`ORG_BURST`].
pub const ORG_RATE: u32 = 2_000;
