//! An order while it is worked on, and the writes it gives: the same for a phone's push and for the office's command.

use std::collections::{BTreeSet, HashMap};

use doorstep_core::domain::BadState;
use doorstep_core::domain::concern::{Concern, ConcernKind};
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{Digest, EntryId, FactId, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::person::{Actor, Role, SERVER};
use doorstep_core::domain::policy::Numbering;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::Verdict;
use doorstep_core::journal::{ChainHash, Entry};

use super::{authority, read};
use crate::storage::{
    Clock, Device, EntryWrite, GrantState, GrantWrite, InkWrite, LoadedOrder, OrderWrite, ParkedEntry,
    Summary, Writes,
};

/// An order being changed.
pub(crate) struct Work {
    pub(crate) id: OrderId,
    pub(crate) order: Order,
    /// Its seq before; `None` when it was not there.
    pub(crate) stored_seq: Option<u64>,
    pub(crate) grants: HashMap<PersonId, GrantState>,
    /// Only the pushing phone's own entries, all of them, and its number were folded.
    pub(crate) is_plain: bool,
    /// The last entry of the push that was folded.
    pub(crate) last_n: u64,
    pub(crate) numbered_now: Option<String>,
    parked: Vec<ParkedEntry>,
    granted_before: HashMap<PersonId, GrantState>,
    seq: Option<u64>,
    ink_seq: u64,
}

impl Work {
    /// Begins with an order as it is stored, or with one nobody has heard of.
    pub(crate) fn begin(
        id: OrderId,
        stored: Option<LoadedOrder>,
        parked: Vec<ParkedEntry>,
    ) -> Result<Self, BadState> {
        let new = |order, stored_seq, ink_seq, grants: HashMap<_, _>| Self {
            id,
            order,
            stored_seq,
            granted_before: grants.clone(),
            grants,
            is_plain: true,
            last_n: 0,
            numbered_now: None,
            parked,
            seq: None,
            ink_seq,
        };
        Ok(match stored {
            None => new(Order::default(), None, 0, HashMap::new()),
            Some(stored) => {
                new(Order::from_bytes(&stored.state)?, Some(stored.seq), stored.ink_seq, stored.grants)
            }
        })
    }

    /// Whether nothing was ever folded into it.
    pub(crate) fn is_new(&self) -> bool {
        self.stored_seq.is_none() && self.seq.is_none()
    }

    /// The seq of this change, taken the first time it is asked for.
    pub(crate) fn seq(&mut self, clock: &mut Clock) -> u64 {
        *self.seq.get_or_insert_with(|| clock.tick())
    }

    /// An entry of the server's own about this order as it stands.
    pub(crate) fn entry(&self, actor: Actor, at: Stamp, facts: Vec<Fact>, inks: Vec<Exact>) -> Entry {
        Entry {
            id: EntryId::new(),
            n: 0,
            seen: self.stored_seq.unwrap_or(0),
            order: self.id,
            visit: self.order.visit_number(),
            actor,
            at,
            mono_ms: 0,
            boot: None,
            skew_ms: None,
            app: String::new(),
            facts,
            inks,
        }
    }

    /// How a person's grant was before.
    pub(crate) fn had(&self, person: &PersonId) -> Option<GrantState> {
        self.granted_before.get(person).copied()
    }

    /// How much waits for a person: concerns, and values kept beside others.
    pub(crate) fn trouble(&self) -> usize {
        let answers = self.order.visits.values().flat_map(|visit| visit.answers.values());
        let conflicts = self.order.shared.values().map(|shared| shared.conflicts.len()).sum::<usize>()
            + answers.map(|answer| answer.conflicts.len()).sum::<usize>();
        self.order.concerns.len() + conflicts
    }

    /// Says who has the order on the phone from now on: technician, helpers, who registered it, and whoever holds or
    /// is offered something of it. `also`: whose phone brought it into the world.
    pub(crate) fn settle(&mut self, also: Option<&PersonId>) {
        let Some(seq) = self.seq else { return };
        let order = &self.order;
        let assigned = order.assignment.iter().flat_map(|a| std::iter::once(&a.technician).chain(&a.helpers));
        let holders =
            order.open_custody().flat_map(|(_, item)| std::iter::once(&item.holder).chain(&item.offered_to));
        let registrar = order.registered.iter().map(|mark| &mark.by);
        let wanted: BTreeSet<&PersonId> = assigned.chain(holders).chain(registrar).chain(also).collect();
        for (person, grant) in &mut self.grants {
            if grant.active != wanted.contains(person) {
                *grant = GrantState { active: !grant.active, since: seq };
            }
        }
        for person in wanted {
            if !self.grants.contains_key(person) {
                self.grants.insert(person.clone(), GrantState { active: true, since: seq });
            }
        }
    }
}

/// The writes being made.
pub(crate) struct Writing<'a> {
    pub(crate) writes: Writes,
    pub(crate) clock: Clock,
    org: &'a OrgId,
    numbering: &'a Numbering,
    now: Stamp,
}

impl<'a> Writing<'a> {
    pub(crate) fn new(org: &'a OrgId, numbering: &'a Numbering, now: Stamp, clock: Clock) -> Self {
        let writes = Writes { received_ms: now.utc_ms, ..Writes::default() };
        Self { writes, clock, org, numbering, now }
    }

    /// An entry of the office: folded, and the order has its number.
    pub(crate) fn office_entry(&mut self, work: &mut Work, entry: &Entry) {
        self.own_entry(work, entry);
        self.number(work, entry);
    }

    /// An entry of the office or the server: made here, folded here.
    fn own_entry(&mut self, work: &mut Work, entry: &Entry) {
        // Few facts and no ink beyond a signature's: it cannot be too large to encode.
        let Ok(bytes) = entry.encode() else { return };
        let seq = work.seq(&mut self.clock);
        entry.fold_into(&mut work.order, self.org, None);
        self.writes.entries.push(EntryWrite {
            seq,
            id: Some(entry.id),
            order: Some(entry.order),
            device: None,
            n: 0,
            chain: ChainHash::default(),
            verdict: Verdict::Applied,
            number: None,
            bytes,
        });
    }

    /// The server's own word on an order.
    pub(crate) fn server_entry(&mut self, work: &mut Work, facts: Vec<Fact>) {
        let actor = Actor { person: PersonId::from(SERVER), role: Role::FrontDesk };
        let entry = work.entry(actor, self.now, facts, Vec::new());
        self.own_entry(work, &entry);
    }

    /// A phone's entry, folded: what only the server can check is flagged beside it, and who has the order now is settled.
    /// Gives the digests of its ink.
    pub(crate) fn phone_entry(
        &mut self,
        work: &mut Work,
        device: &Device,
        entry: Entry,
        doubts: Vec<(FactId, ConcernKind)>,
    ) -> Vec<Digest> {
        let unassigned = authority::acts_unassigned(&work.order, &entry);
        let also = work.is_new().then_some(&device.person);
        work.seq(&mut self.clock);
        entry.fold_into(&mut work.order, self.org, Some(device.id));
        self.number(work, &entry);
        let unassigned = unassigned.map(|fact| (fact, ConcernKind::NotAssigned));
        let flag = |(fact, kind)| Fact::Flagged(Concern { fact, kind });
        let flags: Vec<Fact> = doubts.into_iter().chain(unassigned).map(flag).collect();
        if !flags.is_empty() {
            work.is_plain = false;
            self.server_entry(work, flags);
        }
        work.settle(also);
        entry.inks.into_iter().map(|ink| self.ink(work, ink.0)).collect()
    }

    /// Judges again what was kept about this order: access may have been regained (I22), or this version knows more.
    /// Folding one may open the way for the next.
    pub(crate) fn unpark(&mut self, work: &mut Work) {
        let mut folded = !work.parked.is_empty();
        while folded {
            folded = false;
            for ParkedEntry { device, n, bytes } in std::mem::take(&mut work.parked) {
                let entry = Entry::decode(&bytes).ok();
                let ripe = entry.filter(|entry| {
                    entry.n == n
                        && authority::may_come_from(&device, entry)
                        && work.grants.contains_key(&device.person)
                });
                let Some(entry) = ripe else {
                    work.parked.push(ParkedEntry { device, n, bytes });
                    continue;
                };
                let doubts = read::doubts(read::key_of(&device).as_ref(), &entry);
                work.is_plain = false;
                self.phone_entry(work, &device, entry, doubts);
                self.writes.unparked.push((device.id, n));
                folded = true;
            }
            folded &= !work.parked.is_empty();
        }
    }

    /// Gives an order its number with its first entry, the last in the log so far: no gap, and none twice (R155).
    fn number(&mut self, work: &mut Work, entry: &Entry) {
        if work.order.number.is_some() {
            return;
        }
        let number = self.numbering.number(self.clock.next_number);
        self.clock.next_number = self.clock.next_number.saturating_add(1);
        entry.give_number(&mut work.order, self.org, &number);
        if let Some(logged) = self.writes.entries.last_mut() {
            logged.number = Some(number.clone());
        }
        work.numbered_now = Some(number);
    }

    /// Keeps ink of an order.
    pub(crate) fn ink(&mut self, work: &mut Work, bytes: Vec<u8>) -> Digest {
        let (digest, seq) = (Digest::of(&bytes), work.seq(&mut self.clock));
        work.ink_seq = seq;
        self.writes.inks.push(InkWrite { order: work.id, digest, seq, bytes });
        digest
    }

    /// Writes an order that changed: its seq and state. `None` when it did not.
    pub(crate) fn order(&mut self, work: Work) -> Option<(u64, &[u8])> {
        let seq = work.seq?;
        for (person, grant) in work.grants {
            if work.granted_before.get(&person) != Some(&grant) {
                self.writes.grants.push(GrantWrite { order: work.id, person, seq, active: grant.active });
            }
        }
        self.writes.orders.push(OrderWrite {
            id: work.id,
            is_new: work.stored_seq.is_none(),
            seq,
            ink_seq: work.ink_seq,
            summary: Summary::of(&work.order),
            state: work.order.to_bytes(),
        });
        self.writes.orders.last().map(|written| (seq, written.state.as_slice()))
    }

    /// What is to be written so far. The clock comes with the last part.
    pub(crate) fn take(&mut self) -> Writes {
        let received_ms = self.writes.received_ms;
        std::mem::replace(&mut self.writes, Writes { received_ms, ..Writes::default() })
    }

    pub(crate) fn into_writes(mut self) -> Writes {
        self.writes.clock = Some(self.clock);
        self.writes
    }
}
