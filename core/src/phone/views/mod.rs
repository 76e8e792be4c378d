//! Views: what the app reads is always base folded with what the server has not acknowledged, and can be made again.

mod base;
pub(crate) mod check;

pub(crate) use self::base::{Base, base_of, keep_base, put_base, settle, with_number};

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use crate::domain::ids::{OrderId, OrgId, PersonId};
use crate::domain::order::Order;
use crate::phone::columns::Columns;
use crate::phone::error::{PhoneError, Result};
use crate::phone::store::head::Head;
use crate::phone::store::{identity::Identity, journal};

/// For whom views are made.
#[derive(Clone)]
pub(crate) struct Maker<'a> {
    org: OrgId,
    me: Option<&'a PersonId>,
}

/// An order's place in the view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) id: i64,
    pub(crate) last_n: u64,
    pub(crate) gone: Gone,
    /// Agenda and start of the window, as they are indexed.
    pub(crate) due: (Option<i32>, Option<i64>),
}

impl Place {
    /// The columns [`Self::read`] takes, first in a row.
    pub(crate) const COLUMNS: &str = "v.id, v.last_n, v.gone, v.agenda, v.start_ms";

    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let gone = Gone::from_code(row.get(2)?);
        Ok(Self { id: row.get(0)?, last_n: row.get(1)?, gone, due: (row.get(3)?, row.get(4)?) })
    }

    /// A place made just now, without a window.
    fn new(id: i64, last_n: u64, gone: Gone) -> Self {
        Self { id, last_n, gone, due: (None, None) }
    }
}

/// Whether an order is still this phone's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Gone {
    /// It is.
    #[default]
    Here,
    /// It leaves as soon as everything recorded about it is acknowledged.
    Departing,
    /// It left. Only its place is kept.
    Left,
}

impl Gone {
    pub(crate) fn code(self) -> Option<u8> {
        match self {
            Self::Here => None,
            Self::Departing => Some(1),
            Self::Left => Some(2),
        }
    }

    pub(crate) fn from_code(code: Option<u8>) -> Self {
        match code {
            None => Self::Here,
            Some(1) => Self::Departing,
            Some(_) => Self::Left,
        }
    }
}

impl<'a> Maker<'a> {
    pub(crate) fn new(identity: &'a Identity) -> Self {
        let enrolled = identity.enrolled.as_ref();
        Self {
            org: enrolled.map_or_else(|| OrgId::from(""), |e| e.org.clone()),
            me: enrolled.map(|e| &e.actor.person),
        }
    }

    /// The columns of an order on this phone.
    pub(crate) fn columns(&self, order: &Order) -> Columns {
        Columns::of(order, self.me)
    }

    /// Writes an order into the view, with its bytes. `place`: where it is, if it is there already.
    pub(crate) fn put(
        &self,
        tx: &Transaction<'_>,
        place: Option<&Place>,
        id: OrderId,
        last_n: u64,
        order: &Order,
        state: &[u8],
    ) -> Result<i64> {
        put_columns(tx, place, id, last_n, &self.columns(order), Some(state))
    }

    /// Own entries above what base contains, folded over it. Gives the order and whether anything was pending.
    pub(crate) fn refold(
        &self,
        conn: &Connection,
        head: &Head,
        base: Option<&Base>,
        last_n: u64,
    ) -> Result<(Order, bool)> {
        let mut order = match base {
            Some(base) => read_state(&base.state)?,
            None => Order::default(),
        };
        let floor = head.acked.max(base.map_or(0, |base| base.own));
        let pending = journal::of_order(conn, last_n, floor)?;
        for (_, entry) in &pending {
            entry.fold_into(&mut order, &self.org, Some(head.device));
        }
        Ok((order, last_n > floor))
    }

    /// Makes the view of one order again, from base and journal. An order whose state a newer version wrote is left as
    /// it is: it delays no other.
    pub(crate) fn remake(&self, tx: &Transaction<'_>, head: &Head, id: OrderId) -> Result<()> {
        let Some(place) = place_of(tx, id)? else { return Ok(()) };
        let base = base_of(tx, place.id)?;
        let (order, pending) = match self.refold(tx, head, base.as_ref(), place.last_n) {
            Err(PhoneError::TooOld(_)) => return Ok(()),
            other => other?,
        };
        match base {
            Some(base) if !pending => {
                self.put(tx, Some(&place), id, place.last_n, &order, &base.state)?;
                settle(tx, place.id, id, base.seq, base.own, None)
            }
            Some(base) => {
                self.put(tx, Some(&place), id, place.last_n, &order, &order.to_bytes())?;
                put_base(tx, place.id, id, base.seq, base.own, &base.state)
            }
            None => self.put(tx, Some(&place), id, place.last_n, &order, &order.to_bytes()).map(drop),
        }
    }

    pub(crate) fn org(&self) -> &OrgId {
        &self.org
    }
}

/// Writes columns and, if there is one, the state. Gives the order's row.
pub(crate) fn put_columns(
    tx: &Transaction<'_>,
    place: Option<&Place>,
    id: OrderId,
    last_n: u64,
    columns: &Columns,
    state: Option<&[u8]>,
) -> Result<i64> {
    if let Some(place) = place {
        // What is set is written to its index, changed or not: a tap that moves no window touches a page less.
        let is_due_as_before = place.due == (columns.agenda, columns.window.map(|w| w.start.utc_ms));
        let due = if is_due_as_before { "" } else { "agenda = ?4, start_ms = ?5," };
        let sql = format!(
            "UPDATE view_order SET {due} last_n = ?2, gone = ?3, start_offset = ?6, end_ms = ?7, end_offset = ?8,
               status = ?9, conflict = ?10, number = ?11, technician = ?12, unit = ?13, resident = ?14, fault = ?15,
               work_type = ?16, search = ?17
             WHERE id = ?1"
        );
        let mut update = tx.prepare_cached(&sql)?;
        columns.run(&mut update, &place.id, last_n, place.gone.code())?;
        put_state(tx, place.id, state)?;
        return Ok(place.id);
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO view_order (order_id, last_n, gone, agenda, start_ms, start_offset, end_ms, end_offset,
           status, conflict, number, technician, unit, resident, fault, work_type, search)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    columns.run(&mut insert, id.as_bytes(), last_n, Gone::Here.code())?;
    let place = tx.last_insert_rowid();
    put_state(tx, place, state)?;
    Ok(place)
}

fn put_state(tx: &Transaction<'_>, place: i64, state: Option<&[u8]>) -> Result<()> {
    if let Some(state) = state {
        tx.prepare_cached("REPLACE INTO state (id, bytes) VALUES (?1, ?2)")?
            .execute(params![place, state])?;
    }
    Ok(())
}

/// Where an order is in the view.
pub(crate) fn place_of(conn: &Connection, id: OrderId) -> Result<Option<Place>> {
    let sql = format!("SELECT {} FROM view_order v WHERE v.order_id = ?1", Place::COLUMNS);
    Ok(conn.prepare_cached(&sql)?.query_row([id.as_bytes()], Place::read).optional()?)
}

/// Place and state of orders as they are shown, and the seq of the base with the number it gives.
pub(crate) const SHOWN: &str = "SELECT v.id, v.last_n, v.gone, v.agenda, v.start_ms,
    s.bytes, coalesce(b.seq, 0), b.given
  FROM view_order v LEFT JOIN state s ON s.id = v.id LEFT JOIN base b ON b.id = v.id";

/// An order as it is shown: its place, its state and the seq of its base.
pub(crate) fn shown(conn: &Connection, id: OrderId) -> Result<Option<(Place, Order, u64)>> {
    let mut find = conn.prepare_cached(&format!("{SHOWN} WHERE v.order_id = ?1"))?;
    let mut rows = find.query([id.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let place = Place::read(row)?;
    let mut order = match row.get_ref(5)?.as_blob_or_null() {
        Ok(Some(state)) => read_state(state)?,
        _ => Order::default(),
    };
    if let Some(given) = row.get(7)? {
        order.number = Some(given);
    }
    Ok(Some((place, order, row.get(6)?)))
}

/// A kept state. Whoever wrote it could read it: when this version cannot, it is the older one.
pub(crate) fn read_state(bytes: &[u8]) -> Result<Order> {
    Order::from_bytes(bytes).map_err(|e| PhoneError::TooOld(e.to_string()))
}

/// Takes an order that left off the phone. Its place stays, so that its own entries are still found.
pub(crate) fn evict(tx: &Transaction<'_>, place: &Place, id: OrderId) -> Result<()> {
    let nothing = Columns::of(&Order::default(), None);
    let place = Place { gone: Gone::Left, ..place.clone() };
    put_columns(tx, Some(&place), id, place.last_n, &nothing, None)?;
    for sql in ["DELETE FROM base WHERE id = ?1", "DELETE FROM state WHERE id = ?1"] {
        tx.prepare_cached(sql)?.execute([place.id])?;
    }
    for sql in ["DELETE FROM ink WHERE order_id = ?1", "DELETE FROM unread WHERE order_id = ?1"] {
        tx.prepare_cached(sql)?.execute([id.as_bytes()])?;
    }
    tx.prepare_cached("DELETE FROM whole WHERE order_id = ?1")?.execute([id.as_bytes()])?;
    Ok(())
}
