//! An entry 日誌項: the atomic group of facts that one tap of one person made, as it is kept and sent.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::bytes::Exact;
use super::limits::{MAX_ENTRY_BYTES, MAX_ENTRY_FACTS};
use crate::domain::fact::{Fact, Meta};
use crate::domain::ids::{DeviceId, EntryId, FactId, OrderId, OrgId};
use crate::domain::order::Order;
use crate::domain::person::Actor;
use crate::domain::time::Stamp;

/// One entry. Its encoded bytes are what the chain hashes, what is sent and what is kept.
///
/// Field names are short on the wire and fixed for ever; a newer version may add some.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The entry's id.
    #[serde(rename = "i")]
    pub id: EntryId,
    /// Its number in the device's journal, from 1 without gaps; 0 for the server's own.
    #[serde(rename = "n", default)]
    pub n: u64,
    /// The server seq the person was looking at.
    #[serde(rename = "s", default)]
    pub seen: u64,
    /// The order it is about.
    #[serde(rename = "o")]
    pub order: OrderId,
    /// The visit it happened on; 0 for none.
    #[serde(rename = "v", default)]
    pub visit: u16,
    /// Who acted.
    #[serde(rename = "a")]
    pub actor: Actor,
    /// Device wall time with its zone.
    #[serde(rename = "t")]
    pub at: Stamp,
    /// Milliseconds of the device's monotonic clock.
    #[serde(rename = "m", default)]
    pub mono_ms: u64,
    /// The boot the monotonic clock belongs to.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<Uuid>,
    /// How far the device's clock was from the server's at the last sync, in milliseconds: the confidence in `at`.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
    /// The app version.
    #[serde(rename = "p", default, skip_serializing_if = "String::is_empty")]
    pub app: String,
    /// What happened.
    #[serde(rename = "f")]
    pub facts: Vec<Fact>,
    /// Encoded strokes of the signatures among the facts.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub inks: Vec<Exact>,
}

/// The part of an entry that every version can read, also when the facts are of a later one.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct EntryHead {
    /// The entry's id.
    #[serde(rename = "i")]
    pub id: EntryId,
    /// Its number in the device's journal.
    #[serde(rename = "n", default)]
    pub n: u64,
    /// The order it is about.
    #[serde(rename = "o")]
    pub order: OrderId,
}

/// Why bytes are not an entry this version can judge. The server keeps them all the same.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadEntry {
    /// The frame can be read, the facts are of a kind this version does not know.
    #[error("a fact of a kind this version does not know: {0}")]
    UnknownKind(String),
    /// Not an entry at all.
    #[error("not an entry: {0}")]
    Malformed(String),
    /// Larger than [`MAX_ENTRY_BYTES`].
    #[error("the entry has {0} bytes, and may have {MAX_ENTRY_BYTES}")]
    TooLarge(usize),
    /// With more facts than [`MAX_ENTRY_FACTS`].
    #[error("the entry has {0} facts, and may have {MAX_ENTRY_FACTS}")]
    TooMany(usize),
}

impl Entry {
    /// The entry's bytes (CBOR). To be called once: the bytes are kept, never made again.
    ///
    /// # Errors
    /// [`BadEntry::TooLarge`] and [`BadEntry::TooMany`] when it could not be sent.
    pub fn encode(&self) -> Result<Vec<u8>, BadEntry> {
        if self.facts.len() > MAX_ENTRY_FACTS {
            return Err(BadEntry::TooMany(self.facts.len()));
        }
        let bytes = cbor4ii::serde::to_vec(Vec::with_capacity(512), self)
            .map_err(|e| BadEntry::Malformed(e.to_string()))?;
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(BadEntry::TooLarge(bytes.len()));
        }
        Ok(bytes)
    }

    /// Reads an entry, CBOR or JSON text.
    ///
    /// # Errors
    /// See [`BadEntry`]; never panics, whatever the bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadEntry> {
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(BadEntry::TooLarge(bytes.len()));
        }
        let entry: Self = match read(bytes) {
            Ok(entry) => entry,
            Err(why) => {
                return Err(match EntryHead::decode(bytes) {
                    Ok(_) => BadEntry::UnknownKind(why),
                    Err(_) => BadEntry::Malformed(why),
                });
            }
        };
        if entry.facts.len() > MAX_ENTRY_FACTS {
            return Err(BadEntry::TooMany(entry.facts.len()));
        }
        Ok(entry)
    }

    /// Folds all facts of this entry into an order.
    pub fn fold_into(&self, order: &mut Order, org: &OrgId, device: Option<DeviceId>) {
        for (index, fact) in (0_u16..).zip(&self.facts) {
            order.apply(fact, &self.meta(index, org, device));
        }
    }

    /// Gives the order the number the server found for it with this entry, which is its first (R155).
    pub fn give_number(&self, order: &mut Order, org: &OrgId, number: &str) {
        order.apply(&Fact::Numbered(number.to_owned()), &self.meta(0, org, None));
    }

    /// What `apply` needs to know beside fact number `index`.
    #[must_use]
    pub fn meta(&self, index: u16, org: &OrgId, device: Option<DeviceId>) -> Meta {
        Meta {
            order: self.order,
            fact: FactId(self.id, index),
            org: org.clone(),
            device,
            actor: self.actor.clone(),
            visit: self.visit,
            at: self.at,
        }
    }
}

/// An entry under another number, as a new incarnation sends it: its id, facts and times stay.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renumbered {
    /// Its id.
    pub id: EntryId,
    /// The order it is about.
    pub order: OrderId,
    /// Its bytes. Of a version this one cannot read: as they were, and the server keeps them for who can.
    pub bytes: Vec<u8>,
    /// Encoded strokes of the signatures among its facts.
    pub inks: Vec<Exact>,
}

impl Renumbered {
    /// Numbers an entry anew; `None` when the bytes are none of any version.
    #[must_use]
    pub fn of(bytes: &[u8], n: u64) -> Option<Self> {
        let Ok(entry) = Entry::decode(bytes) else {
            let EntryHead { id, order, .. } = EntryHead::decode(bytes).ok()?;
            return Some(Self { id, order, bytes: bytes.to_vec(), inks: Vec::new() });
        };
        let entry = Entry { n, ..entry };
        let bytes = entry.encode().unwrap_or_else(|_| bytes.to_vec());
        Some(Self { id: entry.id, order: entry.order, bytes, inks: entry.inks })
    }
}

impl EntryHead {
    /// Reads the head alone, of an entry of any version.
    ///
    /// # Errors
    /// [`BadEntry::Malformed`] when there is none.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadEntry> {
        read(bytes).map_err(BadEntry::Malformed)
    }
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    if bytes.first() == Some(&b'{') {
        serde_json::from_slice(bytes).map_err(|e| e.to_string())
    } else {
        cbor4ii::serde::from_slice(bytes).map_err(|e| e.to_string())
    }
}
