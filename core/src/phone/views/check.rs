//! Making all views again from base and journal, and finding any that is not what it should be.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::{Gone, Maker, Place, base_of, evict, place_of};
use crate::domain::ids::OrderId;
use crate::phone::error::Result;
use crate::phone::front::Phone;
use crate::phone::store::head::Head;

impl Phone {
    /// The orders whose view is not base folded with what is pending: empty when all is well. Reads everything.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn verify_views(&self) -> Result<Vec<OrderId>> {
        self.run(|store| {
            let identity = store.identity();
            store.read(|conn| differing(conn, &Head::load(conn)?, &Maker::new(&identity)))
        })
    }

    /// Makes all views again from base and journal.
    ///
    /// # Errors
    /// When the storage fails; nothing is changed then.
    pub fn rebuild_views(&self) -> Result<()> {
        self.run(|store| {
            let identity = store.identity();
            store.write(|tx, head| rebuild(tx, head, &Maker::new(&identity)))
        })?;
        self.changed_all();
        Ok(())
    }
}

/// Each order's last own entry.
fn last_entries(conn: &Connection) -> Result<HashMap<OrderId, u64>> {
    let mut journal = conn.prepare("SELECT order_id, max(n) FROM journal GROUP BY order_id")?;
    let mut rows = journal.query([])?;
    let mut last = HashMap::new();
    while let Some(row) = rows.next()? {
        last.insert(OrderId(Uuid::from_bytes(row.get(0)?)), row.get(1)?);
    }
    Ok(last)
}

/// Makes all views again: the place of every order in base or journal, and what is shown of it.
pub(crate) fn rebuild(tx: &Transaction<'_>, head: &Head, maker: &Maker<'_>) -> Result<()> {
    let last = last_entries(tx)?;
    let mut gone = BTreeMap::new();
    let mut ids: BTreeMap<OrderId, Option<i64>> = last.keys().map(|id| (*id, None)).collect();
    for sql in ["SELECT order_id, id, gone FROM view_order", "SELECT order_id, id, NULL FROM base"] {
        let mut statement = tx.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = OrderId(Uuid::from_bytes(row.get(0)?));
            ids.insert(id, Some(row.get(1)?));
            gone.entry(id).or_insert(Gone::from_code(row.get(2)?));
        }
    }
    tx.execute("DELETE FROM view_order", [])?;
    // First those whose row is known, so that none of them is taken by another.
    let mut order: Vec<_> = ids.into_iter().collect();
    order.sort_by_key(|(_, row)| row.is_none());
    for (id, row) in order {
        let last_n = last.get(&id).copied().unwrap_or(0);
        tx.prepare_cached(
            "INSERT INTO view_order
               (id, order_id, last_n, gone, status, conflict, unit, resident, fault, work_type, search)
             VALUES (?1, ?2, ?3, ?4, '', 0, '', '', '', '', '')",
        )?
        .execute(params![
            row,
            id.as_bytes(),
            last_n,
            gone.get(&id).copied().unwrap_or_default().code()
        ])?;
        let place = Place::new(tx.last_insert_rowid(), last_n, gone.get(&id).copied().unwrap_or_default());
        if place.gone == Gone::Left {
            evict(tx, &place, id)?;
        } else {
            maker.remake(tx, head, id)?;
        }
    }
    tx.execute("DELETE FROM state WHERE id NOT IN (SELECT id FROM view_order)", [])?;
    Ok(())
}

/// The orders whose view is not base folded with what is pending. Empty when all is well.
fn differing(conn: &Connection, head: &Head, maker: &Maker<'_>) -> Result<Vec<OrderId>> {
    let mut last = last_entries(conn)?;
    let mut statement = conn.prepare(
        "SELECT v.order_id, v.agenda, v.start_ms, v.end_ms, v.status, v.conflict, v.number, v.technician, v.unit,
           v.resident, v.fault, v.work_type, v.search, s.bytes, b.id IS NOT NULL AND b.state IS NULL
         FROM view_order v LEFT JOIN state s ON s.id = v.id LEFT JOIN base b ON b.id = v.id",
    )?;
    let mut rows = statement.query([])?;
    let mut wrong = Vec::new();
    while let Some(row) = rows.next()? {
        let id = OrderId(Uuid::from_bytes(row.get(0)?));
        let Some(place) = place_of(conn, id)? else { continue };
        if place.gone == Gone::Left {
            last.remove(&id);
            continue;
        }
        let base = base_of(conn, place.id)?;
        let Ok((order, pending)) = maker.refold(conn, head, base.as_ref(), place.last_n) else {
            last.remove(&id);
            wrong.push(id);
            continue;
        };
        // What is shown of an order with nothing pending are the base's own bytes.
        let settled = base.is_some() && !pending;
        let expected = maker.columns(&order);
        let same = row.get::<_, Option<i32>>(1)? == expected.agenda
            && row.get::<_, Option<i64>>(2)? == expected.window.map(|w| w.start.utc_ms)
            && row.get::<_, Option<i64>>(3)? == expected.window.map(|w| w.end.utc_ms)
            && row.get::<_, String>(4)? == expected.status.code()
            && row.get::<_, bool>(5)? == expected.conflict
            && row.get::<_, Option<String>>(6)? == expected.number
            && row.get::<_, Option<String>>(7)? == expected.technician
            && row.get::<_, String>(8)? == expected.unit
            && row.get::<_, String>(9)? == expected.resident
            && row.get::<_, String>(10)? == expected.fault
            && row.get::<_, String>(11)? == expected.work_type
            && row.get::<_, String>(12)? == expected.search
            && row.get::<_, bool>(14)? == settled
            && (settled || row.get::<_, Option<Vec<u8>>>(13)? == Some(order.to_bytes()))
            && place.last_n == last.remove(&id).unwrap_or(0);
        if !same {
            wrong.push(id);
        }
    }
    // What is left has entries and no view; a base without one is missing too.
    wrong.extend(last.into_keys());
    let mut missing =
        conn.prepare("SELECT order_id FROM base WHERE id NOT IN (SELECT id FROM view_order)")?;
    let mut rows = missing.query([])?;
    while let Some(row) = rows.next()? {
        wrong.push(OrderId(Uuid::from_bytes(row.get(0)?)));
    }
    Ok(wrong)
}
