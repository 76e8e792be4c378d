//! A run: entries of one device incarnation that follow one another, as the phone kept them, and its word that they are.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::domain::ids::{DeviceId, Digest};
use crate::journal::ChainHash;

/// Where a run stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RunHead {
    /// The incarnation; `None` when it could not be read any more.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// The number of the first entry.
    #[serde(rename = "n")]
    pub first: u64,
    /// The chain hash before it; `None` when it is the first of all, or could not be read any more.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// The public half of the device key; `None` when the key could not be read any more.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Digest>,
}

/// How a run ends: so many entries, this chain hash, and the device key's signature over all of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct RunEnd {
    #[serde(rename = "c")]
    pub(super) count: u64,
    #[serde(rename = "h")]
    pub(super) chain: Digest,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(super) signature: Option<serde_bytes::ByteArray<64>>,
}

/// Entries that follow one another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// Where they stand.
    pub head: RunHead,
    /// Their exact bytes.
    pub entries: Vec<Vec<u8>>,
    pub(super) signature: Option<[u8; 64]>,
}

impl Run {
    /// A run of a phone, signed when its key is at hand.
    #[must_use]
    pub fn new(mut head: RunHead, entries: Vec<Vec<u8>>, key: Option<&SigningKey>) -> Self {
        head.key = key.map(|key| Digest(key.verifying_key().to_bytes()));
        let mut run = Self { head, entries, signature: None };
        run.signature = key.map(|key| key.sign(&run.statement()).to_bytes());
        run
    }

    /// The chain hash before the first entry, as far as it is known.
    #[must_use]
    pub fn before(&self) -> ChainHash {
        self.head.before.map(ChainHash).unwrap_or_default()
    }

    /// Whether the numbers could continue a chain: the hash before them is known.
    #[must_use]
    pub fn is_chained(&self) -> bool {
        self.head.first == 1 || self.head.before.is_some()
    }

    pub(super) fn chain(&self) -> ChainHash {
        self.entries.iter().fold(self.before(), |chain, bytes| chain.then(bytes))
    }

    /// Whether the phone signed it.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// Whether the phone with this key signed it, exactly as it is.
    #[must_use]
    pub fn is_signed_by(&self, key: &[u8; 32]) -> bool {
        let (Some(signature), Ok(key)) = (&self.signature, VerifyingKey::from_bytes(key)) else {
            return false;
        };
        key.verify_strict(&self.statement(), &Signature::from_bytes(signature)).is_ok()
    }

    /// The incarnation these entries are taken under when they continue no chain. The same run gives the same one.
    #[must_use]
    pub fn own_device(&self) -> DeviceId {
        let Digest(hash) = Digest::of(&self.statement());
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(hash) {
            *to = from;
        }
        DeviceId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// What the phone signs: whose the entries are, where they stand, and through the chain hash every byte of them.
    fn statement(&self) -> Vec<u8> {
        let mut said = b"doorstep rescue run 1\n".to_vec();
        said.extend(self.head.device.map_or([0; 16], |device| *device.as_bytes()));
        said.extend(self.head.first.to_be_bytes());
        said.extend((self.entries.len() as u64).to_be_bytes());
        said.extend(self.before().0.0);
        said.extend(self.chain().0.0);
        said
    }
}
