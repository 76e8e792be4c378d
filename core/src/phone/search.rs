//! Search: a person finds what another typed, in either script, by two characters or by the end of a phone number.

use super::card;
use super::error::Result;
use super::front::Phone;
use super::read::{OrderList, Page, take};
use super::store::head;
use crate::domain::fold::fold;

impl Phone {
    /// A part of the orders with the text in their number, unit, resident, phone, company, fault or symptom; newest first.
    /// A text of spaces and punctuation alone finds all.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn search(&self, text: &str, page: Page) -> Result<OrderList> {
        let folded = fold(text);
        self.run(|store| {
            store.read(|conn| {
                let acked = head::acked(conn)?;
                let sql = format!(
                    "SELECT {} FROM view_order WHERE id < ?2 AND instr(search, ?1) > 0 AND gone IS NOT 2
                     ORDER BY id DESC LIMIT ?3",
                    card::COLUMNS
                );
                let mut statement = conn.prepare_cached(&sql)?;
                let limit = page.rows();
                let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
                let rows = statement.query((&folded, page.after.unwrap_or(i64::MAX), most))?;
                take(conn, acked, rows, limit)
            })
        })
    }
}
