//! The oracle's own ledger: what each phone said was saved, and what the servers' log held, held against what is there.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::journal::Entry;

use crate::store::{Logged, Store};

/// An entry a phone said was saved, or that was found in its journal after it was killed while saving.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Saved {
    pub(crate) order: OrderId,
    /// The entry's bytes as they stood in the journal at that moment.
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: usize,
    /// Why it need not be anywhere: the only file it was in is gone by a person's hand.
    pub(crate) excuse: Option<&'static str>,
    /// A bit of it was flipped where it lies in a phone's file.
    pub(crate) is_changed: bool,
}

/// The ledger.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) saved: BTreeMap<EntryId, Saved>,
    /// Lines of the log by device and number: what was in the log once stays as it was (I9).
    log: BTreeMap<(DeviceId, u64), (Digest, String)>,
    seq: u64,
}

/// The facts of an entry and when, who and where: all but the number, which a new incarnation changes.
fn content(bytes: &[u8]) -> Option<Entry> {
    Entry::decode(bytes).ok().map(|entry| Entry { n: 0, ..entry })
}

impl Book {
    pub(crate) fn saved(&mut self, id: EntryId, order: OrderId, bytes: Vec<u8>, at: usize) {
        self.saved.entry(id).or_insert(Saved { order, bytes, at, excuse: None, is_changed: false });
    }

    /// What is owed and neither in the log nor in a journal.
    pub(crate) fn missing(&self, held: &BTreeSet<EntryId>) -> Vec<EntryId> {
        let owed = self.saved.iter().filter(|(_, saved)| saved.excuse.is_none() && !saved.is_changed);
        owed.map(|(id, _)| *id).filter(|id| !held.contains(id)).collect()
    }

    /// A person destroyed the only file these were in.
    pub(crate) fn excuse(&mut self, ids: &[EntryId], why: &'static str) {
        for id in ids {
            if let Some(saved) = self.saved.get_mut(id) {
                saved.excuse = Some(why);
            }
        }
    }

    /// A failing disk changed an entry in a phone's file. From now on it may be nowhere, but nowhere as something else.
    pub(crate) fn changed(&mut self, id: EntryId) {
        if let Some(saved) = self.saved.get_mut(&id) {
            saved.is_changed = true;
        }
    }

    /// The store was put back to an earlier point: what it held since is not held against it.
    pub(crate) fn restored(&mut self, store: &Store) {
        self.log.clear();
        self.seq = 0;
        self.holds(store);
    }

    /// What was in the log is in the log, as it was; the clock does not go back; no gap, no other chain (I9, I11, I2).
    pub(crate) fn holds(&mut self, store: &Store) {
        let log = store.log();
        let mut now = BTreeMap::new();
        let mut last: BTreeMap<DeviceId, u64> = BTreeMap::new();
        let mut effects = BTreeSet::new();
        for line in &log {
            if let Some(device) = line.device {
                let n = last.entry(device).or_default();
                assert_eq!(line.n, *n + 1, "the log of a device has no gap (I11)");
                *n = line.n;
                now.insert((device, line.n), (Digest::of(&line.bytes), line.verdict.clone()));
            }
            if let Some(id) = line.id {
                assert!(effects.insert(id), "{id} is twice in the log (I6)");
            }
        }
        for (place, line) in &self.log {
            assert_eq!(now.get(place), Some(line), "what was in the log stays as it was (I9), at {place:?}");
        }
        self.log = now;
        let (seq, _, next) = store.clock();
        assert!(seq >= self.seq, "the clock went back from {} to {seq} (I11)", self.seq);
        self.seq = seq;
        let orders = store.orders();
        let numbers: BTreeSet<&String> = orders.values().filter_map(|order| order.number.as_ref()).collect();
        let numbered = orders.values().filter(|order| order.number.is_some()).count();
        assert_eq!(numbers.len(), numbered, "no number is given twice (R155)");
        assert_eq!(numbered as u64 + 1, next, "no number is skipped (R155)");
    }

    /// In the end: every entry is in the log once, with a verdict and with its content (I6, I7, I17), and everything a
    /// person typed is somewhere (I15).
    pub(crate) fn settle(&self, store: &Store) {
        let log = store.log();
        let orders = store.orders();
        let open: BTreeSet<(DeviceId, u64)> = store
            .parked()
            .into_iter()
            .filter(|apart| !apart.is_closed)
            .map(|apart| (apart.device, apart.n))
            .collect();
        for (id, saved) in &self.saved {
            let found: Vec<&Logged> = log.iter().filter(|line| line.id == Some(*id)).collect();
            let Some(line) = found.first() else {
                assert!(saved.excuse.is_some(), "entry {id} of phone {} is not in the log (I7)", saved.at);
                continue;
            };
            assert!(!line.verdict.is_empty());
            assert_eq!(
                content(&line.bytes),
                content(&saved.bytes),
                "entry {id} is in the log with another content (I17)"
            );
            let place = line.device.map(|device| (device, line.n));
            let is_apart = place.is_some_and(|place| open.contains(&place));
            if let Some(entry) = content(&saved.bytes) {
                typed(*id, &entry, is_apart, orders.get(&saved.order), &log);
            }
        }
    }
}

/// Everything a person typed is current, kept beside, replaced by somebody who saw it, dismissed by a recorded act, or
/// kept apart with its entry (I15); and has its effect once (I6).
fn typed(id: EntryId, entry: &Entry, is_apart: bool, order: Option<&Order>, log: &[Logged]) {
    for fact in &entry.facts {
        match fact {
            Fact::NoteAdded { text, .. } if text.starts_with("word ") => {
                let notes = order.map_or(0, |order| order.notes.values().filter(|n| &n.text == text).count());
                let expected = usize::from(!is_apart);
                assert_eq!(notes, expected, "the note {text:?} of {id} is there {notes} times (I6, I15)");
            }
            Fact::FieldEdited { field, to, .. } if !is_apart => {
                let order = order.expect("an order with a value");
                let is_here = order.shared.get(field).is_some_and(|shared| {
                    shared.value == *to || shared.conflicts.values().any(|other| other.value == *to)
                });
                assert!(is_here || is_replaced(id, *field, to, log), "{to:?} of {id} disappeared (I15)");
            }
            _ => {}
        }
    }
}

/// Whether somebody changed this value knowing it, or settled the field by hand, after it came.
fn is_replaced(id: EntryId, field: SharedField, value: &str, log: &[Logged]) -> bool {
    let mine = log.iter().find(|line| line.id == Some(id));
    let others = log.iter().filter(|line| line.order == mine.and_then(|mine| mine.order));
    let entries = others.filter_map(|line| Entry::decode(&line.bytes).ok());
    let mut facts = entries.flat_map(|entry| entry.facts);
    facts.any(|fact| match fact {
        Fact::FieldEdited { field: other, from, .. } => other == field && from == value,
        Fact::FieldSettled { field: other, .. } => other == field,
        _ => false,
    })
}
