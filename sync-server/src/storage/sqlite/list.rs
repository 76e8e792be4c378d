//! Reading for the office: lists, single orders, timelines, ink.

use chrono::Datelike as _;
use doorstep_core::domain::fold::fold;
use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::status::Status;
use doorstep_core::journal::Entry;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};

use super::codes::{self, signed, unsigned};
use crate::storage::{LogEntry, OrderFilter, OrderPage, OrderSummary, StorageError, StoredOrder};

const SUMMARY: &str = "order_id, seq, number, status, unit, resident, phone, fault, work_type, technician,
  window_start_ms, has_conflict, concerns, heard_ms";

/// The conditions of a filter, with their values. The org always comes first.
fn conditions(org: &OrgId, filter: &OrderFilter, by_status: bool) -> (String, Vec<Value>) {
    let mut sql = String::from("org = ?");
    let mut values = vec![Value::from(org.as_str().to_owned())];
    if by_status && !filter.status.is_empty() {
        let marks = vec!["?"; filter.status.len()].join(", ");
        sql.push_str(&format!(" AND status IN ({marks})"));
        values.extend(filter.status.iter().map(|status| Value::from(status.code().to_owned())));
    }
    if let Some(day) = filter.day {
        sql.push_str(" AND window_day = ?");
        values.push(Value::from(i64::from(day.num_days_from_ce())));
    }
    if let Some(technician) = &filter.technician {
        sql.push_str(" AND technician = ?");
        values.push(Value::from(technician.as_str().to_owned()));
    }
    if filter.unsettled {
        sql.push_str(" AND concerns > 0");
    }
    let q = fold(&filter.q);
    if !q.is_empty() {
        sql.push_str(" AND instr(search, ?) > 0");
        values.push(Value::from(q));
    }
    (sql, values)
}

fn newest_first(filter: &OrderFilter, sql: &mut String, values: &mut Vec<Value>, limit: u64) {
    if let Some(after) = filter.after {
        sql.push_str(" AND order_id < ?");
        values.push(Value::from(after.as_bytes().to_vec()));
    }
    sql.push_str(" ORDER BY order_id DESC LIMIT ?");
    values.push(Value::from(signed(limit)));
}

pub(super) fn page(conn: &Connection, org: &OrgId, filter: &OrderFilter) -> Result<OrderPage, StorageError> {
    let (mut sql, mut values) = conditions(org, filter, true);
    newest_first(filter, &mut sql, &mut values, u64::from(filter.limit) + 1);
    let mut statement = conn.prepare_cached(&format!(r#"SELECT {SUMMARY} FROM "order" WHERE {sql}"#))?;
    let mut found = statement.query(params_from_iter(values))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(summary(row)?);
    }
    let more = rows.len() > filter.limit as usize;
    rows.truncate(filter.limit as usize);
    let next = if more { rows.last().map(|row| row.id) } else { None };
    Ok(OrderPage { rows, next, counts: counts(conn, org, filter)? })
}

fn counts(conn: &Connection, org: &OrgId, filter: &OrderFilter) -> Result<Vec<(Status, u64)>, StorageError> {
    let (sql, values) = conditions(org, filter, false);
    let sql = format!(r#"SELECT status, count(*) FROM "order" WHERE {sql} GROUP BY status"#);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(values))?;
    let mut counts = Vec::new();
    while let Some(row) = found.next()? {
        counts.push((status(row, 0)?, unsigned(row.get(1)?)));
    }
    counts.sort_unstable();
    Ok(counts)
}

fn status(row: &Row<'_>, column: usize) -> Result<Status, StorageError> {
    let code: String = row.get(column)?;
    Status::from_code(&code).ok_or_else(|| codes::unreadable("status", &code))
}

fn summary(row: &Row<'_>) -> Result<OrderSummary, StorageError> {
    Ok(OrderSummary {
        id: codes::order_id(row.get_ref(0)?)?,
        seq: unsigned(row.get(1)?),
        number: row.get(2)?,
        status: status(row, 3)?,
        unit: row.get(4)?,
        resident: row.get(5)?,
        phone: row.get(6)?,
        fault: row.get(7)?,
        work_type: row.get(8)?,
        technician: row.get::<_, Option<String>>(9)?.map(PersonId),
        window_start_ms: row.get(10)?,
        has_conflict: row.get(11)?,
        concerns: row.get(12)?,
        last_heard: row.get(13)?,
    })
}

pub(super) fn orders(
    conn: &Connection,
    org: &OrgId,
    filter: &OrderFilter,
) -> Result<Vec<StoredOrder>, StorageError> {
    let (mut sql, mut values) = conditions(org, filter, true);
    newest_first(filter, &mut sql, &mut values, u64::from(filter.limit));
    let mut statement =
        conn.prepare_cached(&format!(r#"SELECT order_id, seq, state FROM "order" WHERE {sql}"#))?;
    let mut found = statement.query(params_from_iter(values))?;
    let mut orders = Vec::new();
    while let Some(row) = found.next()? {
        orders.push(stored(row)?);
    }
    Ok(orders)
}

fn stored(row: &Row<'_>) -> Result<StoredOrder, StorageError> {
    let state = row.get_ref(2)?.as_blob().map_err(|e| codes::unreadable("order", &e.to_string()))?;
    let order = Order::from_bytes(state).map_err(|e| codes::unreadable("order", &e.to_string()))?;
    Ok(StoredOrder { id: codes::order_id(row.get_ref(0)?)?, seq: unsigned(row.get(1)?), order })
}

pub(super) fn order(
    conn: &Connection,
    org: &OrgId,
    id: OrderId,
) -> Result<Option<StoredOrder>, StorageError> {
    let mut find =
        conn.prepare_cached(r#"SELECT order_id, seq, state FROM "order" WHERE org = ?1 AND order_id = ?2"#)?;
    let mut rows = find.query(params![org.as_str(), id.as_bytes()])?;
    rows.next()?.map(stored).transpose()
}

pub(super) fn timeline(conn: &Connection, org: &OrgId, id: OrderId) -> Result<Vec<LogEntry>, StorageError> {
    let mut find = conn.prepare_cached(
        "SELECT e.bytes, e.device_id, e.received_ms, CASE WHEN p.closed_ms IS NULL THEN e.verdict ELSE 'applied' END,
           e.number
         FROM entry_log e
         LEFT JOIN parked p ON p.org = e.org AND p.device_id = e.device_id AND p.n = e.n
         WHERE e.org = ?1 AND e.order_id = ?2 ORDER BY e.pk",
    )?;
    let mut rows = find.query(params![org.as_str(), id.as_bytes()])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(|e| codes::unreadable("entry", &e.to_string()))?;
        // What this version cannot read is parked and kept; it has no place in a timeline yet.
        let Ok(entry) = Entry::decode(bytes) else { continue };
        let device: Option<Vec<u8>> = row.get(1)?;
        let code: String = row.get(3)?;
        entries.push(LogEntry {
            entry,
            device: device.as_deref().and_then(DeviceId::from_slice),
            received_ms: row.get(2)?,
            verdict: codes::verdict(&code)?,
            number: row.get(4)?,
        });
    }
    Ok(entries)
}

pub(super) fn ink(
    conn: &Connection,
    org: &OrgId,
    order: OrderId,
    digest: &Digest,
) -> Result<Option<Vec<u8>>, StorageError> {
    let mut find =
        conn.prepare_cached("SELECT bytes FROM ink WHERE org = ?1 AND digest = ?2 AND order_id = ?3")?;
    Ok(find.query_row(params![org.as_str(), digest.0, order.as_bytes()], |row| row.get(0)).optional()?)
}
