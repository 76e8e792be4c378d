//! A copy of the database as it was at one moment, taken while a server writes to it.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{FILE, migrate};
use crate::storage::StorageError;

/// How long the copy waits for a lock.
const PATIENCE: Duration = Duration::from_secs(30);

/// Copies a folder's database into a new file that needs no log beside it. The server goes on meanwhile.
///
/// # Errors
/// When there is no database, or it cannot be read or the copy written.
pub fn copy(folder: &Path, to: &Path) -> Result<(), StorageError> {
    let source = existing(&folder.join(FILE))?;
    let mut target = Connection::open(to)?;
    {
        // All pages in one step: one snapshot. Writers are not held up by a reader.
        let backup = Backup::new(&source, &mut target)?;
        match backup.step(-1)? {
            StepResult::Done => {}
            _ => return Err(StorageError::Busy),
        }
    }
    settle(&target)?;
    target.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Writes everything that stands in a database's log back into its file, which is then all there is of it.
///
/// # Errors
/// When it cannot be written.
pub fn into_one_file(file: &Path) -> Result<(), StorageError> {
    let conn = existing(file)?;
    settle(&conn)?;
    conn.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn settle(conn: &Connection) -> Result<(), StorageError> {
    let mode: String = conn.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode == "delete" { Ok(()) } else { Err(StorageError::Busy) }
}

/// A new file with the tables of this version and nothing in them.
pub(crate) fn fresh(file: &Path) -> Result<Connection, StorageError> {
    let conn = Connection::open(file)?;
    migrate::migrate(&conn)?;
    Ok(conn)
}

pub(super) fn existing(file: &Path) -> Result<Connection, StorageError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(PATIENCE)?;
    Ok(conn)
}
