//! Search: a person finds what another typed, in either script, by two characters or by the end of a phone number.

use super::card::{self, OrderCard};
use super::error::Result;
use super::front::Phone;
use super::store::head;
use crate::domain::fold::fold;

impl Phone {
    /// Orders with the text in their number, unit, resident, phone, company, fault or symptom; newest first.
    /// A text of spaces and punctuation alone finds all.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<OrderCard>> {
        let folded = fold(text);
        self.run(|store| {
            store.read(|conn| {
                let acked = head::acked(conn)?;
                let sql = format!(
                    "SELECT {} FROM view_order WHERE instr(search, ?1) > 0 AND gone IS NOT 2 ORDER BY id DESC LIMIT ?2",
                    card::COLUMNS
                );
                let mut statement = conn.prepare_cached(&sql)?;
                let mut rows = statement.query((&folded, limit))?;
                let mut cards = Vec::new();
                while let Some(row) = rows.next()? {
                    cards.push(card::read(conn, acked, row)?.1);
                }
                Ok(cards)
            })
        })
    }
}
