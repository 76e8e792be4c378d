//! Incarnations: entries are numbered under a device id. A phone that was copied, or whose journal was damaged, takes a
//! new one, and what is unsent is numbered anew under it. Entry ids stay, so each takes effect once.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{Transaction, params};

use super::error::{PhoneError, Result};
use super::store::head::Head;
use super::store::journal;
use super::store::meta::{self, key};
use super::views;
use super::write::keep_inks;
use crate::domain::ids::{DeviceId, OrderId};
use crate::journal::{ChainHash, Renumbered};

/// Begins a new incarnation: the old rows stay as they are, copies of the unacknowledged ones follow under new numbers.
///
/// `is_known`: the server knows the device id already; otherwise it is told before anything is sent.
pub(crate) fn begin(tx: &Transaction<'_>, head: &mut Head, device: DeviceId, is_known: bool) -> Result<()> {
    let unsent: Vec<(u64, Vec<u8>)> = tx
        .prepare("SELECT n, bytes FROM journal WHERE n > ?1 ORDER BY n")?
        .query_map([head.acked], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (n, bytes) in &unsent {
        // Under a new number it would get a new hash, and look as if it had been recorded so.
        if !journal::is_whole(tx, *n, bytes)? {
            return Err(PhoneError::StorageDamaged(format!("entry {n} is not what was written")));
        }
    }
    let first = head.n + 1;
    // Without entries in between it is the same place under another name.
    tx.execute(
        "REPLACE INTO incarnation (first, device) VALUES (?1, ?2)",
        params![first, device.as_bytes()],
    )?;
    let before = head.clone();
    head.device = device;
    head.first = first;
    head.hash = ChainHash::default();
    // The old rows are not lost sight of: their copies follow in the same transaction.
    head.acked = head.n;
    head.save(tx, &before)?;
    for (_, bytes) in &unsent {
        append_again(tx, head, bytes)?;
    }
    if is_known {
        meta::clear(tx, key::REGISTER)?;
    } else {
        meta::set(tx, key::REGISTER, true)?;
    }
    Ok(())
}

/// Appends every entry of earlier incarnations that is not among this one's; gives their orders.
pub(crate) fn send_again(tx: &Transaction<'_>, head: &mut Head) -> Result<BTreeSet<OrderId>> {
    let mut orders = BTreeSet::new();
    if head.first <= 1 {
        return Ok(orders);
    }
    let mut known: HashSet<[u8; 16]> = tx
        .prepare("SELECT id FROM journal WHERE n >= ?1")?
        .query_map([head.first], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut earlier = Vec::new();
    let mut statement = tx.prepare("SELECT id, order_id, bytes, n FROM journal WHERE n < ?1 ORDER BY n")?;
    let mut rows = statement.query([head.first])?;
    while let Some(row) = rows.next()? {
        // One that a failing disk changed stays where it is, and delays no other.
        if !journal::is_whole(tx, row.get(3)?, row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)? {
            continue;
        }
        if known.insert(row.get(0)?) {
            orders.insert(OrderId(uuid::Uuid::from_bytes(row.get(1)?)));
            earlier.push(row.get::<_, Vec<u8>>(2)?);
        }
    }
    for bytes in earlier {
        append_again(tx, head, &bytes)?;
    }
    Ok(orders)
}

/// Appends an entry under the next number of this incarnation. Its id, facts and times stay.
pub(crate) fn append_again(tx: &Transaction<'_>, head: &mut Head, bytes: &[u8]) -> Result<()> {
    let Some(again) = Renumbered::of(bytes, head.wire(head.n + 1)) else { return Ok(()) };
    let Renumbered { id, order, bytes, inks } = again;
    let place = views::place_of(tx, order)?;
    let before = place.as_ref().map_or(0, |place| place.last_n);
    let n = journal::append(tx, head, id, order, before, &bytes)?;
    keep_inks(tx, order, &inks)?;
    match place {
        Some(place) => {
            tx.prepare_cached("UPDATE view_order SET last_n = ?2 WHERE id = ?1")?
                .execute(params![place.id, n])?;
        }
        None => {
            let nothing = super::columns::Columns::of(&crate::domain::order::Order::default(), None);
            views::put_columns(tx, None, order, n, &nothing, None)?;
        }
    }
    Ok(())
}
