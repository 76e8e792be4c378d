//! Counts for monitoring, and whether the file can be written.

use doorstep_core::domain::ids::OrgId;
use rusqlite::Connection;

use super::codes::unsigned;
use crate::storage::{HeardAge, StorageError, Tallies};

pub(super) fn tallies(conn: &Connection, org: &OrgId, now_ms: i64) -> Result<Tallies, StorageError> {
    let mut tallies = Tallies::default();
    let mut parked =
        conn.prepare_cached("SELECT count(*) FROM parked WHERE org = ?1 AND closed_ms IS NULL")?;
    tallies.parked = unsigned(parked.query_row([org.as_str()], |row| row.get(0))?);
    let mut devices =
        conn.prepare_cached("SELECT heard_ms FROM device WHERE org = ?1 AND revoked_ms IS NULL")?;
    for heard_ms in devices.query_map([org.as_str()], |row| row.get::<_, i64>(0))? {
        *tallies.heard.entry(HeardAge::of(heard_ms?, now_ms)).or_default() += 1;
    }
    Ok(tallies)
}

/// Writes what is there already, so that the disk has to take it.
pub(super) fn touch(conn: &Connection) -> Result<(), StorageError> {
    conn.prepare_cached("UPDATE org_clock SET epoch = epoch")?.execute([])?;
    Ok(())
}
