//! What phone and server say to each other about photos.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Digest;

/// The most bytes of a photo the server takes.
pub const MAX_BLOB_BYTES: u64 = 16 * 1024 * 1024;
/// The most photos asked for at once.
pub const MAX_BLOBS_ASKED: u32 = 200;
/// How many bytes of a photo a phone sends in one request.
pub const BLOB_CHUNK_BYTES: u64 = 2 * 1024 * 1024;

/// Which of these does the server lack?
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MissingRequest {
    /// SHA-256 of each, at most [`MAX_BLOBS_ASKED`].
    pub sha256: Vec<Digest>,
}

/// Those it lacks.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MissingResponse {
    /// Each that is not here whole.
    pub missing: Vec<Missing>,
}

/// One the server lacks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Missing {
    /// Its SHA-256.
    pub sha256: Digest,
    /// How many bytes of it are here from an upload of this device that was cut off: go on from there.
    pub offset: u64,
}

/// How far an upload is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlobState {
    /// It is here whole and its SHA-256 is right.
    pub verified: bool,
    /// How many bytes of it are here.
    pub offset: u64,
}
