//! The papers of a visit, made on the phone: shown, printed and handed over without network.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::error::{PhoneError, Result};
use super::front::Phone;
use super::views::{self, Gone};
use crate::domain::ids::{Digest, OrderId};
use crate::domain::lang::Lang;
use crate::sheet::{Copy, Layout, PaperKind, SheetInput, html, thumbnails};
use crate::words::names;

impl Phone {
    /// A paper of an order as one self-contained HTML document, from what this phone holds. Strokes and photos that are
    /// not on it are said to be missing. A service sheet this phone sealed carries the code that leads to its check.
    ///
    /// # Errors
    /// [`PhoneError::NotFound`] when the order is not on this phone or nothing was taken away under the receipt asked
    /// for; when the storage fails.
    pub fn sheet(
        &self,
        id: OrderId,
        kind: PaperKind,
        copy: Copy,
        lang: Lang,
        layout: Layout,
    ) -> Result<String> {
        let now = self.clock().now();
        let code = match kind {
            PaperKind::Service => self.sign_off_code(id)?,
            PaperKind::PickUp(_) | PaperKind::GatePass(_) => None,
        };
        self.run(|store| {
            let rulebook = store.rulebook()?;
            let org = store.identity().enrolled.as_ref().map(|enrolled| enrolled.org.to_string());
            store.read(|conn| {
                let found = views::shown(conn, id)?.filter(|(place, ..)| place.gone != Gone::Left);
                let (_, order, _) = found.ok_or_else(|| PhoneError::NotFound(format!("order {id}")))?;
                let firm = bodies(conn, "org")?.first().and_then(|body| names::firm(body, lang));
                let people = bodies(conn, "person")?.iter().filter_map(|body| names::person(body)).collect();
                let warranty_days =
                    bodies(conn, "price")?.iter().filter_map(|body| names::warranty(body)).collect();
                let inks = inks(conn, id)?;
                let input = SheetInput {
                    id,
                    order: &order,
                    firm: &firm.or(org).unwrap_or_default(),
                    rulebook: &rulebook,
                    people: &people,
                    inks: &inks,
                    thumbnails: &thumbnails(&order, &inks),
                    warranty_days: &warranty_days,
                    code: code.as_ref(),
                    now,
                };
                html(&input, kind, copy, lang, layout).map_err(|why| PhoneError::NotFound(why.to_string()))
            })
        })
    }
}

fn bodies(conn: &Connection, kind: &str) -> Result<Vec<Vec<u8>>> {
    let mut statement = conn.prepare_cached("SELECT body FROM document WHERE kind = ?1")?;
    let rows = statement.query_map([kind], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn inks(conn: &Connection, order: OrderId) -> Result<BTreeMap<Digest, Vec<u8>>> {
    let mut statement = conn.prepare_cached("SELECT digest, bytes FROM ink WHERE order_id = ?1")?;
    let rows = statement.query_map([order.as_bytes()], |row| Ok((Digest(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
