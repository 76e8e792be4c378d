//! The firm's rescue key beside the file: it is no secret, and is needed most when the file does not open.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction};

use crate::domain::ids::Digest;
use crate::journal::wire::{DocumentRow, RESCUE_KIND, RescueDocument};
use crate::phone::documents;
use crate::phone::durable::{self, with_suffix};
use crate::phone::error::Result;
use crate::rescue::PublicKey;

/// What stands behind the file's name.
const SUFFIX: &str = ".rescue-key";

fn path(file: &Path) -> PathBuf {
    with_suffix(file, SUFFIX)
}

/// The key an open file knows.
pub(crate) fn known(conn: &Connection) -> Option<PublicKey> {
    let body = documents::body(conn, RESCUE_KIND, RescueDocument::KEY).ok().flatten()?;
    let document: RescueDocument = serde_json::from_slice(&body).ok()?;
    document.public_key.parse().ok()
}

/// The key kept beside the file.
pub(crate) fn beside(file: &Path) -> Option<PublicKey> {
    std::fs::read_to_string(path(file)).ok()?.parse().ok()
}

/// Keeps the key an enrolment brought, where reference data keeps it from the first sync on.
pub(crate) fn put(tx: &Transaction<'_>, key: &str) -> Result<()> {
    let Ok(Digest(_)) = key.parse() else { return Ok(()) };
    let body = serde_json::to_vec(&RescueDocument { public_key: key.to_owned() }).unwrap_or_default();
    let row = DocumentRow {
        kind: RESCUE_KIND.to_owned(),
        key: RescueDocument::KEY.to_owned(),
        seq: 0,
        body: crate::journal::bytes::Exact(body),
    };
    documents::put(tx, &row).map(|_| ())
}

/// Writes the key beside the file, when another or none is there. That it cannot be is no reason to stop: it is tried
/// again whenever the file is opened.
pub(crate) fn refresh(file: &Path, conn: &Connection) {
    if let Some(key) = known(conn)
        && beside(file) != Some(key)
    {
        let _ = durable::write(&path(file), format!("{key}\n").as_bytes());
    }
}
