//! The writing transaction: what a decision is shown, and what it had written. Two trips to the database, whatever the
//! size of the push: one that locks the org's clock and loads, one that writes and commits.

use std::collections::{HashMap, HashSet};

use deadpool_postgres::Pool;
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId, OrgId, PersonId};
use doorstep_core::journal::ChainHash;
use tokio::sync::mpsc;
use tokio_postgres::Row;
use uuid::Uuid;

use super::access;
use super::conn::{Conn, Txn, Value};
use super::sql;
use super::values::{count, get, hash, key};
use super::write::{self, Writer};
use crate::storage::codes::{self, signed};
use crate::storage::{
    Clock, Decision, DeviceTail, GrantState, Loaded, LoadedOrder, ParkedEntry, Resent, StorageError, Want,
    Writes,
};

/// From this many entries on, a thread of its own decides while what it said is written.
const MANY: usize = 128;
/// The most parts that are decided and not yet written.
const AHEAD: usize = 4;

/// What the clock's row holds.
pub(super) struct Locked {
    pub(super) clock: Clock,
    /// The last place given out in the log.
    pub(super) log_pos: u64,
}

/// The clock's row of an org.
pub(super) fn locked(org: &OrgId, rows: &[Row]) -> Result<Locked, StorageError> {
    let row = rows.first().ok_or_else(|| StorageError::NoOrg(org.clone()))?;
    Ok(Locked { clock: clock(row)?, log_pos: count(row, 3)? })
}

/// A clock from its seq, epoch and next number.
pub(super) fn clock(row: &Row) -> Result<Clock, StorageError> {
    Ok(Clock { seq: count(row, 0)?, epoch: count(row, 1)?, next_number: count(row, 2)? })
}

/// Locks, loads, lets `decision` decide, writes, commits. Gives the clock as it is then.
pub(super) async fn decide(
    pool: &Pool,
    org: &OrgId,
    want: &Want,
    decision: Decision,
) -> Result<Clock, StorageError> {
    let txn = Txn::take(pool).await?;
    let (locked, loaded) = load(&txn, org, want).await?;
    let mut writer = Writer::new(txn.conn()?, org, locked).await?;
    let clock = if want.entries.len() < MANY {
        let mut parts = Vec::new();
        decision(loaded, &mut |writes| parts.push(writes));
        writer.take(&parts);
        let commit = txn.commit();
        let (written, committed) = tokio::join!(biased; writer.write_all(&parts, true), commit);
        written?;
        committed?;
        writer.clock()
    } else {
        let (give, mut parts) = mpsc::channel::<Writes>(AHEAD);
        let deciding = tokio::task::spawn_blocking(move || {
            // Nobody takes it any more when a write failed.
            decision(loaded, &mut |writes| drop(give.blocking_send(writes)));
        });
        while let Some(part) = parts.recv().await {
            let part = [part];
            writer.take(&part);
            writer.write_all(&part, false).await?;
        }
        deciding.await.map_err(|e| StorageError::Database(Box::new(e)))?;
        let (written, committed) = tokio::join!(biased; writer.write_all(&[], true), txn.commit());
        written?;
        committed?;
        writer.clock()
    };
    drop(writer);
    txn.ended();
    Ok(clock)
}

async fn load(txn: &Txn, org: &OrgId, want: &Want) -> Result<(Locked, Loaded), StorageError> {
    let conn = txn.conn()?;
    let [lock, tail, last, verdicts] =
        conn.prepare([sql::LOCK_CLOCK, sql::TAIL, sql::RESENT_LAST, sql::RESENT_VERDICTS]).await?;
    let [known, orders, grants, parked] =
        conn.prepare([sql::KNOWN, sql::LOAD_ORDERS, sql::LOAD_GRANTS, sql::LOAD_PARKED]).await?;
    let org_key = key(org.as_str());
    let org_key = org_key.as_ref();
    let (device, first, until) = want.device.unwrap_or_else(|| (DeviceId(Uuid::nil()), 0, 0));
    let (first, until) = (signed(first), signed(until));
    let entry_ids: Vec<Uuid> = want.entries.iter().map(|id| id.0).collect();
    let order_ids: Vec<Uuid> = want.orders.iter().map(|id| id.0).collect();
    let of_device = want.device.is_some();
    let of_orders = !order_ids.is_empty();
    let of: [Value<'_>; 1] = [&org_key];
    let one: [Value<'_>; 2] = [&org_key, &device.0];
    let batch: [Value<'_>; 4] = [&org_key, &device.0, &first, &until];
    let entries: [Value<'_>; 2] = [&org_key, &entry_ids];
    let about: [Value<'_>; 2] = [&org_key, &order_ids];
    // Sent in this order, without waiting: the server runs one after the other, the loads after it holds the lock.
    let (begun, locked_row, tail, last, verdicts, known, orders, grants, parked) = tokio::join!(biased;
        txn.begin(sql::BEGIN),
        conn.rows(&lock, &of),
        when(of_device, conn.rows(&tail, &one)),
        when(of_device, conn.rows(&last, &batch)),
        when(of_device, conn.rows(&verdicts, &batch)),
        when(!entry_ids.is_empty(), conn.rows(&known, &entries)),
        when(of_orders, conn.rows(&orders, &about)),
        when(of_orders, conn.rows(&grants, &about)),
        when(of_orders, conn.rows(&parked, &about)),
    );
    begun?;
    let locked = locked(org, &locked_row?)?;
    let known: Result<HashSet<EntryId>, StorageError> =
        known?.iter().map(|row| Ok(EntryId(get(row, 0)?))).collect();
    let loaded = Loaded {
        clock: locked.clock,
        device: device_tail(&tail?, &last?, &verdicts?, until)?,
        orders: self::orders(&orders?, &grants?)?,
        known: known?,
        parked: self::parked(&parked?)?,
    };
    Ok((locked, loaded))
}

/// A load that is only made when it is wanted.
async fn when(
    is_wanted: bool,
    load: impl Future<Output = Result<Vec<Row>, StorageError>>,
) -> Result<Vec<Row>, StorageError> {
    if is_wanted { load.await } else { Ok(Vec::new()) }
}

fn device_tail(
    tail: &[Row],
    last: &[Row],
    verdicts: &[Row],
    until: i64,
) -> Result<Option<DeviceTail>, StorageError> {
    let Some(row) = tail.first() else { return Ok(None) };
    let n = count(row, 0)?;
    let resent = match last.first() {
        Some(row) => {
            let mut told = Vec::with_capacity(verdicts.len());
            for row in verdicts {
                told.push((count(row, 0)?, codes::verdict(get(row, 1)?)?));
            }
            let hash = ChainHash(Digest(hash(row, 0)?));
            Some(Resent { last: n.min(codes::unsigned(until)), hash, verdicts: told })
        }
        None => None,
    };
    Ok(Some(DeviceTail { n, hash: ChainHash(Digest(hash(row, 1)?)), resent }))
}

fn orders(orders: &[Row], grants: &[Row]) -> Result<HashMap<OrderId, LoadedOrder>, StorageError> {
    let mut loaded = HashMap::with_capacity(orders.len());
    for row in orders {
        let order = LoadedOrder {
            seq: count(row, 1)?,
            ink_seq: count(row, 2)?,
            state: get(row, 3)?,
            grants: HashMap::new(),
        };
        loaded.insert(OrderId(get(row, 0)?), order);
    }
    for row in grants {
        if let Some(order) = loaded.get_mut(&OrderId(get(row, 0)?)) {
            let state = GrantState { active: get(row, 2)?, since: count(row, 3)? };
            order.grants.insert(PersonId(get(row, 1)?), state);
        }
    }
    Ok(loaded)
}

fn parked(rows: &[Row]) -> Result<HashMap<OrderId, Vec<ParkedEntry>>, StorageError> {
    let mut waiting: HashMap<OrderId, Vec<ParkedEntry>> = HashMap::new();
    for row in rows {
        let entry = ParkedEntry { device: access::device(row)?, n: count(row, 6)?, bytes: get(row, 7)? };
        waiting.entry(OrderId(get(row, 8)?)).or_default().push(entry);
    }
    Ok(waiting)
}

/// Runs `work` under the lock of the org's clock, for writes that must come one after the other.
pub(super) async fn under_lock<T>(
    pool: &Pool,
    org: &OrgId,
    work: impl AsyncFnOnce(&Conn, Locked) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    let txn = Txn::take(pool).await?;
    let conn = txn.conn()?;
    let [lock] = conn.prepare([sql::LOCK_CLOCK]).await?;
    let org_key = key(org.as_str()).into_owned();
    let of: [Value<'_>; 1] = [&org_key];
    let (begun, row) = tokio::join!(biased; txn.begin(sql::BEGIN), conn.rows(&lock, &of));
    begun?;
    let result = work(conn, locked(org, &row?)?).await?;
    txn.commit().await?;
    txn.ended();
    Ok(result)
}

/// Sets the clock's row.
pub(super) async fn set_clock(conn: &Conn, org: &OrgId, locked: &Locked) -> Result<(), StorageError> {
    let [set] = conn.prepare([sql::SET_CLOCK]).await?;
    write::set_clock(conn, &set, &key(org.as_str()), locked).await
}
