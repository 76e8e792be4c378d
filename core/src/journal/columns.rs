//! Entries as columns: those of a visit are much alike, and what is alike packs to almost nothing when it stands together.
//!
//! An entry's bytes are what the chain hashes, so both sides must have the same: whoever makes columns makes the bytes again
//! from them and compares, and sends the bytes themselves when they differ.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use uuid::Uuid;

use super::bytes::Exact;
use super::{BadEntry, Entry};
use crate::domain::fact::Fact;
use crate::domain::ids::{EntryId, OrderId};
use crate::domain::person::Actor;
use crate::domain::time::Stamp;

/// From this many entries on columns are worth their names.
pub const FEWEST: usize = 3;
/// With more, making the bytes again would cost the server more than their way costs the phone.
pub const MOST: usize = 256;

/// A value, and from which entry on it holds.
type Changes<T> = Vec<(u16, T)>;

/// Contiguous entries of a journal, column by column.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Columns {
    /// Ids: the first byte of each, then the second of each, and so on, each less the one before.
    #[serde(rename = "i")]
    ids: ByteBuf,
    /// Orders, likewise.
    #[serde(rename = "o")]
    orders: ByteBuf,
    #[serde(rename = "s")]
    seen: Changes<u64>,
    #[serde(rename = "v")]
    visit: Changes<u16>,
    #[serde(rename = "a")]
    actor: Changes<Actor>,
    /// Device times, each less the one before.
    #[serde(rename = "t")]
    at: Vec<i64>,
    #[serde(rename = "z")]
    offset: Changes<i16>,
    /// How much more the monotonic clock went on than the device's time.
    #[serde(rename = "m")]
    mono: Vec<i64>,
    #[serde(rename = "b")]
    boot: Changes<Option<Uuid>>,
    #[serde(rename = "c")]
    skew: Changes<Option<i64>>,
    #[serde(rename = "p")]
    app: Changes<String>,
    #[serde(rename = "f")]
    facts: Vec<Vec<Fact>>,
    /// Strokes, of the entries that have any.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    inks: Changes<Vec<Exact>>,
}

/// Why columns give no entries.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadColumns {
    /// Columns that are not of one length, or of none that is agreed.
    #[error("columns of different lengths")]
    Lengths,
    /// An entry that could not have been recorded.
    #[error(transparent)]
    Entry(#[from] BadEntry),
}

impl Columns {
    /// Entries numbered from `first` as columns. `None` when they are too few or too many, or when their bytes cannot be made
    /// again exactly: those of another version, or not of this numbering.
    #[must_use]
    pub fn of(entries: &[Exact], first: u64) -> Option<Self> {
        if !(FEWEST..=MOST).contains(&entries.len()) {
            return None;
        }
        let read: Vec<Entry> =
            entries.iter().map(|bytes| Entry::decode(&bytes.0)).collect::<Result<_, _>>().ok()?;
        let columns = Self::arrange(&read);
        let again = columns.clone().entries(first).ok()?;
        (again == entries).then_some(columns)
    }

    fn arrange(read: &[Entry]) -> Self {
        let mut before = (0_i64, 0_i64);
        let mut columns = Self {
            ids: planes(read.iter().map(|entry| *entry.id.as_bytes())),
            orders: planes(read.iter().map(|entry| *entry.order.as_bytes())),
            seen: changes(read.iter().map(|entry| entry.seen)),
            visit: changes(read.iter().map(|entry| entry.visit)),
            actor: changes(read.iter().map(|entry| entry.actor.clone())),
            offset: changes(read.iter().map(|entry| entry.at.offset_min)),
            boot: changes(read.iter().map(|entry| entry.boot)),
            skew: changes(read.iter().map(|entry| entry.skew_ms)),
            app: changes(read.iter().map(|entry| entry.app.clone())),
            facts: read.iter().map(|entry| entry.facts.clone()).collect(),
            ..Self::default()
        };
        for (index, entry) in (0..).zip(read) {
            let (at, mono) = (entry.at.utc_ms, entry.mono_ms.cast_signed());
            let went_on = at.wrapping_sub(before.0);
            columns.at.push(went_on);
            columns.mono.push(mono.wrapping_sub(before.1).wrapping_sub(went_on));
            before = (at, mono);
            if !entry.inks.is_empty() {
                columns.inks.push((index, entry.inks.clone()));
            }
        }
        columns
    }

    /// The exact bytes of the entries, numbered from `first`.
    ///
    /// # Errors
    /// See [`BadColumns`].
    pub fn entries(self, first: u64) -> Result<Vec<Exact>, BadColumns> {
        let count = self.facts.len();
        if count > MOST || self.at.len() != count || self.mono.len() != count {
            return Err(BadColumns::Lengths);
        }
        let (ids, orders) = (rows(&self.ids, count)?, rows(&self.orders, count)?);
        let (mut seen, mut visit) = (Spread::over(self.seen), Spread::over(self.visit));
        let (mut actor, mut offset) = (Spread::over(self.actor), Spread::over(self.offset));
        let (mut boot, mut skew) = (Spread::over(self.boot), Spread::over(self.skew));
        let mut app = Spread::over(self.app);
        let mut inks = self.inks.into_iter().peekable();
        let (mut at, mut mono) = (0_i64, 0_i64);
        let mut entries = Vec::with_capacity(count);
        let times = self.at.into_iter().zip(self.mono);
        let named = ids.into_iter().zip(orders);
        for (index, ((facts, (went_on, more)), (id, order))) in
            (0..).zip(self.facts.into_iter().zip(times).zip(named))
        {
            at = at.wrapping_add(went_on);
            mono = mono.wrapping_add(went_on).wrapping_add(more);
            let entry = Entry {
                id: EntryId(Uuid::from_bytes(id)),
                n: first.saturating_add(u64::from(index)),
                seen: seen.at(index)?,
                order: OrderId(Uuid::from_bytes(order)),
                visit: visit.at(index)?,
                actor: actor.at(index)?,
                at: Stamp::new(at, offset.at(index)?),
                mono_ms: mono.cast_unsigned(),
                boot: boot.at(index)?,
                skew_ms: skew.at(index)?,
                app: app.at(index)?,
                facts,
                inks: inks.next_if(|(of, _)| *of == index).map_or_else(Vec::new, |(_, inks)| inks),
            };
            entries.push(Exact(entry.encode()?));
        }
        if inks.next().is_some() {
            return Err(BadColumns::Lengths);
        }
        Ok(entries)
    }
}

/// The bytes of ids, plane by plane, each less the one before.
fn planes(ids: impl Iterator<Item = [u8; 16]> + Clone) -> ByteBuf {
    let mut out = Vec::new();
    for place in 0..16_usize {
        let mut before = 0_u8;
        for byte in ids.clone().filter_map(|id| id.get(place).copied()) {
            out.push(byte.wrapping_sub(before));
            before = byte;
        }
    }
    ByteBuf::from(out)
}

/// The ids of such planes.
fn rows(planes: &[u8], count: usize) -> Result<Vec<[u8; 16]>, BadColumns> {
    if planes.len() != count * 16 {
        return Err(BadColumns::Lengths);
    }
    let mut ids = vec![[0_u8; 16]; count];
    for (place, plane) in planes.chunks_exact(count.max(1)).enumerate() {
        let mut before = 0_u8;
        for (id, step) in ids.iter_mut().zip(plane) {
            before = before.wrapping_add(*step);
            if let Some(byte) = id.get_mut(place) {
                *byte = before;
            }
        }
    }
    Ok(ids)
}

/// A value each time it is another than before.
fn changes<T: Clone + PartialEq>(values: impl Iterator<Item = T>) -> Changes<T> {
    let mut changes: Changes<T> = Vec::new();
    for (index, value) in (0..).zip(values) {
        if changes.last().is_none_or(|(_, before)| *before != value) {
            changes.push((index, value));
        }
    }
    changes
}

/// Reads values that hold until the next.
struct Spread<T> {
    now: Option<T>,
    next: std::iter::Peekable<std::vec::IntoIter<(u16, T)>>,
}

impl<T: Clone> Spread<T> {
    fn over(changes: Changes<T>) -> Self {
        Self { now: None, next: changes.into_iter().peekable() }
    }

    /// The value at an index; asked in order.
    fn at(&mut self, index: u16) -> Result<T, BadColumns> {
        if let Some((_, value)) = self.next.next_if(|(from, _)| *from == index) {
            self.now = Some(value);
        }
        self.now.clone().ok_or(BadColumns::Lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PersonId;
    use crate::domain::person::Role;
    use proptest::prelude::*;

    fn entry(n: u64, seed: u64) -> Entry {
        let odd = seed.is_multiple_of(3);
        Entry {
            id: EntryId::new(),
            n,
            seen: seed % 5,
            order: if odd { OrderId::new() } else { OrderId(Uuid::from_u128(7)) },
            visit: u16::try_from(seed % 2).unwrap(),
            actor: Actor {
                person: PersonId::from(if odd { "W101" } else { "W102" }),
                role: Role::Technician,
            },
            at: Stamp::new(1_764_000_000_000_i64.wrapping_add(seed.cast_signed()), 480),
            mono_ms: seed,
            boot: odd.then(|| Uuid::from_u128(u128::from(seed))),
            skew_ms: (!odd).then_some(-3),
            app: if odd { String::new() } else { "1.0".to_owned() },
            facts: vec![Fact::SetOut; usize::try_from(seed % 4).unwrap()],
            inks: if odd { vec![Exact(vec![1, 2, 3])] } else { Vec::new() },
        }
    }

    fn bytes(entries: &[Entry]) -> Vec<Exact> {
        entries.iter().map(|entry| Exact(entry.encode().unwrap())).collect()
    }

    proptest! {
        #[test]
        fn columns_give_the_exact_bytes_again(
            seeds in proptest::collection::vec(any::<u64>(), FEWEST..40), first in 1..1_000_000_u64,
        ) {
            let made: Vec<Entry> = (first..).zip(&seeds).map(|(n, seed)| entry(n, *seed)).collect();
            let entries = bytes(&made);
            let columns = Columns::of(&entries, first).unwrap();
            let sent = cbor4ii::serde::to_vec(Vec::new(), &columns).unwrap();
            let come: Columns = cbor4ii::serde::from_slice(&sent).unwrap();
            prop_assert_eq!(come.entries(first).unwrap(), entries);
        }

        #[test]
        fn what_is_no_columns_gives_an_error_and_no_panic(sent in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(columns) = cbor4ii::serde::from_slice::<Columns>(&sent) {
                let _ = columns.entries(1);
            }
        }
    }

    #[test]
    fn bytes_that_cannot_be_made_again_are_not_arranged() {
        let mut entries = bytes(&[entry(1, 1), entry(2, 2), entry(3, 3)]);
        assert!(Columns::of(&entries, 1).is_some());
        assert_eq!(Columns::of(&entries, 2), None, "under other numbers");
        assert_eq!(Columns::of(&entries[..2], 1), None, "too few");
        let json = serde_json::to_vec(&Entry::decode(&entries[1].0).unwrap()).unwrap();
        entries[1] = Exact(json);
        assert_eq!(Columns::of(&entries, 1), None, "JSON");
        entries[1] = Exact(b"of no version".to_vec());
        assert_eq!(Columns::of(&entries, 1), None);
    }

    #[test]
    fn columns_of_different_lengths_are_refused() {
        let good = Columns::of(&bytes(&[entry(1, 1), entry(2, 2), entry(3, 3)]), 1).unwrap();
        let mut all = vec![good.clone(); 6];
        all[0].ids.pop();
        all[1].orders.push(0);
        all[2].at.pop();
        all[3].mono.push(0);
        all[4].seen.clear();
        all[5].inks.push((9, vec![Exact(vec![1])]));
        for bad in all {
            assert_eq!(bad.entries(1), Err(BadColumns::Lengths));
        }
        let many = Columns {
            facts: vec![Vec::new(); MOST + 1],
            at: vec![0; MOST + 1],
            mono: vec![0; MOST + 1],
            ..good
        };
        assert_eq!(many.entries(1), Err(BadColumns::Lengths));
    }
}
