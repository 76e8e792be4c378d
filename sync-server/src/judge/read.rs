//! Reading a batch before anything is locked: decode, hash, verify seals, see what needs no storage to be seen.

use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::ids::{Digest, EntryId, FactId, OrderId};
use doorstep_core::domain::seal::{self, Held, ink};
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::ParkReason;
use doorstep_core::journal::{BadEntry, ChainHash, Entry, EntryHead};
use ed25519_dalek::VerifyingKey;

use super::authority;
use crate::storage::Device;

/// From this many entries on, two threads read them.
const MANY: usize = 512;

/// A batch as it was received and read.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The device that sent it.
    pub device: Device,
    /// The number of the first entry.
    pub first: u64,
    /// The chain hash before it.
    pub before: ChainHash,
    /// The entries, contiguous from `first`.
    pub kept: Vec<Kept>,
}

/// An entry with its bytes, whatever it is.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The number it was sent under.
    pub n: u64,
    /// The chain hash after it.
    pub chain: ChainHash,
    /// Its exact bytes.
    pub bytes: Vec<u8>,
    /// Its id, when it can be read.
    pub id: Option<EntryId>,
    /// Its order, when it can be read.
    pub order: Option<OrderId>,
    /// The entry, or why it can only be kept.
    pub entry: Result<Good, ParkReason>,
}

/// An entry that can be judged.
#[derive(Clone, Debug)]
pub struct Good {
    /// The entry.
    pub entry: Entry,
    /// What is wrong with the seals and the strokes of its facts.
    pub doubts: Vec<(FactId, ConcernKind)>,
}

impl Batch {
    /// Reads a batch.
    #[must_use]
    pub fn read(device: Device, first: u64, before: ChainHash, entries: Vec<Exact>) -> Self {
        let key = key_of(&device);
        let mut chain = before;
        let mut chained: Vec<(u64, ChainHash, Vec<u8>)> = (first..)
            .zip(entries)
            .map(|(n, Exact(bytes))| {
                chain = chain.then(&bytes);
                (n, chain, bytes)
            })
            .collect();
        let read = |part: Vec<(u64, ChainHash, Vec<u8>)>| -> Vec<Kept> {
            part.into_iter().map(|(n, chain, bytes)| read(&device, key.as_ref(), n, chain, bytes)).collect()
        };
        let kept = if chained.len() < MANY {
            read(chained)
        } else {
            // Decoding and verifying seals is most of what a large push costs before it is written: two do it at once.
            let rest = chained.split_off(chained.len() / 2);
            std::thread::scope(|scope| {
                let other = scope.spawn(|| read(rest));
                let mut kept = read(chained);
                match other.join() {
                    Ok(more) => kept.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
                kept
            })
        };
        Self { device, first, before, kept }
    }

    /// The number of the last entry; the one before the first when there is none.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.kept.last().map_or(self.first.saturating_sub(1), |kept| kept.n)
    }
}

/// The device's key; none when it is no point on the curve, and then nothing verifies.
pub(super) fn key_of(device: &Device) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(&device.public_key).ok()
}

/// What only the server can see of an entry's facts: a seal that is not this key's or is missing, a signature whose
/// strokes did not come with it or are too few. The fact is kept, and this stands beside it.
pub(crate) fn doubts(key: Option<&VerifyingKey>, entry: &Entry) -> Vec<(FactId, ConcernKind)> {
    let mut doubts = Vec::new();
    for (index, fact) in (0_u16..).zip(&entry.facts) {
        let held = seal::held(fact);
        let id = FactId(entry.id, index);
        if held.iter().any(|seal| !key.is_some_and(|key| seal.verify(key))) {
            doubts.push((id, ConcernKind::SealBroken));
        }
        let has_ink = |digest: Digest| {
            let mut inks = entry.inks.iter().filter(|ink| Digest::of(&ink.0) == digest);
            inks.any(|ink| ink::enough(&ink.0).is_ok())
        };
        let unsigned =
            |seal: &Held<'_>| matches!(seal, Held::Signature(signed) if !has_ink(signed.ink.digest));
        if held.iter().any(unsigned) {
            doubts.push((id, ConcernKind::InkWrong));
        }
    }
    doubts
}

fn read(device: &Device, key: Option<&VerifyingKey>, n: u64, chain: ChainHash, bytes: Vec<u8>) -> Kept {
    let parked = |id, order, reason, bytes| Kept { n, chain, bytes, id, order, entry: Err(reason) };
    let entry = match Entry::decode(&bytes) {
        Ok(entry) => entry,
        Err(bad) => {
            let head = EntryHead::decode(&bytes).ok();
            let reason = match bad {
                BadEntry::UnknownKind(_) => ParkReason::UnknownKind,
                BadEntry::Malformed(_) => ParkReason::Malformed,
                BadEntry::TooLarge(_) | BadEntry::TooMany(_) => ParkReason::TooLarge,
            };
            return parked(head.as_ref().map(|h| h.id), head.map(|h| h.order), reason, bytes);
        }
    };
    let (id, order) = (Some(entry.id), Some(entry.order));
    if entry.n != n {
        return parked(id, order, ParkReason::OutOfOrder, bytes);
    }
    if !authority::may_come_from(device, &entry) {
        return parked(id, order, ParkReason::NotYours, bytes);
    }
    let doubts = doubts(key, &entry);
    Kept { n, chain, bytes, id, order, entry: Ok(Good { entry, doubts }) }
}
