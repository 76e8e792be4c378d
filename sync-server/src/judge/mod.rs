//! The judgement of a push, pure: every entry is kept with its exact bytes; then it is judged, in the device's order.
//!
//! What comes out does not depend on how the device batched its entries, nor on any clock.

mod authority;
mod read;
#[cfg(test)]
mod tests;
mod work;

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{HashMap, HashSet};

use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::ids::{Digest, EntryId, FactId, OrderId, OrgId};
use doorstep_core::domain::policy::Numbering;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::wire::{ChainAnswer, Echo, ParkReason, Verdict, echo_check};
use doorstep_core::journal::{ChainHash, Entry};

pub(crate) use self::read::doubts;
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

/// After this many entries, what they give is handed on to be written, while the next are judged.
const PART: usize = 256;

/// Judges a batch. What follows from it is given to `write` part by part; all of it, or nothing.
pub fn judge(loaded: Loaded, batch: Batch, ground: &Ground, write: &mut dyn FnMut(Writes)) -> Judgement {
    let tail = loaded.device.clone().unwrap_or_default();
    if batch.first > tail.n.saturating_add(1) {
        let chain = Some(ChainAnswer::Behind { have: tail.n });
        return Judgement { acked: tail.n, chain, ..Judgement::default() };
    }
    let continues = match &tail.resent {
        Some(resent) => batch.chain_at(resent.last) == Some(resent.hash),
        None => batch.before == tail.hash,
    };
    if !continues {
        return Judgement { chain: Some(ChainAnswer::Fork), ..Judgement::default() };
    }
    let mut judge = Judge::new(loaded, &batch, ground, tail.n);
    judge.told.acked = batch.last();
    if let Some(resent) = tail.resent {
        judge.told.verdicts = resent.verdicts;
    }
    let orders: HashSet<OrderId> = batch.kept.iter().filter_map(|kept| kept.order).collect();
    let (device, last) = (batch.device.id, batch.last());
    let mut end = None;
    for kept in batch.kept.into_iter().filter(|kept| kept.n > tail.n) {
        end = Some(kept.chain);
        judge.one(kept);
        if judge.writing.writes.entries.len() >= PART {
            write(judge.writing.take());
        }
    }
    let Judge { writing, mut told, echoed, .. } = judge;
    if let Some(end) = end {
        write(Writes { device: Some((device, last, end)), ..writing.into_writes() });
    }
    told.whole = orders.into_iter().filter(|id| !echoed.contains(id)).collect();
    told.verdicts.sort_by_key(|(n, _)| *n);
    told
}

struct Judge<'a> {
    ground: &'a Ground,
    device: crate::storage::Device,
    epoch_holds: bool,
    stored: HashMap<OrderId, LoadedOrder>,
    known: HashSet<EntryId>,
    parked: HashMap<OrderId, Vec<ParkedEntry>>,
    writing: Writing<'a>,
    works: HashMap<OrderId, Work>,
    /// How many entries about an order are still to be judged. After the last it is written.
    left: HashMap<OrderId, usize>,
    kept_only: HashSet<OrderId>,
    echoed: HashSet<OrderId>,
    told: Judgement,
}

impl<'a> Judge<'a> {
    /// `have`: the last entry of the device that is kept already.
    fn new(loaded: Loaded, batch: &Batch, ground: &'a Ground, have: u64) -> Self {
        let mut left = HashMap::with_capacity(batch.kept.len());
        for id in batch.kept.iter().filter(|kept| kept.n > have).filter_map(|kept| kept.order) {
            *left.entry(id).or_insert(0) += 1;
        }
        Self {
            ground,
            device: batch.device.clone(),
            epoch_holds: ground.epoch == loaded.clock.epoch,
            stored: loaded.orders,
            known: loaded.known,
            parked: loaded.parked,
            writing: Writing::new(&ground.org, &ground.numbering, ground.now, loaded.clock),
            works: HashMap::new(),
            left,
            kept_only: HashSet::new(),
            echoed: HashSet::new(),
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
            number: None,
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
        if let Some(id) = order {
            self.count_down(id);
        }
    }

    /// One entry less about an order.
    fn count_down(&mut self, id: OrderId) {
        let left = self.left.get_mut(&id).map_or(0, |left| {
            *left = left.saturating_sub(1);
            *left
        });
        if left == 0
            && let Some(work) = self.works.remove(&id)
        {
            self.finish(work);
        }
    }

    fn fold(&mut self, entry: Entry, doubts: Vec<(FactId, ConcernKind)>, at: usize) -> Verdict {
        let work = match self.works.entry(entry.order) {
            Vacant(place) => {
                let stored = self.stored.remove(&entry.order);
                let parked = self.parked.remove(&entry.order).unwrap_or_default();
                // A state of a newer version: the entry waits until this server can read it.
                let Ok(work) = Work::begin(entry.order, stored, parked) else {
                    return Verdict::Parked(ParkReason::UnknownKind);
                };
                place.insert(work)
            }
            Occupied(place) => place.into_mut(),
        };
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

    /// All that the batch says of an order is judged: it is written, and the phone is told if it can fold it by itself.
    fn finish(&mut self, mut work: Work) {
        let (ground, id, n) = (self.ground, work.id, work.last_n);
        let has_base = match (work.stored_seq, work.had(&self.device.person)) {
            (None, _) => true,
            (Some(seq), Some(had)) => {
                self.epoch_holds && had.active && had.since <= ground.cursor && seq <= ground.cursor
            }
            (Some(_), None) => false,
        };
        let is_plain = work.is_plain && !self.kept_only.contains(&id);
        let number = work.numbered_now.take();
        let Some((seq, state)) = self.writing.order(work) else { return };
        if has_base && is_plain {
            self.told.echoes.push((id, Echo { n, seq, number, check: echo_check(state) }));
            self.echoed.insert(id);
        }
    }
}
