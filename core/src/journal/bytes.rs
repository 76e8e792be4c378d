//! Byte strings on the wire: raw in CBOR, base64 or plain JSON where a person reads them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::value::RawValue;

use crate::domain::order::Order;

/// Bytes sent exactly as they are. In JSON: base64 text; an entry may also stand there as a JSON object,
/// whose text is then taken byte for byte.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exact(pub Vec<u8>);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&BASE64.encode(&self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return serde_bytes::ByteBuf::deserialize(deserializer).map(|bytes| Self(bytes.into_vec()));
        }
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('"') {
            let text: String = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
            return BASE64.decode(text).map(Self).map_err(D::Error::custom);
        }
        Ok(Self(raw.get().as_bytes().to_vec()))
    }
}

/// An order's state as canonical bytes; in JSON the order itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct State(pub Vec<u8>);

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Order::from_bytes(&self.0).map_err(serde::ser::Error::custom)?.serialize(serializer)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Order::deserialize(deserializer).map(|order| Self(order.to_bytes()))
        } else {
            serde_bytes::ByteBuf::deserialize(deserializer).map(|bytes| Self(bytes.into_vec()))
        }
    }
}
