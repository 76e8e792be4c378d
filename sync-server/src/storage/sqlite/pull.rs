//! One snapshot for a phone: what is new in its scope since its cursor, a page at a time.

use std::collections::HashSet;

use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::order::status::Status;
use doorstep_core::journal::ahead::{Ahead, Had, Part};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::codes::{self, signed, unsigned};
use super::{clock, documents, safe};
use crate::storage::{Pull, Pulled, PulledOrder, StorageError};

const COLUMNS: &str = r#"SELECT g.order_id, g.seq, g.since, g.active, o.seq, o.ink_seq, o.window_day, o.status, o.state
  FROM "grant" g JOIN "order" o ON o.org = g.org AND o.order_id = g.order_id"#;

/// Reads the snapshot. The connection is inside a transaction, so all of it is of one moment.
pub(super) fn pull(conn: &Connection, org: &OrgId, pull: &Pull) -> Result<Pulled, StorageError> {
    let clock = clock(conn, org)?;
    let acked = acked(conn, org, pull)?;
    let cursor = if pull.epoch == clock.epoch { pull.cursor } else { 0 };
    let safe = safe::safe(conn, org, pull.device.as_bytes())?;
    let unparked = unparked(conn, org, pull)?;
    let out = Pulled { epoch: clock.epoch, acked, safe, unparked, seq: clock.seq, ..Pulled::default() };
    if !pull.active {
        return Ok(Pulled { seq: cursor, ..out });
    }
    let had = pull.had.filter(|_| pull.epoch == clock.epoch);
    let mut page = Page { conn, org, pull, cursor, had, bytes: 0, seen: HashSet::new(), out };
    if let Some(ahead) = pull.ahead {
        page.part(ahead)?;
        page.whatever_the_page()?;
        let out = Pulled { seq: cursor, ahead: Some(clock.seq), more: true, ..page.out };
        return Ok(out);
    }
    let sql = format!("{COLUMNS} WHERE g.org = ?1 AND g.person = ?2 AND g.seq > ?3 ORDER BY g.seq");
    let mut feed = conn.prepare_cached(&sql)?;
    let mut rows = feed.query(params![org.as_str(), pull.person.as_str(), signed(cursor)])?;
    let mut last = cursor;
    while let Some(row) = rows.next()? {
        if page.bytes >= pull.page_bytes {
            page.out.seq = last;
            page.out.more = true;
            break;
        }
        last = unsigned(row.get(1)?);
        page.take(row)?;
    }
    page.documents()?;
    page.whatever_the_page()?;
    Ok(page.out)
}

fn acked(conn: &Connection, org: &OrgId, pull: &Pull) -> Result<u64, StorageError> {
    let mut find = conn.prepare_cached("SELECT n FROM device WHERE org = ?1 AND device_id = ?2")?;
    let n = find.query_row(params![org.as_str(), pull.device.as_bytes()], |row| row.get(0)).optional()?;
    Ok(n.map_or(0, unsigned))
}

/// Which of the entries the phone takes for parked were folded after all.
fn unparked(conn: &Connection, org: &OrgId, pull: &Pull) -> Result<Vec<u64>, StorageError> {
    let mut find = conn.prepare_cached(
        "SELECT 1 FROM parked WHERE org = ?1 AND device_id = ?2 AND n = ?3 AND closed_ms IS NOT NULL",
    )?;
    let mut folded = Vec::new();
    for n in &pull.parked {
        if find.exists(params![org.as_str(), pull.device.as_bytes(), signed(*n)])? {
            folded.push(*n);
        }
    }
    Ok(folded)
}

/// The day of an order's window and its status, from their columns.
fn due(row: &Row<'_>) -> Result<(Option<i32>, Status), StorageError> {
    let status = row.get_ref(7)?.as_str().ok().and_then(Status::from_code);
    Ok((row.get(6)?, status.unwrap_or(Status::Unknown)))
}

struct Page<'a> {
    conn: &'a Connection,
    org: &'a OrgId,
    pull: &'a Pull,
    cursor: u64,
    had: Option<Had>,
    bytes: usize,
    seen: HashSet<OrderId>,
    out: Pulled,
}

impl Page<'_> {
    fn take(&mut self, row: &Row<'_>) -> Result<(), StorageError> {
        let id = codes::order_id(row.get_ref(0)?)?;
        self.seen.insert(id);
        let active: bool = row.get(3)?;
        if !active {
            self.out.gone.push(id);
            return Ok(());
        }
        let seq = unsigned(row.get(4)?);
        if self.pull.echoed.get(&id) == Some(&seq) {
            self.out.confirmed.insert(id);
            return Ok(());
        }
        let (since, ink_seq) = (unsigned(row.get(2)?), unsigned(row.get(5)?));
        if let Some(had) = self.had {
            let (day, status) = due(row)?;
            if !self.pull.whole.contains(&id) && had.covers(day, status, seq.max(since)) {
                return Ok(());
            }
        }
        let state = codes::blob(row.get_ref(8)?)?;
        self.bytes += state.len();
        self.out.orders.push(PulledOrder { id, seq, state });
        // Whoever gets the order newly gets all its ink.
        let from = if since > self.cursor { 0 } else { self.cursor };
        if ink_seq > from { self.inks(id, from) } else { Ok(()) }
    }

    /// A part of the orders ahead of the feed, whole however large it is, with the documents that belong to it.
    fn part(&mut self, ahead: Ahead) -> Result<(), StorageError> {
        let sql = format!(
            "{COLUMNS} WHERE g.org = ?1 AND g.person = ?2 AND g.active = 1 ORDER BY o.window_start_ms"
        );
        let mut find = self.conn.prepare_cached(&sql)?;
        let mut rows = find.query(params![self.org.as_str(), self.pull.person.as_str()])?;
        while let Some(row) = rows.next()? {
            let (day, status) = due(row)?;
            if Part::of(ahead.today, day, status) == Some(ahead.part) {
                self.take(row)?;
            }
        }
        let end = self.out.seq;
        documents::since(self.conn, self.org, 0, end, |document| {
            if ahead.part.has_kind(&document.kind) && !document.body.is_empty() {
                self.out.documents.push(document);
            }
            true
        })
    }

    fn inks(&mut self, id: OrderId, from: u64) -> Result<(), StorageError> {
        let mut find = self.conn.prepare_cached(
            "SELECT digest, bytes FROM ink WHERE org = ?1 AND order_id = ?2 AND seq > ?3 ORDER BY seq",
        )?;
        let mut rows = find.query(params![self.org.as_str(), id.as_bytes(), signed(from)])?;
        while let Some(row) = rows.next()? {
            let digest: [u8; 32] = row.get(0)?;
            if self.pull.own_ink.contains(&doorstep_core::domain::ids::Digest(digest)) {
                continue;
            }
            let bytes = codes::blob(row.get_ref(1)?)?;
            self.bytes += bytes.len();
            self.out.inks.push((id, bytes));
        }
        Ok(())
    }

    /// Documents up to the end of the page. Too many of them end the page earlier.
    fn documents(&mut self) -> Result<(), StorageError> {
        let end = self.out.seq;
        // At least one, so that every page moves on.
        let mut room = self.pull.page_bytes.saturating_sub(self.bytes).max(self.pull.page_bytes / 2).max(1);
        let mut left_some = false;
        documents::since(self.conn, self.org, self.cursor, end, |document| {
            left_some = room == 0;
            if !left_some {
                room = room.saturating_sub(document.body.len() + document.key.len());
                self.out.documents.push(document);
            }
            !left_some
        })?;
        if !left_some {
            return Ok(());
        }
        let last = self.out.documents.last().map_or(end, |document| document.seq);
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
    fn whatever_the_page(&mut self) -> Result<(), StorageError> {
        let mut known =
            self.conn.prepare_cached(r#"SELECT 1 FROM "order" WHERE org = ?1 AND order_id = ?2"#)?;
        let sql = format!("{COLUMNS} WHERE g.org = ?1 AND g.order_id = ?2 AND g.person = ?3");
        let mut find = self.conn.prepare_cached(&sql)?;
        let pull = self.pull;
        for id in pull.whole.iter().chain(pull.echoed.keys()) {
            if self.seen.contains(id) {
                continue;
            }
            let mut rows = find.query(params![self.org.as_str(), id.as_bytes(), pull.person.as_str()])?;
            match rows.next()? {
                Some(row) => self.take(row)?,
                None => {
                    self.seen.insert(*id);
                    if known.exists(params![self.org.as_str(), id.as_bytes()])? {
                        self.out.gone.push(*id);
                    }
                }
            }
        }
        Ok(())
    }
}
