//! A damaged file is moved aside, never deleted. What was not sent is read out of it, the rest comes from the server again.

use std::path::{Path, PathBuf};

use rusqlite::Transaction;

use super::config::{DamageReport, PhoneConfig};
use super::durable::with_suffix;
use super::error::{PhoneError, Result};
use super::export::Lines;
use super::incarnation;
use super::open;
use super::salvage::Salvage;
use super::store::head::Head;
use super::store::identity::Identity;
use super::store::meta::{self, key};
use super::store::{Store, connection};
use super::views::{Maker, check};
use crate::journal::EntryHead;

/// Moves the file aside and makes a fresh one with the same identity, as far as it can be read. What was not sent waits
/// in it under a new incarnation, because the chain before it is lost.
pub(crate) fn replace(config: &PhoneConfig, why: &str) -> Result<(Store, DamageReport)> {
    let moved_to = move_aside(&config.path, config.clock.now().utc_ms)?;
    let salvage = connection::open_aside(&moved_to, config.storage_key.as_ref())
        .map(|conn| Salvage::read(&conn))
        .unwrap_or_default();
    let mut report = DamageReport {
        why: why.to_owned(),
        moved_to: moved_to.clone(),
        identity_kept: salvage.identity.enrolled.is_some(),
        ..DamageReport::default()
    };
    if !salvage.entries.is_empty() || !salvage.changed.is_empty() {
        let path = with_suffix(&moved_to, ".unsent.jsonl");
        export(&path, salvage.entries.iter().chain(&salvage.changed))?;
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

fn export<'a>(path: &Path, entries: impl Iterator<Item = &'a (u64, Vec<u8>)>) -> Result<()> {
    let mut lines = Lines::create(path)?;
    for (_, bytes) in entries {
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
    for (_, bytes) in &salvage.entries {
        incarnation::append_again(tx, head, bytes)?;
        count += 1;
    }
    check::rebuild(tx, head, &Maker::new(&salvage.identity))?;
    Ok(count)
}
