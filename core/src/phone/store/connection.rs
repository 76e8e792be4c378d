//! Connections: the settings that make "saved" mean saved, and readers that do not wait.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::phone::at_rest::StorageKey;
use crate::phone::durable::with_suffix;
use crate::phone::error::Result;

const STATEMENTS: usize = 64;
const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// How much of an emptied WAL is kept, so that commits need not make it grow again. Less than what has it moved, so that
/// its size tells whether there is something to move.
const WAL_KEPT: i64 = 2 * 1024 * 1024;
/// Another process (a share extension, a backup) may hold the write lock for a moment.
const BUSY: Duration = Duration::from_secs(10);

/// Opens the writing connection: every commit is on the disk before it returns.
pub(crate) fn open_writer(path: &Path, key: Option<&StorageKey>) -> Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&conn, key)?;
    prepare(&conn)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    // A first pull of ten thousand orders fits, so that no page is written to the WAL twice. Used only when needed.
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    // The WAL is moved into the file by a thread of its own: no tap and no sync waits for it.
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "journal_size_limit", WAL_KEPT)?;
    // REPLACE removes a row, too: the triggers that keep what is sealed hear of it only so.
    conn.pragma_update(None, "recursive_triggers", true)?;
    // Apple's fsync leaves the data in the drive's cache; this does not.
    #[cfg(target_vendor = "apple")]
    conn.execute_batch("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")?;
    Ok(conn)
}

/// Sets the WAL. Apart from opening, because it writes.
pub(crate) fn use_wal(conn: &Connection) -> Result<()> {
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    Ok(())
}

/// Opens a reading connection.
pub(crate) fn open_reader(path: &Path, key: Option<&StorageKey>) -> Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&conn, key)?;
    prepare(&conn)?;
    Ok(conn)
}

/// Opens a connection that only moves the WAL into the file.
pub(crate) fn open_for_checkpoint(path: &Path, key: Option<&StorageKey>) -> Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&conn, key)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    #[cfg(target_vendor = "apple")]
    conn.execute_batch("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")?;
    Ok(conn)
}

/// Opens a file that was moved aside, changing as little of it as can be.
pub(crate) fn open_aside(path: &Path, key: Option<&StorageKey>) -> Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&conn, key)?;
    leave_untouched(&conn)?;
    Ok(conn)
}

/// Opens a file for reading, and changes neither it nor what lies beside it if that can be.
pub(crate) fn open_unchanged(path: &Path, key: Option<&StorageKey>) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let wal = with_suffix(path, "-wal");
    // What is in the WAL is read through the WAL's index, which SQLite makes beside it.
    if std::fs::metadata(wal).is_ok_and(|found| found.len() > 0) {
        let conn = Connection::open_with_flags(path, flags)?;
        unlock(&conn, key)?;
        if conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).is_ok() {
            conn.busy_timeout(BUSY)?;
            return Ok(conn);
        }
    }
    // Without one, or where the index cannot be made, the file alone, as if nobody could ever write to it.
    let name: String = path.to_string_lossy().chars().map(escaped).collect();
    let uri = format!("file:{name}?immutable=1");
    let conn = Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?;
    unlock(&conn, key)?;
    // The first page tells whether it can be read at all.
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    Ok(conn)
}

fn escaped(c: char) -> String {
    match c {
        '%' => "%25".to_owned(),
        '?' => "%3f".to_owned(),
        '#' => "%23".to_owned(),
        other => other.to_string(),
    }
}

/// Closing this connection does not move its WAL into the file.
pub(crate) fn leave_untouched(conn: &Connection) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// The key comes before anything that reads the file.
fn unlock(conn: &Connection, key: Option<&StorageKey>) -> Result<()> {
    key.map_or(Ok(()), |key| Ok(key.unlock(conn)?))
}

fn prepare(conn: &Connection) -> Result<()> {
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan does not depend on bound values. Otherwise a cached statement whose plan looked at one is planned again at
    // every use, which was most of what a tap did beside its fsync.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
