//! The journal table: appended to, walked by order, never changed.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::head::Head;
use crate::domain::ids::{EntryId, OrderId};
use crate::journal::Entry;
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
