//! Reading for the office: lists, single orders, timelines, ink, counts for monitoring.

use chrono::Datelike as _;
use deadpool_postgres::Pool;
use doorstep_core::domain::fold::fold;
use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::status::Status;
use doorstep_core::journal::Entry;
use tokio_postgres::Row;
use uuid::Uuid;

use super::conn::{Conn, Txn, Value};
use super::sql;
use super::values::{count, get, key, text};
use crate::storage::codes::{signed, unreadable, unsigned, verdict};
use crate::storage::{
    HeardAge, LogEntry, OrderFilter, OrderPage, OrderSummary, StorageError, StoredOrder, Tallies,
};

/// The values of a filter, as its statements take them.
struct Filtered {
    org: String,
    statuses: Vec<&'static str>,
    day: Option<i32>,
    technician: Option<String>,
    unsettled: bool,
    q: String,
    after: Option<Uuid>,
    limit: i64,
}

impl Filtered {
    fn new(org: &OrgId, filter: &OrderFilter, limit: u64, by_status: bool) -> Self {
        Self {
            org: key(org.as_str()).into_owned(),
            statuses: if by_status {
                filter.status.iter().map(|status| status.code()).collect()
            } else {
                Vec::new()
            },
            day: filter.day.map(|day| day.num_days_from_ce()),
            technician: filter.technician.as_ref().map(|person| key(person.as_str()).into_owned()),
            unsettled: filter.unsettled,
            q: text(&fold(&filter.q)).into_owned(),
            after: filter.after.map(|id| id.0),
            limit: signed(limit),
        }
    }

    fn conditions(&self) -> [Value<'_>; 6] {
        [&self.org, &self.statuses, &self.day, &self.technician, &self.unsettled, &self.q]
    }

    fn newest_first(&self) -> [Value<'_>; 8] {
        let [org, statuses, day, technician, unsettled, q] = self.conditions();
        [org, statuses, day, technician, unsettled, q, &self.after, &self.limit]
    }
}

pub(super) async fn page(pool: &Pool, org: &OrgId, filter: &OrderFilter) -> Result<OrderPage, StorageError> {
    let listed = Filtered::new(org, filter, u64::from(filter.limit) + 1, true);
    let counted = Filtered::new(org, filter, 0, false);
    let txn = Txn::take(pool).await?;
    let conn = txn.conn()?;
    let [list, counts] = conn.prepare([sql::LIST, sql::COUNTS]).await?;
    let (list_values, count_values) = (listed.newest_first(), counted.conditions());
    let (begun, found, counts, ended) = tokio::join!(biased;
        txn.begin(sql::BEGIN_SNAPSHOT),
        conn.rows(&list, &list_values),
        conn.rows(&counts, &count_values),
        txn.commit(),
    );
    begun?;
    let (found, counts) = (found?, counts?);
    ended?;
    txn.ended();
    let mut rows = found.iter().map(summary).collect::<Result<Vec<_>, _>>()?;
    let more = rows.len() > filter.limit as usize;
    rows.truncate(filter.limit as usize);
    let next = if more { rows.last().map(|row| row.id) } else { None };
    let counted: Result<Vec<_>, StorageError> =
        counts.iter().map(|row| Ok((status(row, 0)?, count(row, 1)?))).collect();
    let mut counts = counted?;
    counts.sort_unstable();
    Ok(OrderPage { rows, next, counts })
}

fn status(row: &Row, column: usize) -> Result<Status, StorageError> {
    let code: &str = get(row, column)?;
    Status::from_code(code).ok_or_else(|| unreadable("status", code))
}

fn summary(row: &Row) -> Result<OrderSummary, StorageError> {
    Ok(OrderSummary {
        id: OrderId(get(row, 0)?),
        seq: count(row, 1)?,
        number: get(row, 2)?,
        status: status(row, 3)?,
        unit: get(row, 4)?,
        resident: get(row, 5)?,
        phone: get(row, 6)?,
        fault: get(row, 7)?,
        work_type: get(row, 8)?,
        technician: get::<Option<String>>(row, 9)?.map(PersonId),
        window_start_ms: get(row, 10)?,
        has_conflict: get(row, 11)?,
        concerns: u32::try_from(count(row, 12)?).unwrap_or(u32::MAX),
        last_heard: get(row, 13)?,
    })
}

pub(super) async fn orders(
    conn: &Conn,
    org: &OrgId,
    filter: &OrderFilter,
) -> Result<Vec<StoredOrder>, StorageError> {
    let filtered = Filtered::new(org, filter, u64::from(filter.limit), true);
    conn.find(sql::ORDERS, &filtered.newest_first()).await?.iter().map(stored).collect()
}

fn stored(row: &Row) -> Result<StoredOrder, StorageError> {
    let order = Order::from_bytes(get(row, 2)?).map_err(|e| unreadable("order", &e.to_string()))?;
    Ok(StoredOrder { id: OrderId(get(row, 0)?), seq: count(row, 1)?, order })
}

pub(super) async fn order(
    conn: &Conn,
    org: &OrgId,
    id: OrderId,
) -> Result<Option<StoredOrder>, StorageError> {
    let rows = conn.find(sql::ORDER, &[&key(org.as_str()).as_ref(), &id.0]).await?;
    rows.first().map(stored).transpose()
}

pub(super) async fn timeline(conn: &Conn, org: &OrgId, id: OrderId) -> Result<Vec<LogEntry>, StorageError> {
    let rows = conn.find(sql::TIMELINE, &[&key(org.as_str()).as_ref(), &id.0]).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        // What this version cannot read is parked and kept; it has no place in a timeline yet.
        let Ok(entry) = Entry::decode(get(row, 0)?) else { continue };
        entries.push(LogEntry {
            entry,
            device: get::<Option<Uuid>>(row, 1)?.map(DeviceId),
            received_ms: get(row, 2)?,
            verdict: verdict(get(row, 3)?)?,
            number: get(row, 4)?,
        });
    }
    Ok(entries)
}

pub(super) async fn ink(
    conn: &Conn,
    org: &OrgId,
    order: OrderId,
    digest: &Digest,
) -> Result<Option<Vec<u8>>, StorageError> {
    let values: [Value<'_>; 3] = [&key(org.as_str()).into_owned(), &digest.0.as_slice(), &order.0];
    let rows = conn.find(sql::INK, &values).await?;
    rows.first().map(|row| get(row, 0)).transpose()
}

pub(super) async fn tallies(conn: &Conn, org: &OrgId, now_ms: i64) -> Result<Tallies, StorageError> {
    let org_key = key(org.as_str()).into_owned();
    let mut tallies = Tallies::default();
    let parked = conn.find(sql::PARKED_COUNT, &[&org_key]).await?;
    tallies.parked = parked.first().map(|row| get(row, 0)).transpose()?.map_or(0, unsigned);
    for row in conn.find(sql::HEARD, &[&org_key]).await? {
        *tallies.heard.entry(HeardAge::of(get(&row, 0)?, now_ms)).or_default() += 1;
    }
    Ok(tallies)
}
