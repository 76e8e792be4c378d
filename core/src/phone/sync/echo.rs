//! Echoes: the server says that an order is what the phone's own entries give, and proves it with a hash.

use rusqlite::params;

use super::apply::Work;
use crate::domain::ids::{DeviceId, OrderId, OrgId};
use crate::domain::order::Order;
use crate::journal::Entry;
use crate::journal::wire::{Echo, echo_check};
use crate::phone::error::Result;
use crate::phone::store::journal;
use crate::phone::views::{self, Gone, Place, with_number};

impl Work<'_> {
    /// The order an entry of this push is about, and the entry's journal n.
    fn order_of(&self, number: u64) -> Option<(OrderId, u64)> {
        let n = self.head.local(number);
        let index = usize::try_from(n.checked_sub(self.asked.first)?).ok()?;
        self.asked.orders.get(index).map(|order| (*order, n))
    }

    pub(super) fn echo(&mut self, echo: &Echo) -> Result<()> {
        let Some((id, n)) = self.order_of(echo.n) else { return Ok(()) };
        let sql = format!(
            "SELECT {}, s.bytes, b.id IS NOT NULL AND b.state IS NULL FROM view_order v
             LEFT JOIN state s ON s.id = v.id LEFT JOIN base b ON b.id = v.id WHERE v.order_id = ?1",
            Place::COLUMNS
        );
        let mut find = self.tx.prepare_cached(&sql)?;
        let mut rows = find.query([id.as_bytes()])?;
        let Some(row) = rows.next()? else { return Ok(()) };
        let (place, is_settled) = (Place::read(row)?, row.get::<_, bool>(6)?);
        self.done.insert(id);
        if place.last_n == n
            && !is_settled
            && let Ok(Some(state)) = row.get_ref(5)?.as_blob_or_null()
        {
            // Nothing else is pending: what is shown is what the server folded, but for the number.
            let given = echo.number.as_deref();
            let check = match given {
                Some(number) => with_number(state, number).map(|state| echo_check(&state)),
                None => Some(echo_check(state)),
            };
            if check == Some(echo.check) {
                views::settle(self.tx, place.id, id, echo.seq, n, given)?;
                return self.here(&place, given);
            }
        }
        self.fold_echo(&place, id, n, echo)
    }

    /// The order is this phone's, whatever was said before, and has the number that may be new.
    fn here(&self, place: &Place, given: Option<&str>) -> Result<()> {
        if let Some(number) = given {
            // The first line of the searched text is the number's, and was empty.
            let sql = "UPDATE view_order SET gone = NULL, number = ?2, search = ?3 || search WHERE id = ?1";
            let searched = crate::domain::fold::fold(number);
            self.tx.prepare_cached(sql)?.execute(params![place.id, number, searched])?;
        } else if place.gone != Gone::Here {
            self.tx.prepare_cached("UPDATE view_order SET gone = NULL WHERE id = ?1")?.execute([place.id])?;
        }
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
        self.here(place, None)?;
        self.maker.remake(self.tx, self.head, id)
    }
}

/// Folds own entries as the server did: the number it gave stands after the first of them.
fn fold(order: &mut Order, entries: &[(u64, Entry)], number: Option<&str>, org: &OrgId, device: DeviceId) {
    let mut number = number;
    for (_, entry) in entries {
        entry.fold_into(order, org, Some(device));
        if let Some(number) = number.take() {
            entry.give_number(order, org, number);
        }
    }
    if let Some(number) = number {
        order.number.get_or_insert_with(|| number.to_owned());
    }
}
