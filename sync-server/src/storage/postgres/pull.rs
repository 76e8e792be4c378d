//! One snapshot for a phone: what is new in its scope since its cursor, a page at a time.

use std::collections::{HashMap, HashSet};

use deadpool_postgres::Pool;
use doorstep_core::domain::ids::{Digest, OrderId, OrgId};
use doorstep_core::domain::order::status::Status;
use doorstep_core::journal::ahead::{Ahead, Had, Part};
use tokio_postgres::Row;
use uuid::Uuid;

use super::conn::{Conn, Ready, Txn, Value};
use super::decide::clock;
use super::values::{count, get, hash, key};
use super::{documents, sql};
use crate::storage::codes::signed;
use crate::storage::{Pull, Pulled, PulledOrder, StorageError};

/// How many rows of the feed are fetched at a time: a page may end between them.
const CHUNK: usize = 256;

/// Reads the snapshot, from a database that may be a replica; and at which seq its clock stood.
pub(super) async fn pull(pool: &Pool, org: &OrgId, pull: &Pull) -> Result<(Pulled, u64), StorageError> {
    let txn = Txn::take(pool).await?;
    let conn = txn.conn()?;
    let org_key = key(org.as_str()).into_owned();
    let [clock_row, acked, unparked] = conn.prepare([sql::CLOCK, sql::ACKED, sql::UNPARKED]).await?;
    let statements = Statements::prepare(conn).await?;
    let parked: Vec<i64> = pull.parked.iter().map(|n| signed(*n)).collect();
    let of: [Value<'_>; 1] = [&org_key];
    let one: [Value<'_>; 2] = [&org_key, &pull.device.0];
    let asked: [Value<'_>; 3] = [&org_key, &pull.device.0, &parked];
    let (begun, clocks, acks, unparked) = tokio::join!(biased;
        txn.begin(sql::BEGIN_SNAPSHOT),
        conn.rows(&clock_row, &of),
        conn.rows(&acked, &one),
        conn.rows(&unparked, &asked),
    );
    begun?;
    let clocks = clocks?;
    let clock = clock(clocks.first().ok_or_else(|| StorageError::NoOrg(org.clone()))?)?;
    let (acked, safe) = match acks?.first() {
        Some(row) => (count(row, 0)?, count(row, 1)?),
        None => (0, 0),
    };
    let unparked: HashSet<u64> = unparked?.iter().map(|row| count(row, 0)).collect::<Result<_, _>>()?;
    let unparked = pull.parked.iter().copied().filter(|n| unparked.contains(n)).collect();
    let is_of_epoch = pull.epoch == clock.epoch;
    let cursor = if is_of_epoch { pull.cursor } else { 0 };
    let out = Pulled { epoch: clock.epoch, acked, safe, unparked, seq: clock.seq, ..Pulled::default() };
    let out = if pull.active {
        let page = Page {
            conn,
            org: &org_key,
            person: key(pull.person.as_str()).into_owned(),
            pull,
            cursor,
            had: pull.had.filter(|_| is_of_epoch),
            bytes: 0,
            seen: HashSet::new(),
            out,
            statements,
        };
        match pull.ahead {
            Some(ahead) => page.part(ahead).await?,
            None => page.read().await?,
        }
    } else {
        Pulled { seq: cursor, ..out }
    };
    txn.commit().await?;
    txn.ended();
    Ok((out, clock.seq))
}

struct Statements {
    feed: Ready,
    feed_of: Ready,
    known: Ready,
    feed_ahead: Ready,
    inks: Ready,
    documents: Ready,
}

impl Statements {
    async fn prepare(conn: &Conn) -> Result<Self, StorageError> {
        let [feed, feed_of, feed_ahead, known] =
            conn.prepare([sql::FEED, sql::FEED_OF, sql::FEED_AHEAD, sql::ORDERS_HERE]).await?;
        let [inks, documents] = conn.prepare([sql::INKS_SINCE, sql::DOCUMENTS_SINCE]).await?;
        Ok(Self { feed, feed_of, known, feed_ahead, inks, documents })
    }
}

/// The day of an order's window and its status, from their columns.
fn due(row: &Row) -> Result<(Option<i32>, Status), StorageError> {
    let status = Status::from_code(get(row, 7)?);
    Ok((get(row, 6)?, status.unwrap_or(Status::Unknown)))
}

struct Page<'a> {
    conn: &'a Conn,
    org: &'a str,
    person: String,
    pull: &'a Pull,
    cursor: u64,
    had: Option<Had>,
    bytes: usize,
    seen: HashSet<OrderId>,
    out: Pulled,
    statements: Statements,
}

impl Page<'_> {
    async fn read(mut self) -> Result<Pulled, StorageError> {
        let mut last = self.cursor;
        'feed: loop {
            let chunk = self.feed_after(last).await?;
            let mut inks = self.inks_of(&chunk).await?;
            for row in &chunk {
                if self.bytes >= self.pull.page_bytes {
                    self.out.seq = last;
                    self.out.more = true;
                    break 'feed;
                }
                last = count(row, 1)?;
                self.take(row, &mut inks)?;
            }
            if chunk.len() < CHUNK {
                break;
            }
        }
        self.documents().await?;
        self.whatever_the_page().await?;
        Ok(self.out)
    }

    /// A part of the orders ahead of the feed, whole however large it is, with the documents that belong to it.
    async fn part(mut self, ahead: Ahead) -> Result<Pulled, StorageError> {
        let mut rows =
            self.conn.rows(&self.statements.feed_ahead, &[&self.org, &self.person]).await?.into_iter();
        loop {
            let mut chunk = Vec::new();
            for row in rows.by_ref() {
                let (day, status) = due(&row)?;
                if Part::of(ahead.today, day, status) == Some(ahead.part) {
                    chunk.push(row);
                }
                if chunk.len() == CHUNK {
                    break;
                }
            }
            if chunk.is_empty() {
                break;
            }
            let mut inks = self.inks_of(&chunk).await?;
            for row in &chunk {
                self.take(row, &mut inks)?;
            }
        }
        let mut last = 0;
        loop {
            let rows = self.documents_after(last, self.out.seq).await?;
            for row in &rows {
                let document = documents::read(row)?;
                last = document.seq;
                if ahead.part.has_kind(&document.kind) && !document.body.is_empty() {
                    self.out.documents.push(document);
                }
            }
            if rows.len() < CHUNK {
                break;
            }
        }
        self.whatever_the_page().await?;
        let stands = Some(self.out.seq);
        Ok(Pulled { seq: self.cursor, ahead: stands, more: true, ..self.out })
    }

    async fn documents_after(&self, last: u64, end: u64) -> Result<Vec<Row>, StorageError> {
        let values: [Value<'_>; 4] = [&self.org, &signed(last), &signed(end), &signed(CHUNK as u64)];
        self.conn.rows(&self.statements.documents, &values).await
    }

    /// Whether the phone had it ahead of the feed, and nothing of it is newer.
    fn was_had(&self, row: &Row, id: OrderId, seq: u64) -> Result<bool, StorageError> {
        let Some(had) = self.had else { return Ok(false) };
        let (day, status) = due(row)?;
        Ok(!self.pull.whole.contains(&id) && had.covers(day, status, seq.max(count(row, 2)?)))
    }

    async fn feed_after(&self, last: u64) -> Result<Vec<Row>, StorageError> {
        let limit = signed(CHUNK as u64);
        self.conn.rows(&self.statements.feed, &[&self.org, &self.person, &signed(last), &limit]).await
    }

    /// Whether the phone folds the order by itself, and nobody else changed it since.
    fn is_echoed(&self, id: OrderId, seq: u64) -> bool {
        self.pull.echoed.get(&id) == Some(&seq)
    }

    /// The ink that comes with some rows, by order.
    async fn inks_of(&self, rows: &[Row]) -> Result<HashMap<OrderId, Vec<Vec<u8>>>, StorageError> {
        let (mut orders, mut from): (Vec<Uuid>, Vec<i64>) = (Vec::new(), Vec::new());
        for row in rows {
            let (id, active): (Uuid, bool) = (get(row, 0)?, get(row, 3)?);
            // Whoever gets the order newly gets all its ink.
            let since = if count(row, 2)? > self.cursor { 0 } else { self.cursor };
            let seq = count(row, 4)?;
            let is_told =
                active && !self.is_echoed(OrderId(id), seq) && !self.was_had(row, OrderId(id), seq)?;
            if is_told && count(row, 5)? > since {
                orders.push(id);
                from.push(signed(since));
            }
        }
        let mut inks: HashMap<OrderId, Vec<Vec<u8>>> = HashMap::new();
        if orders.is_empty() {
            return Ok(inks);
        }
        for row in self.conn.rows(&self.statements.inks, &[&self.org, &orders, &from]).await? {
            if !self.pull.own_ink.contains(&Digest(hash(&row, 1)?)) {
                inks.entry(OrderId(get(&row, 0)?)).or_default().push(get(&row, 2)?);
            }
        }
        Ok(inks)
    }

    fn take(&mut self, row: &Row, inks: &mut HashMap<OrderId, Vec<Vec<u8>>>) -> Result<(), StorageError> {
        let id = OrderId(get(row, 0)?);
        self.seen.insert(id);
        let active: bool = get(row, 3)?;
        if !active {
            self.out.gone.push(id);
            return Ok(());
        }
        let seq = count(row, 4)?;
        if self.is_echoed(id, seq) {
            self.out.confirmed.insert(id);
            return Ok(());
        }
        if self.was_had(row, id, seq)? {
            return Ok(());
        }
        let state: Vec<u8> = get(row, 8)?;
        self.bytes += state.len();
        self.out.orders.push(PulledOrder { id, seq, state });
        for ink in inks.remove(&id).unwrap_or_default() {
            self.bytes += ink.len();
            self.out.inks.push((id, ink));
        }
        Ok(())
    }

    /// Documents up to the end of the page. Too many of them end the page earlier.
    async fn documents(&mut self) -> Result<(), StorageError> {
        let end = self.out.seq;
        // At least one, so that every page moves on.
        let mut room = self.pull.page_bytes.saturating_sub(self.bytes).max(self.pull.page_bytes / 2).max(1);
        let mut last = self.cursor;
        let left_some = 'all: loop {
            let values: [Value<'_>; 4] = [&self.org, &signed(last), &signed(end), &signed(CHUNK as u64)];
            let rows = self.conn.rows(&self.statements.documents, &values).await?;
            for row in &rows {
                if room == 0 {
                    break 'all true;
                }
                let document = documents::read(row)?;
                last = document.seq;
                room = room.saturating_sub(document.body.len() + document.key.len());
                self.out.documents.push(document);
            }
            if rows.len() < CHUNK {
                break false;
            }
        };
        if !left_some {
            return Ok(());
        }
        // What lies beyond comes with the next page.
        self.out.seq = last;
        self.out.more = true;
        let beyond: HashSet<OrderId> =
            self.out.orders.iter().filter(|order| order.seq > last).map(|order| order.id).collect();
        self.out.orders.retain(|order| !beyond.contains(&order.id));
        self.out.inks.retain(|(order, _)| !beyond.contains(order));
        self.seen.retain(|order| !beyond.contains(order));
        Ok(())
    }

    /// What a push touched is in the answer to it, so that nothing acknowledged is missing from what the phone shows. Of an
    /// order nobody here ever heard of nothing is said: after a restore the phone may be the only one who still knows it.
    async fn whatever_the_page(&mut self) -> Result<(), StorageError> {
        let asked = self.pull.whole.iter().chain(self.pull.echoed.keys());
        let asked: Vec<OrderId> = asked.filter(|id| !self.seen.contains(id)).copied().collect();
        if asked.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = asked.iter().map(|id| id.0).collect();
        let rows = self.conn.rows(&self.statements.feed_of, &[&self.org, &self.person, &ids]).await?;
        let mut inks = self.inks_of(&rows).await?;
        let mut found: HashMap<OrderId, &Row> = HashMap::with_capacity(rows.len());
        for row in &rows {
            found.insert(OrderId(get(row, 0)?), row);
        }
        let mut not_theirs = Vec::new();
        for id in asked {
            if self.seen.contains(&id) {
                continue;
            }
            match found.get(&id) {
                Some(row) => self.take(row, &mut inks)?,
                None => {
                    self.seen.insert(id);
                    not_theirs.push(id.0);
                }
            }
        }
        if !not_theirs.is_empty() {
            let known = self.conn.rows(&self.statements.known, &[&self.org, &not_theirs]).await?;
            for row in &known {
                self.out.gone.push(OrderId(get(row, 0)?));
            }
        }
        Ok(())
    }
}
