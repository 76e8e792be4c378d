//! Reading what can be read of a journal, whatever became of its file: for a fresh file, and for a rescue bundle.

use std::collections::HashSet;

use ed25519_dalek::SigningKey;
use rusqlite::Connection;

use super::store::head;
use super::store::identity::Identity;
use super::store::journal;
use crate::domain::ids::{DeviceId, Digest, EntryId};
use crate::journal::EntryHead;
use crate::journal::limits::MAX_PUSH_BYTES;
use crate::rescue::{Run, RunHead};

/// After this many numbers in a row without an entry there is no other: the last number itself may be damaged.
const MOST_MISSING: u64 = 100_000;

/// What could be read.
#[derive(Default)]
pub(crate) struct Salvage {
    pub(crate) identity: Identity,
    /// The unacknowledged entries, oldest first, by their journal n.
    pub(crate) entries: Vec<(u64, Vec<u8>)>,
    /// Those among the unacknowledged that are not what was written: for people to look at, never to be sent.
    pub(crate) changed: Vec<(u64, Vec<u8>)>,
}

impl Salvage {
    /// Reads what can be read. Whatever fails is left out.
    pub(crate) fn read(conn: &Connection) -> Self {
        let identity = Identity::load(conn).unwrap_or_default();
        // When it cannot be told what was acknowledged, all is sent again: the server knows entries by their id.
        let acked = head::acked(conn).unwrap_or(0);
        let (entries, changed) = entries(conn, acked)
            .into_iter()
            .partition(|(n, bytes)| journal::is_whole(conn, *n, bytes).unwrap_or(true));
        Self { identity, entries, changed }
    }

    /// The entries as runs of one incarnation each, without those named. `outside`: the seed the key store gave.
    pub(crate) fn runs(
        self,
        conn: &Connection,
        without: &HashSet<EntryId>,
        outside: Option<&[u8; 32]>,
    ) -> Vec<Run> {
        let key = self.identity.key(outside).ok();
        let incarnations = incarnations(conn);
        let mut runs = Vec::new();
        let mut open: Option<Open> = None;
        for (n, bytes) in self.entries {
            let Ok(head) = EntryHead::decode(&bytes) else { continue };
            if without.contains(&head.id) {
                continue;
            }
            let place = incarnations.iter().rev().find(|(first, _)| *first <= n).copied();
            // Where it is not written any more under which id they were numbered, the entry itself has its number.
            let wire = place.map_or(head.n, |(first, _)| n + 1 - first);
            let device = place.map(|(_, device)| device);
            match &mut open {
                Some(run) if run.takes(device, wire, bytes.len()) => run.push(bytes),
                other => {
                    runs.extend(other.take().map(|run| run.close(key.as_ref())));
                    let before = if wire > 1 { hash(conn, n - 1) } else { None };
                    let head = RunHead { device, first: wire, before, key: None };
                    *other = Some(Open { head, size: bytes.len(), entries: vec![bytes] });
                }
            }
        }
        runs.extend(open.map(|run| run.close(key.as_ref())));
        runs
    }
}

/// A run that may still grow.
struct Open {
    head: RunHead,
    size: usize,
    entries: Vec<Vec<u8>>,
}

impl Open {
    fn takes(&self, device: Option<DeviceId>, wire: u64, size: usize) -> bool {
        let next = self.head.first.saturating_add(self.entries.len() as u64);
        self.head.device == device && next == wire && self.size + size <= MAX_PUSH_BYTES
    }

    fn push(&mut self, bytes: Vec<u8>) {
        self.size += bytes.len();
        self.entries.push(bytes);
    }

    fn close(self, key: Option<&SigningKey>) -> Run {
        Run::new(self.head, self.entries, key)
    }
}

/// Each unacknowledged entry that can still be read, one by one, so that one bad page does not hide those after it.
fn entries(conn: &Connection, acked: u64) -> Vec<(u64, Vec<u8>)> {
    let last = conn.query_row("SELECT max(n) FROM journal", [], |row| row.get::<_, Option<u64>>(0));
    let Ok(mut statement) = conn.prepare("SELECT bytes FROM journal WHERE n = ?1") else { return Vec::new() };
    // When even the end cannot be found, as many as follow one another are read.
    let last = last.ok().flatten();
    let mut entries = Vec::new();
    let (mut n, mut missing) = (acked, 0);
    while missing < MOST_MISSING {
        n += 1;
        if last.is_some_and(|last| n > last) {
            break;
        }
        match statement.query_row([n], |row| row.get::<_, Vec<u8>>(0)) {
            Ok(bytes) => {
                missing = 0;
                if EntryHead::decode(&bytes).is_ok() {
                    entries.push((n, bytes));
                }
            }
            Err(_) if last.is_none() => break,
            Err(_) => missing += 1,
        }
    }
    entries
}

/// The ids of all entries in a journal, sent or not.
pub(crate) fn ids(conn: &Connection) -> HashSet<EntryId> {
    let mut ids = HashSet::new();
    let Ok(mut statement) = conn.prepare("SELECT id FROM journal") else { return ids };
    let Ok(mut rows) = statement.query([]) else { return ids };
    while let Ok(Some(row)) = rows.next() {
        ids.extend(row.get_ref(0).ok().and_then(|id| id.as_blob().ok()).and_then(EntryId::from_slice));
    }
    ids
}

fn incarnations(conn: &Connection) -> Vec<(u64, DeviceId)> {
    let mut found = Vec::new();
    let Ok(mut statement) = conn.prepare("SELECT first, device FROM incarnation ORDER BY first") else {
        return found;
    };
    let Ok(mut rows) = statement.query([]) else { return found };
    while let Ok(Some(row)) = rows.next() {
        if let (Ok(first), Ok(device)) = (row.get(0), row.get::<_, [u8; 16]>(1)) {
            found.push((first, DeviceId(uuid::Uuid::from_bytes(device))));
        }
    }
    found
}

fn hash(conn: &Connection, n: u64) -> Option<Digest> {
    let find = |sql| conn.query_row(sql, [n], |row| row.get(0)).ok().map(Digest);
    find("SELECT hash FROM journal WHERE n = ?1")
        .or_else(|| find("SELECT hash FROM journal_start WHERE n = ?1"))
}
