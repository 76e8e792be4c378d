//! Reference data 參考資料 as the server last sent it, and the rulebook read from it.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::error::{PhoneError, Result};
use super::front::Phone;
use crate::domain::calendar::Calendar;
use crate::domain::decide::Rulebook;
use crate::domain::policy::Policy;
use crate::journal::wire::DocumentRow;

/// What stands before the kind of a document this version cannot use.
const UNREAD: &str = "unread:";

/// One document of reference data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Its kind: `policy`, `calendar`, `price`, `unit`, `person`, `org`, `rescue`.
    pub kind: String,
    /// Its key within the kind.
    pub key: String,
    /// Its body: JSON, but TOML for `policy` and `calendar`.
    pub body: Vec<u8>,
}

impl Phone {
    /// All documents of a kind, by key.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn references(&self, kind: &str) -> Result<Vec<Reference>> {
        self.run(|store| {
            store.read(|conn| {
                let mut statement =
                    conn.prepare_cached("SELECT key, body FROM document WHERE kind = ?1 ORDER BY key")?;
                let rows = statement.query_map([kind], |row| {
                    Ok(Reference { kind: kind.to_owned(), key: row.get(0)?, body: row.get(1)? })
                })?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
        })
    }

    /// One document.
    ///
    /// # Errors
    /// [`PhoneError::NotFound`] when there is none; when the storage fails.
    pub fn reference(&self, kind: &str, key: &str) -> Result<Reference> {
        let found = self.run(|store| store.read(|conn| body(conn, kind, key)))?;
        let body = found.ok_or_else(|| PhoneError::NotFound(format!("{kind} {key}")))?;
        Ok(Reference { kind: kind.to_owned(), key: key.to_owned(), body })
    }

    /// The rules this phone decides by: the firm's, or the shipped ones before the first sync.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn rulebook(&self) -> Result<std::sync::Arc<Rulebook>> {
        self.run(|store| store.rulebook())
    }
}

/// Keeps a document, or forgets a withdrawn one. Gives whether the rulebook may have changed, and what cannot be used.
pub(crate) fn put(tx: &Transaction<'_>, row: &DocumentRow) -> Result<(bool, Option<String>)> {
    let is_rule = matches!(row.kind.as_str(), "policy" | "calendar");
    if row.body.0.is_empty() {
        tx.prepare_cached("DELETE FROM document WHERE kind IN (?1, ?2) AND key = ?3")?.execute(params![
            row.kind,
            format!("{UNREAD}{}", row.kind),
            row.key
        ])?;
        return Ok((is_rule, None));
    }
    let mut kind = row.kind.clone();
    let mut trouble = None;
    if let Err(why) = check(&row.kind, &row.body.0) {
        // A newer pack than this version reads: the last one it can read stays in force until an update.
        kind = format!("{UNREAD}{kind}");
        trouble = Some(format!("{} {}: {why}", row.kind, row.key));
    } else if is_rule {
        tx.execute(
            "DELETE FROM document WHERE kind = ?1 AND key = ?2",
            params![format!("{UNREAD}{kind}"), row.key],
        )?;
    }
    keep(tx, &kind, &row.key, row.seq, &row.body.0)?;
    Ok((is_rule, trouble))
}

/// Tries again what an older version could not read.
pub(crate) fn retry(tx: &Transaction<'_>) -> Result<()> {
    let mut statement =
        tx.prepare("SELECT kind, key, seq, body FROM document WHERE kind LIKE 'unread:%' ORDER BY seq")?;
    let rows: Vec<(String, String, u64, Vec<u8>)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (kind, key, seq, body) in rows {
        let plain = kind.strip_prefix(UNREAD).unwrap_or(&kind);
        if check(plain, &body).is_ok() {
            keep(tx, plain, &key, seq, &body)?;
            tx.execute("DELETE FROM document WHERE kind = ?1 AND key = ?2", params![kind, key])?;
        }
    }
    Ok(())
}

/// The rulebook in force.
pub(crate) fn rulebook(conn: &Connection) -> Result<Rulebook> {
    let builtin = Rulebook::builtin;
    let policy = latest(conn, "policy")?;
    let calendar = latest(conn, "calendar")?;
    let policy = policy.and_then(|text| Policy::parse(&text).ok());
    let calendar = calendar.and_then(|text| Calendar::parse(&text).ok());
    Ok(match (policy, calendar) {
        (Some(policy), Some(calendar)) => Rulebook { policy, calendar },
        (Some(policy), None) => {
            let calendar = Calendar::builtin(policy.region);
            Rulebook { policy, calendar }
        }
        (None, Some(calendar)) => Rulebook { calendar, ..builtin() },
        (None, None) => builtin(),
    })
}

fn check(kind: &str, body: &[u8]) -> Result<(), String> {
    let text = || std::str::from_utf8(body).map_err(|e| e.to_string());
    match kind {
        "policy" => Policy::parse(text()?).map(|_| ()).map_err(|e| e.to_string()),
        "calendar" => Calendar::parse(text()?).map(|_| ()).map_err(|e| e.to_string()),
        _ => Ok(()),
    }
}

fn keep(tx: &Transaction<'_>, kind: &str, key: &str, seq: u64, body: &[u8]) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO document (kind, key, seq, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq, body = excluded.body",
    )?
    .execute(params![kind, key, seq, body])?;
    Ok(())
}

pub(crate) fn body(conn: &Connection, kind: &str, key: &str) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT body FROM document WHERE kind = ?1 AND key = ?2")?
        .query_row([kind, key], |row| row.get(0))
        .optional()?)
}

fn latest(conn: &Connection, kind: &str) -> Result<Option<String>> {
    let body: Option<Vec<u8>> = conn
        .prepare_cached("SELECT body FROM document WHERE kind = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([kind], |row| row.get(0))
        .optional()?;
    Ok(body.and_then(|body| String::from_utf8(body).ok()))
}
