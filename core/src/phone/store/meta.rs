//! The phone's few single values, by key.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension as _, ToSql};

use crate::phone::error::Result;

/// The keys.
pub(crate) mod key {
    /// The device key's seed, when it is kept here.
    pub(crate) const SEED: &str = "device_seed";
    pub(crate) const SERVER: &str = "server";
    pub(crate) const TOKEN: &str = "token";
    pub(crate) const ORG: &str = "org";
    pub(crate) const PERSON: &str = "person";
    pub(crate) const ROLE: &str = "role";
    /// The device id is not known to the server yet: it is told before anything is sent.
    pub(crate) const REGISTER: &str = "register";
    /// The server refused the token.
    pub(crate) const SIGN_IN: &str = "sign_in";
    pub(crate) const EPOCH: &str = "epoch";
    /// The epoch is new: orders the server does not speak of are to be asked for.
    pub(crate) const UNHEARD: &str = "unheard";
    pub(crate) const CURSOR: &str = "cursor";
    /// Entries up to this journal n are the server's.
    pub(crate) const ACKED: &str = "acked";
    /// The device's clock minus the server's, in milliseconds.
    pub(crate) const SKEW: &str = "skew_ms";
    /// What a first sync had ahead of the feed: by which day, and as of which seq each part.
    pub(crate) const AHEAD_DAY: &str = "ahead_day";
    pub(crate) const AHEAD_TODAY: &str = "ahead_today";
    pub(crate) const AHEAD_COMING: &str = "ahead_coming";
    pub(crate) const COMPLETE_MS: &str = "complete_ms";
    pub(crate) const COMPLETE_OFFSET: &str = "complete_offset";
    /// The key of the photos, where the file is encrypted.
    pub(crate) const PHOTOS: &str = "photo_key";
    /// The app version that last opened the file.
    pub(crate) const APP: &str = "app";
}

pub(crate) fn get<T: FromSql>(conn: &Connection, key: &str) -> Result<Option<T>> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn set(conn: &Connection, key: &str, value: impl ToSql) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(rusqlite::params![key, value])?;
    Ok(())
}

pub(crate) fn clear(conn: &Connection, key: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}
