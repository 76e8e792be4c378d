//! Each device's log: numbered from 1 without a gap, each entry hashed over the one before, as far as the device is kept.

use std::collections::BTreeMap;

use doorstep_core::domain::ids::{DeviceId, EntryId, OrderId, OrgId};
use doorstep_core::journal::{ChainHash, EntryHead};
use rusqlite::{Connection, Row, params};

use super::super::codes::{self, unsigned};
use super::{Examined, What};
use crate::storage::StorageError;

type Device = (Vec<u8>, u64, Vec<u8>);

pub(super) fn check(conn: &Connection, org: &OrgId, found: &mut Examined) -> Result<(), StorageError> {
    let mut known = BTreeMap::new();
    let mut devices = conn.prepare("SELECT device_id, n, chain FROM device WHERE org = ?1")?;
    let rows = devices.query_map([org.as_str()], |row| {
        Ok::<Device, rusqlite::Error>((row.get(0)?, unsigned(row.get(1)?), row.get(2)?))
    })?;
    for row in rows {
        let (id, n, chain) = row?;
        known.insert(id, (n, chain));
    }
    let mut logged = conn.prepare(
        "SELECT DISTINCT device_id FROM entry_log WHERE org = ?1 AND device_id IS NOT NULL ORDER BY device_id",
    )?;
    let ids = logged.query_map([org.as_str()], |row| row.get::<_, Vec<u8>>(0))?;
    for id in ids {
        let id = id?;
        let ended = follow(conn, org, &id, found)?;
        match known.remove(&id) {
            Some(kept) if ended == kept => {}
            Some((n, _)) => found.say(
                What::Chain,
                format!("{org}: device {}: its log ends at {}, it is kept to {n}", name(&id), ended.0),
            ),
            None => found.say(What::Chain, format!("{org}: device {} was never enrolled", name(&id))),
        }
    }
    for (id, (n, _)) in known.into_iter().filter(|(_, (n, _))| *n > 0) {
        found.say(What::Chain, format!("{org}: device {}: {n} entries are not there", name(&id)));
    }
    Ok(())
}

/// Follows one device's log; gives where it ends.
fn follow(
    conn: &Connection,
    org: &OrgId,
    device: &[u8],
    found: &mut Examined,
) -> Result<(u64, Vec<u8>), StorageError> {
    let mut entries = conn.prepare_cached(
        "SELECT n, chain, entry_id, order_id, bytes FROM entry_log WHERE org = ?1 AND device_id = ?2 ORDER BY n",
    )?;
    let mut rows = entries.query(params![org.as_str(), device])?;
    let (mut last, mut chain) = (0, ChainHash::default());
    while let Some(row) = rows.next()? {
        let n = unsigned(row.get(0)?);
        let bytes = codes::blob(row.get_ref(4)?)?;
        found.entries += 1;
        if n != last + 1 {
            found.say(What::Chain, format!("{org}: device {}: after {last} comes {n}", name(device)));
        }
        chain = chain.then(&bytes);
        let stored: Option<Vec<u8>> = row.get(1)?;
        if stored.as_deref() != Some(chain.0.0.as_slice()) {
            found.say(
                What::Chain,
                format!("{org}: device {}: entry {n} is not the one that was hashed", name(device)),
            );
            // Said once: what follows is held against what is stored.
            chain = stored.and_then(|hash| codes::digest(&hash).ok()).map_or(chain, ChainHash);
        }
        if !is_named(row, &bytes)? {
            found.say(
                What::Chain,
                format!("{org}: device {}: entry {n} stands under another name", name(device)),
            );
        }
        last = n;
    }
    Ok((last, chain.0.0.to_vec()))
}

/// Whether the columns name the entry the bytes hold.
fn is_named(row: &Row<'_>, bytes: &[u8]) -> Result<bool, StorageError> {
    let (id, order): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(2)?, row.get(3)?);
    let head = EntryHead::decode(bytes).ok();
    let is_id =
        id.is_none() || id.as_deref().and_then(EntryId::from_slice) == head.as_ref().map(|head| head.id);
    Ok(is_id && order.as_deref().and_then(OrderId::from_slice) == head.map(|head| head.order))
}

fn name(device: &[u8]) -> String {
    DeviceId::from_slice(device).map_or_else(|| "?".to_owned(), |id| id.to_string())
}
