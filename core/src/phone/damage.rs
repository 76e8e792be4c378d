//! A damaged file is moved aside, never deleted. What was not sent is read out of it, the rest comes from the server again.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction};

use super::config::{DamageReport, PhoneConfig};
use super::error::{PhoneError, Result};
use super::export::Lines;
use super::incarnation;
use super::open;
use super::store::head::{self, Head};
use super::store::identity::Identity;
use super::store::meta::{self, key};
use super::store::{Store, connection};
use super::views::{Maker, check};
use crate::journal::EntryHead;

/// What could be read of a damaged file.
#[derive(Default)]
struct Salvage {
    identity: Identity,
    /// The unacknowledged entries, oldest first.
    entries: Vec<Vec<u8>>,
}

/// Moves the file aside and makes a fresh one with the same identity, as far as it can be read. What was not sent waits
/// in it under a new incarnation, because the chain before it is lost.
pub(crate) fn replace(config: &PhoneConfig, why: &str) -> Result<(Store, DamageReport)> {
    let moved_to = move_aside(&config.path, config.clock.now().utc_ms)?;
    let salvage = connection::open_aside(&moved_to, config.storage_key.as_ref())
        .map(|conn| salvage(&conn))
        .unwrap_or_default();
    let mut report = DamageReport {
        why: why.to_owned(),
        moved_to: moved_to.clone(),
        identity_kept: salvage.identity.enrolled.is_some(),
        ..DamageReport::default()
    };
    if !salvage.entries.is_empty() {
        let path = with_suffix(&moved_to, ".unsent.jsonl");
        export(&path, &salvage.entries)?;
        report.exported_to = Some(path);
    }
    let (store, _) = open::open_as_it_is(config)?;
    let salvaged = store.write(|tx, head| restore(tx, head, &salvage))?;
    report.salvaged = salvaged;
    store.set_identity(store.read(Identity::load)?);
    Ok((store, report))
}

/// Renames the file and what belongs to it; gives its new name.
fn move_aside(path: &Path, now_ms: i64) -> Result<PathBuf> {
    let failed =
        |e: std::io::Error| PhoneError::Storage(format!("the damaged file cannot be moved aside: {e}"));
    let mut to = with_suffix(path, &format!(".damaged-{now_ms}"));
    let mut try_no = 1;
    while to.exists() {
        to = with_suffix(path, &format!(".damaged-{now_ms}-{try_no}"));
        try_no += 1;
    }
    // The WAL first: a file without its WAL is older, a WAL beside a fresh file would be taken for its own.
    for suffix in ["-wal", "-shm", ""] {
        let from = with_suffix(path, suffix);
        if from.exists() {
            std::fs::rename(&from, with_suffix(&to, suffix)).map_err(failed)?;
        }
    }
    Ok(to)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Reads what can be read. Whatever fails is left out.
fn salvage(conn: &Connection) -> Salvage {
    let identity = Identity::load(conn).unwrap_or_default();
    // When it cannot be told what was acknowledged, all is sent again: the server knows entries by their id.
    let acked = head::acked(conn).unwrap_or(0);
    Salvage { identity, entries: entries(conn, acked) }
}

/// Each unacknowledged entry that can still be read, one by one, so that one bad page does not hide those after it.
fn entries(conn: &Connection, acked: u64) -> Vec<Vec<u8>> {
    let last = conn.query_row("SELECT max(n) FROM journal", [], |row| row.get::<_, Option<u64>>(0));
    let Ok(mut statement) = conn.prepare("SELECT bytes FROM journal WHERE n = ?1") else { return Vec::new() };
    // When even the end cannot be found, as many as follow one another are read.
    let last = last.ok().flatten();
    let mut entries = Vec::new();
    let mut n = acked;
    loop {
        n += 1;
        if last.is_some_and(|last| n > last) {
            break;
        }
        match statement.query_row([n], |row| row.get::<_, Vec<u8>>(0)) {
            Ok(bytes) => {
                if EntryHead::decode(&bytes).is_ok() {
                    entries.push(bytes);
                }
            }
            Err(_) if last.is_none() => break,
            Err(_) => {}
        }
    }
    entries
}

fn export(path: &Path, entries: &[Vec<u8>]) -> Result<()> {
    let mut lines = Lines::create(path)?;
    for bytes in entries {
        let n = EntryHead::decode(bytes).map_or(0, |head| head.n);
        lines.entry(n, bytes)?;
    }
    lines.finish()?;
    Ok(())
}

/// Puts what was read into the fresh file.
fn restore(tx: &Transaction<'_>, head: &mut Head, salvage: &Salvage) -> Result<u64> {
    salvage.identity.save(tx)?;
    if salvage.identity.enrolled.is_some() {
        // The fresh file's device id is new: the server is told before anything is sent.
        meta::set(tx, key::REGISTER, true)?;
    }
    let mut count = 0;
    for bytes in &salvage.entries {
        incarnation::append_again(tx, head, bytes)?;
        count += 1;
    }
    check::rebuild(tx, head, &Maker::new(&salvage.identity))?;
    Ok(count)
}
