//! Letting go of old entries: only what the server holds safely, only at the journal's start, and the chain goes on from there.
//!
//! Safe is what is in a backup of the server that was looked over, or what the server has had for thirty days. No clock of
//! this phone is asked. Signatures, documents under seals and photos are kept apart and stay.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::error::Result;
use super::store::head::Head;
use super::store::journal;

/// Fewer than this many entries are not worth rewriting the file for.
pub(crate) const AT_LEAST: u64 = 256;
const DAY_MS: i64 = 24 * 3_600_000;
/// How long the server must have had entries that are in no backup this phone knows of.
const KEEP_MS: i64 = 30 * DAY_MS;

/// Writes down, about once a day, up to where the server has everything. `server_ms`: the server's clock; 0 tells nothing.
pub(crate) fn mark(tx: &Transaction<'_>, head: &Head, server_ms: i64) -> Result<()> {
    let last: Option<(u64, i64)> = tx
        .prepare_cached("SELECT n, server_ms FROM acknowledged ORDER BY n DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let is_due = last.is_none_or(|(n, at)| head.acked > n && server_ms.saturating_sub(at) >= DAY_MS);
    if server_ms != 0 && head.acked > 0 && is_due {
        tx.prepare_cached("INSERT OR IGNORE INTO acknowledged (n, server_ms) VALUES (?1, ?2)")?
            .execute(params![head.acked, server_ms])?;
    }
    Ok(())
}

/// Lets go of what is safe. `safe`: the number up to which entries of this incarnation are in a backup. Gives how many went.
pub(crate) fn let_go(tx: &Transaction<'_>, head: &Head, safe: u64, server_ms: i64) -> Result<u64> {
    let (start, _) = journal::start(tx)?;
    let upto = in_a_backup(tx, head, start, safe)?
        .max(for_long(tx, server_ms)?)
        .min(head.acked)
        .min(head.n.saturating_sub(1));
    if upto < start.saturating_add(AT_LEAST) {
        return Ok(0);
    }
    let Some(hash) = journal::hash_after(tx, upto)? else { return Ok(0) };
    tx.execute("UPDATE journal_start SET n = ?1, hash = ?2", params![upto, hash.0])?;
    let gone = tx.execute("DELETE FROM journal WHERE n <= ?1", [upto])?;
    tx.execute("UPDATE view_order SET last_n = 0 WHERE last_n BETWEEN 1 AND ?1", [upto])?;
    tx.execute("DELETE FROM acknowledged WHERE n <= ?1", [upto])?;
    // What is still kept apart is still told.
    tx.execute("DELETE FROM verdict WHERE n <= ?1 AND NOT parked", [upto])?;
    Ok(gone as u64)
}

/// Up to where the journal is in a backup. The server speaks of this incarnation alone, and an entry that is kept apart
/// waits here with it, so that it can still be looked at.
fn in_a_backup(tx: &Transaction<'_>, head: &Head, start: u64, safe: u64) -> Result<u64> {
    if safe == 0 || start + 1 < head.first {
        return Ok(0);
    }
    let parked: Option<u64> =
        tx.query_row("SELECT min(n) FROM verdict WHERE parked AND n > ?1", [start], |row| row.get(0))?;
    let safe = head.local(safe);
    Ok(parked.map_or(safe, |n| safe.min(n.saturating_sub(1))))
}

/// Up to where the server has had everything for long.
fn for_long(tx: &Transaction<'_>, server_ms: i64) -> Result<u64> {
    let before = server_ms.saturating_sub(KEEP_MS);
    let n: Option<u64> =
        tx.query_row("SELECT max(n) FROM acknowledged WHERE server_ms <= ?1", [before], |row| row.get(0))?;
    Ok(n.unwrap_or(0))
}
