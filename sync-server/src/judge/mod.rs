//! The judgement of a push, pure: every entry is kept with its exact bytes; then it is judged, in the device's order.
//!
//! What comes out does not depend on how the device batched its entries, nor on any clock.

mod authority;
mod read;
#[cfg(test)]
mod tests;
mod work;

use std::collections::{HashMap, HashSet};

use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::ids::{Digest, EntryId, FactId, OrderId, OrgId};
use doorstep_core::domain::policy::Numbering;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::wire::{ChainAnswer, Echo, ParkReason, Verdict, echo_check};
use doorstep_core::journal::{ChainHash, Entry};

pub use self::read::{Batch, Kept};
pub(crate) use self::work::{Work, Writing};
use crate::storage::{EntryWrite, Loaded, LoadedOrder, ParkedEntry, Want, Writes};

/// What a judgement knows beside the batch and what is stored.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The org.
    pub org: OrgId,
    /// How orders are numbered (R155).
    pub numbering: Numbering,
    /// The server's time.
    pub now: Stamp,
    /// The epoch the phone's cursor belongs to.
    pub epoch: u64,
    /// Up to which seq the phone has everything.
    pub cursor: u64,
}

/// What the phone is told of its push.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judgement {
    /// Entries up to this number are kept.
    pub acked: u64,
    /// When the chain does not continue.
    pub chain: Option<ChainAnswer>,
    /// Verdicts other than plainly applied.
    pub verdicts: Vec<(u64, Verdict)>,
    /// Orders the phone folds by itself, unless somebody else changed them since.
    pub echoes: Vec<(OrderId, Echo)>,
    /// Orders the batch is about that the phone needs whole.
    pub whole: Vec<OrderId>,
    /// Ink the phone sent.
    pub own_ink: HashSet<Digest>,
}

impl Batch {
    /// What must be loaded to judge this batch.
    #[must_use]
    pub fn want(&self) -> Want {
        let mut orders: Vec<OrderId> = self.kept.iter().filter_map(|kept| kept.order).collect();
        orders.sort_unstable();
        orders.dedup();
        let entries = self.kept.iter().filter_map(|kept| kept.id).collect();
        Want { device: Some((self.device.id, self.first, self.last())), orders, entries }
    }

    /// The chain hash after an entry: when it is the same, so is everything before it.
    fn chain_at(&self, n: u64) -> Option<ChainHash> {
        let index = usize::try_from(n.checked_sub(self.first)?).ok()?;
        self.kept.get(index).map(|kept| kept.chain)
    }
}

/// Judges a batch.
#[must_use]
pub fn judge(loaded: Loaded, batch: Batch, ground: &Ground) -> (Writes, Judgement) {
    let tail = loaded.device.clone().unwrap_or_default();
    if batch.first > tail.n.saturating_add(1) {
        let chain = Some(ChainAnswer::Behind { have: tail.n });
        return (Writes::default(), Judgement { acked: tail.n, chain, ..Judgement::default() });
    }
    let continues = match &tail.resent {
        Some(resent) => batch.chain_at(resent.last) == Some(resent.hash),
        None => batch.before == tail.hash,
    };
    if !continues {
        let chain = Some(ChainAnswer::Fork);
        return (Writes::default(), Judgement { chain, ..Judgement::default() });
    }
    let mut judge = Judge::new(loaded, &batch, ground);
    judge.told.acked = batch.last();
    if let Some(resent) = tail.resent {
        judge.told.verdicts = resent.verdicts;
    }
    let orders: HashSet<OrderId> = batch.kept.iter().filter_map(|kept| kept.order).collect();
    let (device, last) = (batch.device.id, batch.last());
    let mut end = tail.hash;
    let mut any = false;
    for kept in batch.kept {
        if kept.n > tail.n {
            end = kept.chain;
            any = true;
            judge.one(kept);
        }
    }
    let (mut writes, mut told) = judge.finish(&orders);
    if any {
        writes.device = Some((device, last, end));
    } else {
        writes = Writes::default();
    }
    told.verdicts.sort_by_key(|(n, _)| *n);
    (writes, told)
}

struct Judge<'a> {
    ground: &'a Ground,
    device: crate::storage::Device,
    epoch_holds: bool,
    stored: HashMap<OrderId, LoadedOrder>,
    known: HashSet<EntryId>,
    parked: HashMap<OrderId, Vec<ParkedEntry>>,
    writing: Writing<'a>,
    works: Vec<Work>,
    place: HashMap<OrderId, usize>,
    kept_only: HashSet<OrderId>,
    told: Judgement,
}

impl<'a> Judge<'a> {
    fn new(loaded: Loaded, batch: &Batch, ground: &'a Ground) -> Self {
        let mut writing = Writing::new(&ground.org, &ground.numbering, ground.now, loaded.clock);
        writing.writes.entries.reserve(batch.kept.len());
        Self {
            ground,
            device: batch.device.clone(),
            epoch_holds: ground.epoch == loaded.clock.epoch,
            stored: loaded.orders,
            known: loaded.known,
            parked: loaded.parked,
            writing,
            works: Vec::new(),
            place: HashMap::new(),
            kept_only: HashSet::new(),
            told: Judgement::default(),
        }
    }

    /// Keeps one entry and judges it.
    fn one(&mut self, kept: Kept) {
        let Kept { n, chain, bytes, id, order, entry } = kept;
        let new_id = id.filter(|id| self.known.insert(*id));
        let is_known = id.is_some() && new_id.is_none();
        let at = self.writing.writes.entries.len();
        // The place in the log comes before what the server itself adds about it.
        self.writing.writes.entries.push(EntryWrite {
            seq: self.writing.clock.seq,
            id: new_id,
            order,
            device: Some(self.device.id),
            n,
            chain,
            verdict: Verdict::Applied,
            bytes,
        });
        let verdict = match entry {
            _ if is_known => Verdict::Duplicate,
            Err(reason) => Verdict::Parked(reason),
            Ok(good) => self.fold(good.entry, good.doubts, at),
        };
        if !matches!(verdict, Verdict::Applied | Verdict::Conflicted) {
            // The phone folds it all the same: its own state of this order is not the server's.
            self.kept_only.extend(order);
        }
        self.writing.writes.entries[at].verdict = verdict.clone();
        if verdict != Verdict::Applied {
            self.told.verdicts.push((n, verdict));
        }
    }

    fn fold(&mut self, entry: Entry, doubts: Vec<(FactId, ConcernKind)>, at: usize) -> Verdict {
        let place = match self.place.get(&entry.order) {
            Some(place) => *place,
            None => {
                let stored = self.stored.remove(&entry.order);
                // A state of a newer version: the entry waits until this server can read it.
                let parked = self.parked.remove(&entry.order).unwrap_or_default();
                let Ok(work) = Work::begin(entry.order, stored, parked) else {
                    return Verdict::Parked(ParkReason::UnknownKind);
                };
                self.works.push(work);
                self.place.insert(entry.order, self.works.len() - 1);
                self.works.len() - 1
            }
        };
        let work = &mut self.works[place];
        if !work.is_new() && !work.grants.contains_key(&self.device.person) {
            return Verdict::Parked(ParkReason::NotYours);
        }
        let before = work.trouble();
        work.last_n = entry.n;
        let inks = self.writing.phone_entry(work, &self.device, entry, doubts);
        self.writing.writes.entries[at].seq = work.seq(&mut self.writing.clock);
        self.told.own_ink.extend(inks);
        let verdict = if work.trouble() > before { Verdict::Conflicted } else { Verdict::Applied };
        self.writing.unpark(work);
        verdict
    }

    fn finish(mut self, orders: &HashSet<OrderId>) -> (Writes, Judgement) {
        let mut echoed = HashSet::new();
        for mut work in self.works {
            let echo = self.epoch_holds || work.stored_seq.is_none();
            let has_base = match (work.stored_seq, work.had(&self.device.person)) {
                (None, _) => true,
                (Some(seq), Some(had)) => {
                    had.active && had.since <= self.ground.cursor && seq <= self.ground.cursor
                }
                (Some(_), None) => false,
            };
            let (id, n) = (work.id, work.last_n);
            let is_plain = work.is_plain && !self.kept_only.contains(&id);
            let number = work.numbered_now.take();
            let Some((seq, state)) = self.writing.order(work) else { continue };
            if echo && has_base && is_plain {
                self.told.echoes.push((id, Echo { n, seq, number, check: echo_check(state) }));
                echoed.insert(id);
            }
        }
        self.told.whole = orders.iter().filter(|id| !echoed.contains(id)).copied().collect();
        (self.writing.into_writes(), self.told)
    }
}
