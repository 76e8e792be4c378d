//! What is safe: how far each device's journal stands in a copy whose chains hold, told to the running database.

use std::path::Path;

use doorstep_core::domain::ids::OrgId;
use rusqlite::{Connection, params};

use super::check;
use super::codes::{signed, unsigned};
use super::{FILE, copy};
use crate::storage::StorageError;

/// How far one device's journal is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    org: String,
    device: Vec<u8>,
    n: u64,
}

/// How far each device's journal is kept in a copy of the database; nothing when any chain in it does not hold.
///
/// # Errors
/// When it cannot be read.
pub fn kept(copy: &Path) -> Result<Vec<Kept>, StorageError> {
    if !check::chains(copy)?.wrong.is_empty() {
        return Ok(Vec::new());
    }
    let conn = copy::existing(copy)?;
    let mut devices = conn.prepare("SELECT org, device_id, n FROM device WHERE n > 0")?;
    let rows = devices
        .query_map([], |row| Ok(Kept { org: row.get(0)?, device: row.get(1)?, n: unsigned(row.get(2)?) }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes down in a folder's database, beside its running server, that these entries are safe.
///
/// # Errors
/// When it cannot be written.
pub fn mark_safe(folder: &Path, kept: &[Kept]) -> Result<(), StorageError> {
    let conn = copy::existing(&folder.join(FILE))?;
    conn.execute_batch("PRAGMA synchronous = FULL; BEGIN IMMEDIATE")?;
    {
        // Never beyond what is kept here: the folder may have been put back meanwhile.
        let mut mark = conn.prepare(
            "UPDATE device SET safe_n = max(safe_n, min(n, ?3)) WHERE org = ?1 AND device_id = ?2",
        )?;
        for Kept { org, device, n } in kept {
            mark.execute(params![org, device, signed(*n)])?;
        }
    }
    Ok(conn.execute_batch("COMMIT")?)
}

/// The device's entries up to this number are safe.
pub(super) fn safe(conn: &Connection, org: &OrgId, device: &[u8]) -> Result<u64, StorageError> {
    let mut find = conn.prepare_cached("SELECT safe_n FROM device WHERE org = ?1 AND device_id = ?2")?;
    let mut rows = find.query(params![org.as_str(), device])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?.map_or(0, unsigned))
}
