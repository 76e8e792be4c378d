//! Encrypting a plain file: a copy is made beside it, is whole on the disk, and then takes its name.

use std::path::Path;

use super::key::StorageKey;
use super::label::Label;
use crate::phone::durable;
use crate::phone::error::{PhoneError, Result};
use crate::phone::store::connection;

/// Encrypts a plain file. Interrupted anywhere, the plain file is still there and it is begun anew.
pub(super) fn encrypt(path: &Path, key: &StorageKey) -> Result<()> {
    let copy = durable::with_suffix(path, ".encrypting");
    for suffix in ["", "-journal", "-wal", "-shm"] {
        durable::remove(&durable::with_suffix(&copy, suffix))?;
    }
    let conn = connection::open_writer(path, None)?;
    // What is still in the WAL belongs to the file, and an encrypted file must not find a plain WAL beside it.
    conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    let name = copy.to_str().ok_or_else(|| PhoneError::BadInput("the path is not UTF-8".to_owned()))?;
    key.attach(&conn, name, "encrypted")?;
    for pragma in ["user_version", "application_id"] {
        let value: i64 = conn.pragma_query_value(None, pragma, |row| row.get(0))?;
        conn.pragma_update(Some("encrypted"), pragma, value)?;
    }
    conn.query_row("SELECT sqlcipher_export('encrypted')", [], |_| Ok(()))?;
    conn.execute_batch("DETACH DATABASE encrypted")?;
    drop(conn);
    durable::sync(&copy)?;
    Label::of(key).write(path)?;
    durable::rename(&copy, path)
}
