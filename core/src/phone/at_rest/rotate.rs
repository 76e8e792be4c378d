//! Giving a file another key: all of it is written anew, or none.

use super::key::StorageKey;
use super::label::Label;
use super::prepare;
use crate::phone::config::PhoneConfig;
use crate::phone::error::{PhoneError, Result};
use crate::phone::open::begins;
use crate::phone::store::connection;

/// Gives the file of a closed phone another key. Interrupted anywhere, the file has the old key or the new one, and says so
/// when it is opened with the other.
///
/// # Errors
/// [`PhoneError::Key`] when `config` has not the file's key; [`PhoneError::Storage`] while a phone is open on it.
pub fn rotate_key(config: &PhoneConfig, new: &StorageKey) -> Result<()> {
    let path = &config.path;
    let begins = begins(path)?.ok_or_else(|| PhoneError::NotFound("there is no file".to_owned()))?;
    let old = config.storage_key.as_ref().ok_or(super::KeyError::Missing)?;
    prepare(path, Some(old), Some(begins))?;
    let label = Label::read(path)?.unwrap_or_else(|| Label::of(old)).getting(new);
    let conn = connection::open_writer(path, Some(old))?;
    // With a journal beside it the change is undone when it is cut short. It also asks that nobody else has the file open.
    let mode: String = conn.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode != "delete" {
        return Err(PhoneError::Storage("the file is in use".to_owned()));
    }
    label.write(path)?;
    new.rekey(&conn)?;
    connection::use_wal(&conn)?;
    drop(conn);
    label.settled().write(path)
}
