//! The writing transaction: what a decision is shown, and what it had written.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::sync_channel;

use doorstep_core::domain::ids::{DeviceId, OrderId, OrgId, PersonId};
use doorstep_core::journal::ChainHash;
use doorstep_core::journal::wire::Verdict;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::codes::{self, signed, unsigned};
use super::{access, clock, set_clock};
use crate::metrics;
use crate::storage::{
    Decision, DeviceTail, EntryWrite, GrantState, GrantWrite, InkWrite, Loaded, LoadedOrder, OrderWrite,
    ParkedEntry, Resent, StorageError, Want, Writes,
};

/// Loads what is wanted. The transaction holds the write lock already.
pub(super) fn load(conn: &Connection, org: &OrgId, want: &Want) -> Result<Loaded, StorageError> {
    let device = match want.device {
        Some((device, first, last)) => tail(conn, org, device, first, last)?,
        None => None,
    };
    let mut known = HashSet::new();
    let mut find = conn.prepare_cached("SELECT 1 FROM entry_log WHERE org = ?1 AND entry_id = ?2")?;
    for id in &want.entries {
        if find.exists(params![org.as_str(), id.as_bytes()])? {
            known.insert(*id);
        }
    }
    let mut orders = HashMap::with_capacity(want.orders.len());
    let mut waiting = HashMap::new();
    for id in &want.orders {
        let entries = parked(conn, org, *id)?;
        if !entries.is_empty() {
            waiting.insert(*id, entries);
        }
        if let Some(order) = order(conn, org, *id)? {
            orders.insert(*id, order);
        }
    }
    Ok(Loaded { clock: clock(conn, org)?, device, orders, known, parked: waiting })
}

fn order(conn: &Connection, org: &OrgId, id: OrderId) -> Result<Option<LoadedOrder>, StorageError> {
    let mut find =
        conn.prepare_cached(r#"SELECT seq, ink_seq, state FROM "order" WHERE org = ?1 AND order_id = ?2"#)?;
    let found = find
        .query_row(params![org.as_str(), id.as_bytes()], |row| {
            Ok(LoadedOrder {
                seq: unsigned(row.get(0)?),
                ink_seq: unsigned(row.get(1)?),
                state: row.get(2)?,
                grants: HashMap::new(),
            })
        })
        .optional()?;
    let Some(mut order) = found else { return Ok(None) };
    let mut grants =
        conn.prepare_cached(r#"SELECT person, active, since FROM "grant" WHERE org = ?1 AND order_id = ?2"#)?;
    let mut rows = grants.query(params![org.as_str(), id.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let state = GrantState { active: row.get(1)?, since: unsigned(row.get(2)?) };
        order.grants.insert(PersonId(row.get(0)?), state);
    }
    Ok(Some(order))
}

/// What waits about an order. Asked for every order of every push.
pub(super) const PARKED: &str = "SELECT d.device_id, d.person, d.role, d.public_key,
    d.revoked_ms IS NOT NULL, d.used_ms, e.n, e.bytes
  FROM parked p
  JOIN device d ON d.org = p.org AND d.device_id = p.device_id
  JOIN entry_log e ON e.org = p.org AND e.device_id = p.device_id AND e.n = p.n
  WHERE p.org = ?1 AND p.order_id = ?2 AND p.closed_ms IS NULL
    AND p.reason IN ('parked:not_yours', 'parked:unknown_kind')
  ORDER BY e.pk";

fn parked(conn: &Connection, org: &OrgId, order: OrderId) -> Result<Vec<ParkedEntry>, StorageError> {
    let mut find = conn.prepare_cached(PARKED)?;
    let mut rows = find.query(params![org.as_str(), order.as_bytes()])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let device = access::device(row)?;
        entries.push(ParkedEntry { device, n: unsigned(row.get(6)?), bytes: row.get(7)? });
    }
    Ok(entries)
}

fn tail(
    conn: &Connection,
    org: &OrgId,
    device: DeviceId,
    first: u64,
    last: u64,
) -> Result<Option<DeviceTail>, StorageError> {
    let mut find = conn.prepare_cached("SELECT n, chain FROM device WHERE org = ?1 AND device_id = ?2")?;
    let found = find
        .query_row(params![org.as_str(), device.as_bytes()], |row| {
            Ok((unsigned(row.get(0)?), row.get::<_, Vec<u8>>(1)?))
        })
        .optional()?;
    let Some((n, chain)) = found else { return Ok(None) };
    let hash = ChainHash(codes::digest(&chain)?);
    let kept = n.min(last);
    let resent = if first <= kept { Some(resent(conn, org, device, first, kept)?) } else { None };
    Ok(Some(DeviceTail { n, hash, resent }))
}

fn resent(
    conn: &Connection,
    org: &OrgId,
    device: DeviceId,
    first: u64,
    last: u64,
) -> Result<Resent, StorageError> {
    let mut find =
        conn.prepare_cached("SELECT chain FROM entry_log WHERE org = ?1 AND device_id = ?2 AND n = ?3")?;
    let chain: Vec<u8> =
        find.query_row(params![org.as_str(), device.as_bytes(), signed(last)], |row| row.get(0))?;
    let mut told = conn.prepare_cached(
        "SELECT e.n, e.verdict FROM entry_log e
         LEFT JOIN parked p ON p.org = e.org AND p.device_id = e.device_id AND p.n = e.n
         WHERE e.org = ?1 AND e.device_id = ?2 AND e.n BETWEEN ?3 AND ?4 AND e.verdict <> 'applied'
           AND p.closed_ms IS NULL ORDER BY e.n",
    )?;
    let mut rows = told.query(params![org.as_str(), device.as_bytes(), signed(first), signed(last)])?;
    let mut verdicts = Vec::new();
    while let Some(row) = rows.next()? {
        let code: String = row.get(1)?;
        verdicts.push((unsigned(row.get(0)?), codes::verdict(&code)?));
    }
    Ok(Resent { last, hash: ChainHash(codes::digest(&chain)?), verdicts })
}

/// From this many entries on, a thread of its own decides while this one writes.
const MANY: usize = 512;
/// The most parts that are decided and not yet written.
const AHEAD: usize = 4;

/// Lets `decision` decide and writes what it says, part by part.
pub(super) fn carry_out(
    conn: &Connection,
    org: &OrgId,
    loaded: Loaded,
    entries: usize,
    decision: Decision,
) -> Result<(), StorageError> {
    if entries < MANY {
        let mut done = Ok(());
        decision(loaded, &mut |writes| {
            if done.is_ok() {
                done = write(conn, org, writes);
            }
        });
        return done;
    }
    std::thread::scope(|scope| {
        let (give, take) = sync_channel(AHEAD);
        scope.spawn(move || {
            // Nobody takes it any more when a write failed.
            decision(loaded, &mut |writes| drop(give.send(writes)));
        });
        take.into_iter().try_for_each(|writes| write(conn, org, writes))
    })
}

fn write(conn: &Connection, org: &OrgId, writes: Writes) -> Result<(), StorageError> {
    entries(conn, org, &writes.entries, writes.received_ms)?;
    metrics::entries(&writes.entries);
    orders(conn, org, &writes.orders, writes.received_ms)?;
    grants(conn, org, &writes.grants)?;
    inks(conn, org, &writes.inks)?;
    for (device, n) in &writes.unparked {
        conn.prepare_cached(
            "UPDATE parked SET closed_ms = ?4, closed_by = '(server)'
             WHERE org = ?1 AND device_id = ?2 AND n = ?3",
        )?
        .execute(params![org.as_str(), device.as_bytes(), signed(*n), writes.received_ms])?;
    }
    if let Some((device, n, chain)) = writes.device {
        let mut update = conn.prepare_cached(
            "UPDATE device SET n = ?3, chain = ?4, heard_ms = ?5 WHERE org = ?1 AND device_id = ?2",
        )?;
        let key = (org.as_str(), device.as_bytes());
        update.execute(params![key.0, key.1, signed(n), chain.0.0, writes.received_ms])?;
    }
    match writes.clock {
        Some(clock) => set_clock(conn, org, clock),
        None => Ok(()),
    }
}

fn entries(conn: &Connection, org: &OrgId, entries: &[EntryWrite], at: i64) -> Result<(), StorageError> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO entry_log
           (org, seq, entry_id, order_id, device_id, n, chain, verdict, received_ms, number, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let mut park = conn.prepare_cached(
        "INSERT INTO parked (org, device_id, n, order_id, reason, parked_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for entry in entries {
        let code = codes::verdict_code(&entry.verdict);
        let order = entry.order.as_ref().map(OrderId::as_bytes);
        insert.execute(params![
            org.as_str(),
            signed(entry.seq),
            entry.id.as_ref().map(doorstep_core::domain::ids::EntryId::as_bytes),
            order,
            entry.device.as_ref().map(DeviceId::as_bytes),
            signed(entry.n),
            entry.device.map(|_| entry.chain.0.0),
            code,
            at,
            entry.number,
            entry.bytes,
        ])?;
        if let (Verdict::Parked(_), Some(device)) = (&entry.verdict, entry.device) {
            park.execute(params![org.as_str(), device.as_bytes(), signed(entry.n), order, code, at])?;
        }
    }
    Ok(())
}

fn orders(conn: &Connection, org: &OrgId, orders: &[OrderWrite], at: i64) -> Result<(), StorageError> {
    let mut insert = conn.prepare_cached(
        r#"INSERT INTO "order"
             (org, order_id, seq, ink_seq, number, status, unit, resident, phone, fault, work_type, technician,
              window_start_ms, window_day, has_conflict, concerns, heard_ms, search, state)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"#,
    )?;
    let mut update = conn.prepare_cached(
        r#"UPDATE "order" SET
             seq = ?3, ink_seq = ?4, number = ?5, status = ?6, unit = ?7, resident = ?8, phone = ?9, fault = ?10,
             work_type = ?11, technician = ?12, window_start_ms = ?13, window_day = ?14, has_conflict = ?15,
             concerns = ?16, heard_ms = ?17, search = ?18, state = ?19
           WHERE org = ?1 AND order_id = ?2"#,
    )?;
    let mut move_on = conn
        .prepare_cached(r#"UPDATE "grant" SET seq = ?3 WHERE org = ?1 AND order_id = ?2 AND active = 1"#)?;
    for order in orders {
        let about = &order.summary;
        let statement = if order.is_new { &mut insert } else { &mut update };
        statement.execute(params![
            org.as_str(),
            order.id.as_bytes(),
            signed(order.seq),
            signed(order.ink_seq),
            about.number,
            about.status.code(),
            about.unit,
            about.resident,
            about.phone,
            about.fault,
            about.work_type,
            about.technician.as_ref().map(PersonId::as_str),
            about.window.map(|w| w.0),
            about.window.map(|w| w.1),
            about.has_conflict,
            about.concerns,
            at,
            about.search,
            order.state,
        ])?;
        if !order.is_new {
            move_on.execute(params![org.as_str(), order.id.as_bytes(), signed(order.seq)])?;
        }
    }
    Ok(())
}

fn grants(conn: &Connection, org: &OrgId, grants: &[GrantWrite]) -> Result<(), StorageError> {
    let mut put = conn.prepare_cached(
        r#"INSERT INTO "grant" (org, order_id, person, since, seq, active) VALUES (?1, ?2, ?3, ?4, ?4, ?5)
           ON CONFLICT (org, order_id, person)
           DO UPDATE SET since = excluded.since, seq = excluded.seq, active = excluded.active"#,
    )?;
    for grant in grants {
        let key = (org.as_str(), grant.order.as_bytes(), grant.person.as_str());
        put.execute(params![key.0, key.1, key.2, signed(grant.seq), grant.active])?;
    }
    Ok(())
}

fn inks(conn: &Connection, org: &OrgId, inks: &[InkWrite]) -> Result<(), StorageError> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO ink (org, order_id, digest, seq, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (org, digest, order_id) DO NOTHING",
    )?;
    for ink in inks {
        insert.execute(params![
            org.as_str(),
            ink.order.as_bytes(),
            ink.digest.0,
            signed(ink.seq),
            ink.bytes
        ])?;
    }
    Ok(())
}
