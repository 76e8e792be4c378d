//! Rows: states as the server sent them become the base; what is pending is folded over them again.

use std::sync::mpsc::sync_channel;

use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::apply::Work;
use crate::domain::BadState;
use crate::domain::ids::OrderId;
use crate::domain::order::Order;
use crate::journal::bytes::State;
use crate::journal::wire::Row;
use crate::phone::columns::Columns;
use crate::phone::error::{PhoneError, Result};
use crate::phone::store::head::Head;
use crate::phone::store::journal;
use crate::phone::views::{self, Gone, Maker, Place};

/// From this many rows on, another thread reads the states while this one writes them.
const MANY: usize = 256;
const PART: usize = 128;

/// What a state shows, or why it cannot be read.
type Reading = Result<Columns, BadState>;

impl Work<'_> {
    pub(super) fn rows(&mut self, rows: &[Row]) -> Result<()> {
        let maker = self.maker.clone();
        if rows.len() < MANY {
            return rows.iter().try_for_each(|row| self.row(row, read(&maker, row)));
        }
        std::thread::scope(|scope| {
            let (give, take) = sync_channel::<Vec<Reading>>(4);
            let reader = scope.spawn(move || {
                let mut parts = rows.chunks(PART);
                parts.all(|part| give.send(part.iter().map(|row| read(&maker, row)).collect()).is_ok());
            });
            for part in rows.chunks(PART) {
                let Ok(readings) = take.recv() else { break };
                for (row, reading) in part.iter().zip(readings) {
                    self.row(row, reading)?;
                }
            }
            reader.join().map_err(|_| PhoneError::Bug("reading a state panicked".to_owned()))
        })
    }

    fn row(&mut self, row: &Row, reading: Reading) -> Result<()> {
        self.done.insert(row.order);
        let own = self.head.acked;
        if !put_row(self.tx, self.head, &self.maker, row, reading, own, &mut self.out.unread)? {
            return Ok(());
        }
        if self.asked.whole > 0 {
            self.tx
                .prepare_cached("DELETE FROM whole WHERE order_id = ?1")?
                .execute([row.order.as_bytes()])?;
        }
        Ok(())
    }
}

fn read(maker: &Maker<'_>, row: &Row) -> Reading {
    Order::from_bytes(&row.state.0).map(|order| maker.columns(&order))
}

/// Takes a state as the server sent it. One that cannot be read is kept aside, and gives `false`.
fn put_row(
    tx: &Transaction<'_>,
    head: &Head,
    maker: &Maker<'_>,
    row: &Row,
    reading: Reading,
    own: u64,
    unread: &mut Vec<String>,
) -> Result<bool> {
    let columns = match reading {
        Ok(columns) => columns,
        Err(why) => {
            let why = why.to_string();
            tx.prepare_cached(
                "REPLACE INTO unread (order_id, seq, own, why, state) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![row.order.as_bytes(), row.seq, own, why, row.state.0])?;
            unread.push(format!("order {}: {why}", row.order));
            // What was pending is acknowledged all the same.
            maker.remake(tx, head, row.order)?;
            return Ok(false);
        }
    };
    let place = views::place_of(tx, row.order)?.map(|place| Place { gone: Gone::Here, ..place });
    let last_n = place.as_ref().map_or(0, |place| place.last_n);
    let floor = head.acked.max(own);
    if last_n > floor {
        let mut shown = views::read_state(&row.state.0)?;
        for (_, entry) in journal::of_order(tx, last_n, floor)? {
            entry.fold_into(&mut shown, maker.org(), Some(head.device));
        }
        let id = maker.put(tx, place.as_ref(), row.order, last_n, &shown, &shown.to_bytes())?;
        views::put_base(tx, id, row.order, row.seq, own, &row.state.0)?;
    } else {
        let id = views::put_columns(tx, place.as_ref(), row.order, last_n, &columns, Some(&row.state.0))?;
        views::settle(tx, id, row.order, row.seq, own, None)?;
    }
    Ok(true)
}

/// Tries again the states an older version could not read.
pub(crate) fn retry_unread(tx: &Transaction<'_>, head: &Head, maker: &Maker<'_>) -> Result<()> {
    let mut statement = tx.prepare("SELECT order_id, seq, own, state FROM unread")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let order = OrderId(Uuid::from_bytes(row.get(0)?));
        let state = State(row.get(3)?);
        found.push((Row { order, seq: row.get(1)?, state }, row.get::<_, u64>(2)?));
    }
    for (row, own) in found {
        let is_newer = match views::place_of(tx, row.order)? {
            Some(place) => views::base_of(tx, place.id)?.is_none_or(|base| base.seq < row.seq),
            None => true,
        };
        if !is_newer || put_row(tx, head, maker, &row, read(maker, &row), own, &mut Vec::new())? {
            tx.prepare_cached("DELETE FROM unread WHERE order_id = ?1")?.execute([row.order.as_bytes()])?;
        }
    }
    Ok(())
}
