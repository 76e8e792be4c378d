//! What the phone shows, as bytes to compare: two phones that show the same give the same.

use serde_json::json;

use super::error::{PhoneError, Result};
use super::front::Phone;
use super::store::head;
use super::views::{self, Gone};
use crate::domain::ids::OrderId;
use crate::domain::seal::canonical;

impl Phone {
    /// Every order as it is shown, by id: a line of canonical JSON (RFC 8785) each, with its seq at the server and
    /// whether something about it waits to be sent.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn exported_state(&self) -> Result<Vec<u8>> {
        self.run(|store| {
            store.read(|conn| {
                let acked = head::acked(conn)?;
                let mut ids =
                    conn.prepare("SELECT order_id FROM view_order WHERE gone IS NOT ?1 ORDER BY order_id")?;
                let mut rows = ids.query([Gone::Left.code()])?;
                let mut lines = Vec::new();
                while let Some(row) = rows.next()? {
                    let id = OrderId(uuid::Uuid::from_bytes(row.get(0)?));
                    let Some((place, order, seq)) = views::shown(conn, id)? else { continue };
                    let state = serde_json::to_value(&order).map_err(|e| PhoneError::Bug(e.to_string()))?;
                    let line = json!({
                        "order": id, "seq": seq, "is_waiting": place.last_n > acked,
                        "is_departing": place.gone == Gone::Departing, "state": state,
                    });
                    lines.extend(canonical::to_vec(&line));
                    lines.push(b'\n');
                }
                Ok(lines)
            })
        })
    }
}
