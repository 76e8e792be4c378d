//! Echoes: the server says that an order is what the phone's own entries give, and proves it with a hash.

use rusqlite::params;

use super::apply::Work;
use crate::domain::fact::Fact;
use crate::domain::ids::{DeviceId, OrderId, OrgId};
use crate::domain::order::Order;
use crate::journal::Entry;
use crate::journal::wire::{Echo, echo_check};
use crate::phone::error::Result;
use crate::phone::store::journal;
use crate::phone::views::{self, Gone, Place};

impl Work<'_> {
    /// The order an entry of this push is about, and the entry's journal n.
    fn order_of(&self, number: u64) -> Option<(OrderId, u64)> {
        let n = self.head.local(number);
        let index = usize::try_from(n.checked_sub(self.asked.first)?).ok()?;
        self.asked.orders.get(index).map(|order| (*order, n))
    }

    pub(super) fn echo(&mut self, echo: &Echo) -> Result<()> {
        let Some((id, n)) = self.order_of(echo.n) else { return Ok(()) };
        let sql = format!("SELECT {}, v.state FROM view_order v WHERE v.order_id = ?1", Place::COLUMNS);
        let mut find = self.tx.prepare_cached(&sql)?;
        let (place, state) = find
            .query_row([id.as_bytes()], |row| Ok((Place::read(row)?, row.get::<_, Option<Vec<u8>>>(5)?)))?;
        self.done.insert(id);
        if place.last_n == n
            && let Some(state) = state
        {
            // Nothing else is pending: what is shown is what the server folded, but for the number.
            let number = echo.number.as_deref();
            let shown = match number {
                Some(number) => with_number(&state, number),
                None => Some(state),
            };
            if let Some(state) = shown.filter(|state| echo_check(state) == echo.check) {
                views::put_base(self.tx, place.id, id, echo.seq, n, &state)?;
                return self.settle(&place, number);
            }
        }
        self.fold_echo(&place, id, n, echo)
    }

    /// The view is the base: only the number may be new.
    fn settle(&self, place: &Place, number: Option<&str>) -> Result<()> {
        match number {
            // The first line of the searched text is the number's, and was empty.
            Some(number) => self
                .tx
                .prepare_cached(
                    "UPDATE view_order SET state = NULL, gone = NULL, number = ?2, search = ?3 || search WHERE id = ?1",
                )?
                .execute(params![place.id, number, crate::domain::fold::fold(number)])?,
            None => self
                .tx
                .prepare_cached("UPDATE view_order SET state = NULL, gone = NULL WHERE id = ?1")?
                .execute([place.id])?,
        };
        Ok(())
    }

    fn fold_echo(&mut self, place: &Place, id: OrderId, n: u64, echo: &Echo) -> Result<()> {
        let base = views::base_of(self.tx, place.id)?;
        let own = base.as_ref().map_or(0, |base| base.own);
        let mut order = match &base {
            Some(base) => match views::read_state(&base.state) {
                Ok(order) => order,
                // A newer version wrote it: what the server has now may be easier to read.
                Err(_) => return self.ask_whole(id),
            },
            None => Order::default(),
        };
        let floor = own.max(self.asked.first.saturating_sub(1));
        let entries = journal::of_order(self.tx, place.last_n, floor)?;
        let upto: Vec<_> = entries.into_iter().filter(|(m, _)| *m <= n).collect();
        fold(&mut order, &upto, echo.number.as_deref(), self.maker.org(), self.head.device);
        let state = order.to_bytes();
        if echo_check(&state) != echo.check {
            self.ask_whole(id)?;
        }
        views::put_base(self.tx, place.id, id, echo.seq, n, &state)?;
        self.set_here(place)?;
        self.maker.remake(self.tx, self.head, id)
    }

    fn set_here(&self, place: &Place) -> Result<()> {
        if place.gone != Gone::Here {
            self.tx.prepare_cached("UPDATE view_order SET gone = NULL WHERE id = ?1")?.execute([place.id])?;
        }
        Ok(())
    }
}

/// Folds own entries as the server did: the number it gave stands after the first of them.
fn fold(order: &mut Order, entries: &[(u64, Entry)], number: Option<&str>, org: &OrgId, device: DeviceId) {
    let mut number = number;
    for (_, entry) in entries {
        entry.fold_into(order, org, Some(device));
        if let Some(number) = number.take() {
            order.apply(&Fact::Numbered(number.to_owned()), &entry.meta(0, org, None));
        }
    }
    if let Some(number) = number {
        order.number.get_or_insert_with(|| number.to_owned());
    }
}

/// Puts a number into the bytes of a state that has none, without reading the rest. The number is the first field of
/// [`Order`]; when the guess is wrong the echo's hash shows it, and the state is folded instead.
fn with_number(state: &[u8], number: &str) -> Option<Vec<u8>> {
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
