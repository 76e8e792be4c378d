//! Reference data: written when it changed, read by kind for the office and by seq for phones.

use doorstep_core::domain::ids::OrgId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::codes::{self, signed, unsigned};
use super::{clock, set_clock};
use crate::storage::{NewDocument, Person, StorageError, StoredDocument};

pub(super) fn put(conn: &Connection, org: &OrgId, documents: &[NewDocument]) -> Result<usize, StorageError> {
    let mut clock = clock(conn, org)?;
    let mut find =
        conn.prepare_cached("SELECT body FROM document WHERE org = ?1 AND kind = ?2 AND key = ?3")?;
    let mut upsert = conn.prepare_cached(
        "INSERT INTO document (org, kind, key, seq, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (org, kind, key) DO UPDATE SET seq = excluded.seq, body = excluded.body",
    )?;
    let mut changed = 0;
    for new in documents {
        let kept: Option<Vec<u8>> =
            find.query_row(params![org.as_str(), new.kind, new.key], |row| row.get(0)).optional()?;
        if kept.as_ref() == Some(&new.body) || (kept.is_none() && new.body.is_empty()) {
            continue;
        }
        upsert.execute(params![org.as_str(), new.kind, new.key, signed(clock.tick()), new.body])?;
        changed += 1;
    }
    if changed > 0 {
        set_clock(conn, org, clock)?;
    }
    Ok(changed)
}

fn read(row: &Row<'_>) -> Result<StoredDocument, StorageError> {
    Ok(StoredDocument {
        kind: row.get(0)?,
        key: row.get(1)?,
        seq: unsigned(row.get(2)?),
        body: codes::blob(row.get_ref(3)?)?,
    })
}

/// Documents changed after `from` up to `to`, by seq, as long as they are taken.
pub(super) fn since(
    conn: &Connection,
    org: &OrgId,
    from: u64,
    to: u64,
    mut take: impl FnMut(StoredDocument) -> bool,
) -> Result<(), StorageError> {
    let mut find = conn.prepare_cached(
        "SELECT kind, key, seq, body FROM document WHERE org = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq",
    )?;
    let mut rows = find.query(params![org.as_str(), signed(from), signed(to)])?;
    while let Some(row) = rows.next()? {
        if !take(read(row)?) {
            break;
        }
    }
    Ok(())
}

pub(super) fn of_kind(
    conn: &Connection,
    org: &OrgId,
    kind: &str,
) -> Result<Vec<StoredDocument>, StorageError> {
    let mut find = conn.prepare_cached(
        "SELECT kind, key, seq, body FROM document
         WHERE org = ?1 AND kind = ?2 AND length(body) > 0 ORDER BY key",
    )?;
    let mut rows = find.query(params![org.as_str(), kind])?;
    let mut documents = Vec::new();
    while let Some(row) = rows.next()? {
        documents.push(read(row)?);
    }
    Ok(documents)
}

pub(super) fn seq_of(conn: &Connection, org: &OrgId, kinds: &[&str]) -> Result<u64, StorageError> {
    let mut find = conn.prepare_cached("SELECT max(seq) FROM document WHERE org = ?1 AND kind = ?2")?;
    let mut latest = 0;
    for kind in kinds {
        let seq: Option<i64> = find.query_row(params![org.as_str(), kind], |row| row.get(0))?;
        latest = latest.max(unsigned(seq.unwrap_or(0)));
    }
    Ok(latest)
}

pub(super) fn people(conn: &Connection, org: &OrgId) -> Result<Vec<Person>, StorageError> {
    let documents = of_kind(conn, org, "person")?;
    let read = |document: StoredDocument| {
        serde_json::from_slice(&document.body).map_err(|e| codes::unreadable("person", &e.to_string()))
    };
    documents.into_iter().map(read).collect()
}
