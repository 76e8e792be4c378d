//! What lists show of an order.

use rusqlite::{Connection, Row};
use uuid::Uuid;

use super::error::Result;
use super::store::journal;
use super::views::Gone;
use crate::domain::ids::{OrderId, PersonId};
use crate::domain::order::status::Status;
use crate::domain::time::{Stamp, Window};

/// An order in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderCard {
    /// The order.
    pub order: OrderId,
    /// Its number, once the server gave one.
    pub number: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// The unit.
    pub unit: String,
    /// The resident.
    pub resident: String,
    /// The fault text in force.
    pub fault: String,
    /// The kind of work.
    pub work_type: String,
    /// The window of the current visit.
    pub window: Option<Window>,
    /// The assigned technician.
    pub technician: Option<PersonId>,
    /// How many entries about it wait to be sent.
    pub waiting_to_send: u32,
    /// Two values wait for a person to pick.
    pub has_conflict: bool,
    /// It is no longer this phone's, and leaves when everything recorded about it is sent.
    pub is_departing: bool,
}

/// The columns a card is read from, in the order [`read`] takes them.
pub(crate) const COLUMNS: &str =
    "id, order_id, last_n, gone, start_ms, start_offset, end_ms, end_offset, status, conflict,
    number, technician, unit, resident, fault, work_type";

/// Reads a card and its row. Entries above `acked` wait.
pub(crate) fn read(conn: &Connection, acked: u64, row: &Row<'_>) -> Result<(i64, OrderCard)> {
    let last_n: u64 = row.get(2)?;
    let gone = Gone::from_code(row.get(3)?);
    let stamp = |ms: usize, offset: usize| -> rusqlite::Result<Option<Stamp>> {
        let (ms, offset): (Option<i64>, Option<i16>) = (row.get(ms)?, row.get(offset)?);
        Ok(ms.zip(offset).map(|(ms, offset)| Stamp::new(ms, offset)))
    };
    let window = stamp(4, 5)?.zip(stamp(6, 7)?).map(|(start, end)| Window { start, end });
    let card = OrderCard {
        order: OrderId(Uuid::from_bytes(row.get(1)?)),
        number: row.get(10)?,
        status: Status::from_code(row.get_ref(8)?.as_str().unwrap_or_default()).unwrap_or(Status::Unknown),
        unit: row.get(12)?,
        resident: row.get(13)?,
        fault: row.get(14)?,
        work_type: row.get(15)?,
        window,
        technician: row.get::<_, Option<String>>(11)?.map(PersonId),
        waiting_to_send: journal::count_of_order(conn, last_n, acked)?,
        has_conflict: row.get(9)?,
        is_departing: gone == Gone::Departing,
    };
    Ok((row.get(0)?, card))
}
