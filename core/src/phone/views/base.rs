//! The server's truth about an order: its own bytes where something is pending over them, else what is shown.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use crate::domain::ids::OrderId;
use crate::phone::error::Result;

/// The server's truth about an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Base {
    pub(crate) seq: u64,
    /// Own entries up to this journal n are contained.
    pub(crate) own: u64,
    /// The bytes as the server has them.
    pub(crate) state: Vec<u8>,
}

/// The server's truth about an order.
pub(crate) fn base_of(conn: &Connection, place: i64) -> Result<Option<Base>> {
    let mut find = conn.prepare_cached(
        "SELECT b.seq, b.own, coalesce(b.state, (SELECT s.bytes FROM state s WHERE s.id = b.id)), b.given
         FROM base b WHERE b.id = ?1",
    )?;
    let read = |row: &Row<'_>| {
        let given: Option<String> = row.get(3)?;
        Ok(Base { seq: row.get(0)?, own: row.get(1)?, state: with_given(row.get(2)?, given.as_deref()) })
    };
    Ok(find.query_row([place], read).optional()?)
}

/// The server's truth is what is shown, but for the number it gave.
pub(crate) fn settle(
    tx: &Transaction<'_>,
    place: i64,
    id: OrderId,
    seq: u64,
    own: u64,
    given: Option<&str>,
) -> Result<()> {
    tx.prepare_cached(
        "REPLACE INTO base (id, order_id, seq, own, given, state) VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
    )?
    .execute(params![place, id.as_bytes(), seq, own, given])?;
    Ok(())
}

/// Sets the server's truth about an order over which something is pending.
pub(crate) fn put_base(
    tx: &Transaction<'_>,
    place: i64,
    id: OrderId,
    seq: u64,
    own: u64,
    state: &[u8],
) -> Result<()> {
    tx.prepare_cached(
        "REPLACE INTO base (id, order_id, seq, own, given, state) VALUES (?1, ?2, ?3, ?4, NULL, ?5)",
    )?
    .execute(params![place, id.as_bytes(), seq, own, state])?;
    Ok(())
}

/// Before something is shown that the server does not know: the base gets bytes of its own.
pub(crate) fn keep_base(tx: &Transaction<'_>, place: i64, id: OrderId) -> Result<()> {
    let is_shown =
        tx.prepare_cached("SELECT 1 FROM base WHERE id = ?1 AND state IS NULL")?.exists([place])?;
    if is_shown && let Some(base) = base_of(tx, place)? {
        put_base(tx, place, id, base.seq, base.own, &base.state)?;
    }
    Ok(())
}

/// The bytes of a state with the number the server gave.
pub(crate) fn with_given(state: Vec<u8>, given: Option<&str>) -> Vec<u8> {
    given.and_then(|number| with_number(&state, number)).unwrap_or(state)
}

/// Puts a number into the bytes of a state that has none, without reading the rest. The number is the first field of
/// [`Order`](crate::domain::order::Order); when the guess is wrong the echo's hash shows it, and nothing is given.
pub(crate) fn with_number(state: &[u8], number: &str) -> Option<Vec<u8>> {
    const MAP: u8 = 0xa0;
    const TEXT: u8 = 0x60;
    const SHORT: u8 = 23;
    let (first, rest) = state.split_first()?;
    let fields = first.checked_sub(MAP).filter(|fields| *fields < SHORT)?;
    let length = u8::try_from(number.len()).ok()?;
    let key = "number";
    let mut out = Vec::with_capacity(state.len() + key.len() + number.len() + 3);
    out.push(MAP + fields + 1);
    out.push(TEXT + 6);
    out.extend_from_slice(key.as_bytes());
    if length <= SHORT {
        out.push(TEXT + length);
    } else {
        out.extend_from_slice(&[TEXT + SHORT + 1, length]);
    }
    out.extend_from_slice(number.as_bytes());
    out.extend_from_slice(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::Order;
    use crate::domain::order::intake::Intake;

    #[test]
    fn a_number_put_into_bytes_is_the_number_of_the_order() {
        let mut order = Order {
            intake: Some(Intake { unit: "12A".to_owned(), ..Intake::default() }),
            ..Order::default()
        };
        let plain = order.to_bytes();
        for number in ["1", "WO-2026-000123", "a number of more than twenty-three characters"] {
            order.number = Some(number.to_owned());
            assert_eq!(with_number(&plain, number).unwrap(), order.to_bytes());
        }
        assert_eq!(with_number(&[], "1"), None);
        assert_eq!(with_number(b"\x01", "1"), None);
        assert_eq!(with_number(&plain, &"9".repeat(300)), None);
    }
}
