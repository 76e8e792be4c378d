//! The journal table: appended to, walked by order, never changed.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::head::Head;
use crate::domain::ids::{Digest, EntryId, OrderId};
use crate::journal::{ChainHash, Entry};
use crate::phone::error::Result;

/// Appends an entry's bytes and moves the head. `before`: the journal n of the order's previous entry.
pub(crate) fn append(
    tx: &Transaction<'_>,
    head: &mut Head,
    id: EntryId,
    order: OrderId,
    before: u64,
    bytes: &[u8],
) -> Result<u64> {
    let n = head.n + 1;
    let hash = head.hash.then(bytes);
    tx.prepare_cached(
        "INSERT INTO journal (n, id, order_id, before, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![n, id.as_bytes(), order.as_bytes(), before, hash.0.0, bytes])?;
    head.n = n;
    head.hash = hash;
    Ok(n)
}

/// Where the journal begins: entries up to this n were let go of, and the chain hash after the last of them.
pub(crate) fn start(conn: &Connection) -> Result<(u64, ChainHash)> {
    let mut find = conn.prepare_cached("SELECT n, hash FROM journal_start")?;
    Ok(find.query_row([], |row| Ok((row.get(0)?, ChainHash(Digest(row.get(1)?)))))?)
}

/// The chain hash after an entry; also after the last that was let go of.
pub(crate) fn hash_after(conn: &Connection, n: u64) -> Result<Option<Digest>> {
    let mut find = conn.prepare_cached(
        "SELECT hash FROM journal WHERE n = ?1 UNION ALL SELECT hash FROM journal_start WHERE n = ?1 LIMIT 1",
    )?;
    Ok(find.query_row([n], |row| row.get(0)).optional()?.map(Digest))
}

/// Whether an entry is what was written: its hash is that over the entry before and its bytes.
pub(crate) fn is_whole(conn: &Connection, n: u64, bytes: &[u8]) -> Result<bool> {
    let hash = |n: u64| -> Result<Option<[u8; 32]>> {
        let mut find = conn.prepare_cached("SELECT hash FROM journal WHERE n = ?1")?;
        Ok(find.query_row([n], |row| row.get(0)).optional()?)
    };
    let is_first = conn.prepare_cached("SELECT 1 FROM incarnation WHERE first = ?1")?.exists([n])?;
    let before = if is_first { Some([0; 32]) } else { hash(n.saturating_sub(1))? };
    Ok(match (before, hash(n)?) {
        (Some(before), Some(after)) => ChainHash(Digest(before)).then(bytes).0.0 == after,
        _ => true,
    })
}

/// An order's own entries above `floor` up to `last`, oldest first, with their journal n. `last` is its newest.
///
/// One this version cannot read is left out: it changes nothing here until a version that can.
pub(crate) fn of_order(conn: &Connection, last: u64, floor: u64) -> Result<Vec<(u64, Entry)>> {
    let mut statement = conn.prepare_cached("SELECT before, bytes FROM journal WHERE n = ?1")?;
    let mut entries = Vec::new();
    let mut n = last;
    while n > floor {
        let row = statement
            .query_row([n], |row| Ok((row.get::<_, u64>(0)?, Entry::decode(row.get_ref(1)?.as_blob()?))))
            .optional()?;
        let Some((before, entry)) = row else { break };
        if let Ok(entry) = entry {
            entries.push((n, entry));
        }
        if before >= n {
            break;
        }
        n = before;
    }
    entries.reverse();
    Ok(entries)
}

/// How many entries of an order lie above `floor`. `last` is its newest.
pub(crate) fn count_of_order(conn: &Connection, last: u64, floor: u64) -> Result<u32> {
    let mut count = 0;
    let mut n = last;
    while n > floor {
        count += 1;
        let before = conn
            .prepare_cached("SELECT before FROM journal WHERE n = ?1")?
            .query_row([n], |row| row.get::<_, u64>(0))
            .optional()?;
        match before {
            Some(before) if before < n => n = before,
            _ => break,
        }
    }
    Ok(count)
}
