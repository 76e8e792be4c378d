//! Identifiers: one type per thing, so that an order's id cannot be passed where a visit's photo is meant.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Digest as _;
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id that sorts by the time it was made (UUID version 7).
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The sixteen bytes, as they are stored.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Reads sixteen stored bytes; `None` when the length is wrong.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

uuid_id!(
    /// An order (工作令單). Made on the device or server that registers it.
    OrderId
);
uuid_id!(
    /// An entry of a journal: an atomic group of facts.
    EntryId
);
uuid_id!(
    /// A device incarnation: a phone that enrolled. A clone takes a new one.
    DeviceId
);
text_id!(
    /// The tenant (物業公司), a short code the operator chose.
    OrgId
);
text_id!(
    /// A member of staff, by the staff code the office uses.
    PersonId
);
text_id!(
    /// An item of a checklist, as the policy pack names it.
    ItemId
);

/// The place of one fact: its entry and its index in that entry. Names things that facts create
/// (a contact attempt, a quote, a signature), so that two devices never pick the same name.
///
/// `entry.index` as text, eighteen bytes where it is stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FactId(pub EntryId, pub u16);

impl std::fmt::Display for FactId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// A text or byte string that is not the id it should be.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a {expected}: {found}")]
pub struct BadId {
    /// What was expected.
    pub expected: &'static str,
    /// What stood there instead.
    pub found: String,
}

impl std::str::FromStr for FactId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (entry, index) = text.split_once('.')?;
            Some(Self(entry.parse().ok()?, index.parse().ok()?))
        };
        read().ok_or_else(|| BadId { expected: "fact id", found: text.to_owned() })
    }
}

impl Serialize for FactId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_str(self);
        }
        let [high, low] = self.1.to_be_bytes();
        let mut bytes = [0; 18];
        for (to, from) in bytes.iter_mut().zip(self.0.as_bytes().iter().chain(&[high, low])) {
            *to = *from;
        }
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for FactId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return String::deserialize(deserializer)?.parse().map_err(D::Error::custom);
        }
        let bytes = serde_bytes::ByteArray::<18>::deserialize(deserializer)?;
        let (entry, index) = bytes.split_at(16);
        let entry = EntryId::from_slice(entry).ok_or_else(|| D::Error::custom("fact id"))?;
        let index = <[u8; 2]>::try_from(index).map_err(D::Error::custom)?;
        Ok(Self(entry, u16::from_be_bytes(index)))
    }
}

/// A SHA-256 (of a document, of ink, of a photo): hexadecimal as text, 32 bytes where it is stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Digest {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadId { expected: "digest", found: text.to_owned() };
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad());
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(i * 2..i * 2 + 2).ok_or_else(bad)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| bad())?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        } else {
            serde_bytes::ByteArray::<32>::deserialize(deserializer).map(|bytes| Self(bytes.into_array()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both_ways<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(value: &T) {
        let json = serde_json::to_vec(value).unwrap();
        assert_eq!(&serde_json::from_slice::<T>(&json).unwrap(), value);
        let cbor = cbor4ii::serde::to_vec(Vec::new(), value).unwrap();
        assert_eq!(&cbor4ii::serde::from_slice::<T>(&cbor).unwrap(), value);
    }

    #[test]
    fn ids_survive_both_encodings_even_as_map_keys() {
        let fact = FactId(EntryId::new(), 258);
        both_ways(&std::collections::BTreeMap::from([(fact, Digest::of(b"ink"))]));
        both_ways(&OrderId::new());
        assert_eq!(fact.to_string().parse::<FactId>().unwrap(), fact);
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for bad in ["", ".", "abc.1", "0197f3f0-0000-7000-8000-000000000000", "é".repeat(32).as_str()] {
            assert!(bad.parse::<FactId>().is_err());
            assert!(bad.parse::<Digest>().is_err());
        }
    }
}
