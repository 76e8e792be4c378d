//! Unsent entries in a file people can read: the last way out when a phone cannot reach its server any more.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::error::{PhoneError, Result};
use super::front::Phone;
use super::store::head::Head;
use crate::journal::{BadEntry, Entry};

impl Phone {
    /// Writes every unacknowledged entry as a line of JSON: its number, its exact bytes in base64, and what they say.
    /// Gives how many. An existing file is replaced.
    ///
    /// # Errors
    /// [`PhoneError::StorageFull`] and others when the file cannot be written or the storage fails.
    pub fn export_unsent(&self, path: impl AsRef<Path>) -> Result<u64> {
        let path = path.as_ref();
        self.run(|store| {
            store.read(|conn| {
                let head = Head::load(conn)?;
                let mut lines = Lines::create(path)?;
                unsent(conn, head.acked, |n, bytes| lines.entry(head.wire(n), bytes))?;
                lines.finish()
            })
        })
    }
}

/// Hands over every entry above `acked`.
fn unsent(conn: &Connection, acked: u64, mut take: impl FnMut(u64, &[u8]) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare("SELECT n, bytes FROM journal WHERE n > ?1 ORDER BY n")?;
    let mut rows = statement.query([acked])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
    }
    Ok(())
}

/// A file of entries, a line of JSON each.
pub(crate) struct Lines {
    file: BufWriter<File>,
    count: u64,
}

impl Lines {
    pub(crate) fn create(path: &Path) -> Result<Self> {
        Ok(Self { file: BufWriter::new(File::create(path).map_err(failed)?), count: 0 })
    }

    pub(crate) fn entry(&mut self, n: u64, bytes: &[u8]) -> Result<()> {
        let readable = match Entry::decode(bytes) {
            Ok(entry) => serde_json::to_value(entry).unwrap_or(Value::Null),
            Err(BadEntry::UnknownKind(why) | BadEntry::Malformed(why)) => json!({ "unreadable": why }),
            Err(why) => json!({ "unreadable": why.to_string() }),
        };
        let line = json!({ "n": n, "bytes": BASE64.encode(bytes), "entry": readable });
        writeln!(self.file, "{line}").map_err(failed)?;
        self.count += 1;
        Ok(())
    }

    /// The file is on the disk when this returns.
    pub(crate) fn finish(self) -> Result<u64> {
        let file = self.file.into_inner().map_err(|e| failed(e.into_error()))?;
        file.sync_all().map_err(failed)?;
        Ok(self.count)
    }
}

fn failed(error: std::io::Error) -> PhoneError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        PhoneError::StorageFull
    } else {
        PhoneError::Storage(error.to_string())
    }
}
