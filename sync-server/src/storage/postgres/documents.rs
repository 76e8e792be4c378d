//! Reference data: written when it changed, read by kind for the office and by seq for phones.

use std::borrow::Cow;
use std::collections::HashMap;

use deadpool_postgres::Pool;
use doorstep_core::domain::ids::OrgId;
use tokio_postgres::Row;

use super::conn::Conn;
use super::decide::{Locked, set_clock, under_lock};
use super::sql;
use super::values::{count, get, key};
use crate::storage::codes::{signed, unreadable, unsigned};
use crate::storage::{Clock, NewDocument, Person, StorageError, StoredDocument};

/// A document's kind and key.
type Place<'a> = (&'a str, Cow<'a, str>);

/// Writes what changed; gives how many, and the clock after it.
pub(super) async fn put(
    pool: &Pool,
    org: &OrgId,
    documents: &[NewDocument],
) -> Result<(usize, Clock), StorageError> {
    under_lock(pool, org, async |conn, mut locked: Locked| {
        let org_key = key(org.as_str());
        let kinds: Vec<&str> = documents.iter().map(|new| new.kind).collect();
        let keys: Vec<Cow<'_, str>> = documents.iter().map(|new| key(&new.key)).collect();
        let rows = conn.find(sql::DOCUMENTS_LIKE, &[&org_key.as_ref(), &kinds, &keys]).await?;
        let mut kept: HashMap<(String, String), Vec<u8>> = HashMap::with_capacity(rows.len());
        for row in &rows {
            kept.insert((get(row, 0)?, get(row, 1)?), get(row, 2)?);
        }
        // One statement cannot change a row twice: of a document given twice, the later is written.
        let mut changed: HashMap<Place<'_>, (i64, &[u8])> = HashMap::new();
        let mut count = 0;
        for (new, new_key) in documents.iter().zip(keys) {
            let place = (new.kind.to_owned(), new_key.clone().into_owned());
            let before = kept.get(&place);
            if before == Some(&new.body) || (before.is_none() && new.body.is_empty()) {
                continue;
            }
            changed.insert((new.kind, new_key), (signed(locked.clock.tick()), &new.body));
            kept.insert(place, new.body.clone());
            count += 1;
        }
        if count == 0 {
            return Ok((0, locked.clock));
        }
        let kinds: Vec<&str> = changed.keys().map(|(kind, _)| *kind).collect();
        let keys: Vec<&str> = changed.keys().map(|(_, key)| key.as_ref()).collect();
        let seqs: Vec<i64> = changed.values().map(|(seq, _)| *seq).collect();
        let bodies: Vec<&[u8]> = changed.values().map(|(_, body)| *body).collect();
        conn.act(sql::PUT_DOCUMENTS, &[&org_key.as_ref(), &kinds, &keys, &seqs, &bodies]).await?;
        set_clock(conn, org, &locked).await?;
        Ok((count, locked.clock))
    })
    .await
}

/// A document from its kind, key, seq and body.
pub(super) fn read(row: &Row) -> Result<StoredDocument, StorageError> {
    Ok(StoredDocument { kind: get(row, 0)?, key: get(row, 1)?, seq: count(row, 2)?, body: get(row, 3)? })
}

pub(super) async fn of_kind(
    conn: &Conn,
    org: &OrgId,
    kind: &str,
) -> Result<Vec<StoredDocument>, StorageError> {
    let rows = conn.find(sql::DOCUMENTS_OF_KIND, &[&key(org.as_str()).as_ref(), &kind]).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn seq_of(
    conn: &Conn,
    org: &OrgId,
    kinds: &'static [&'static str],
) -> Result<u64, StorageError> {
    let rows = conn.find(sql::DOCUMENTS_SEQ, &[&key(org.as_str()).as_ref(), &kinds]).await?;
    let latest: Option<i64> = rows.first().map(|row| get(row, 0)).transpose()?.flatten();
    Ok(unsigned(latest.unwrap_or(0)))
}

pub(super) async fn people(conn: &Conn, org: &OrgId) -> Result<Vec<Person>, StorageError> {
    let read = |document: StoredDocument| {
        serde_json::from_slice(&document.body).map_err(|e| unreadable("person", &e.to_string()))
    };
    of_kind(conn, org, "person").await?.into_iter().map(read).collect()
}
