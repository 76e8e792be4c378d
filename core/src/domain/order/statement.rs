//! What is recorded in words in place of a signature or beside it, sealed by the device to the document that was shown (R71).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::ids::Digest;
use crate::domain::lang::Lang;
use crate::domain::time::Stamp;

/// What a statement says of the signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// Given, with an objection.
    Objection,
    /// Refused.
    Refused,
    /// Nobody was there to give it.
    Absent,
}

impl StatementKind {
    /// The word that is sealed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Refused => "refused",
            Self::Absent => "absent",
        }
    }
}

/// An objection, or the reason why nobody signed.
///
/// The phone seals it when it records it. One without a seal is written as its text alone, the way all were once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// In words.
    pub text: String,
    /// The device's seal over it and the document it is about.
    pub sealed: Option<StatementSeal>,
}

/// The seal of a statement: what it was about, in which language, when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StatementSeal {
    /// SHA-256 of the canonical document that was shown.
    pub document: Digest,
    /// The language it was shown in.
    pub lang: Lang,
    /// Device time.
    pub at: Stamp,
    /// The device key's signature over [`crate::domain::seal::stated_bytes`], 64 bytes.
    #[serde(with = "serde_bytes")]
    pub seal: Vec<u8>,
}

impl<T: Into<String>> From<T> for Statement {
    fn from(text: T) -> Self {
        Self { text: text.into(), sealed: None }
    }
}

#[derive(Serialize)]
struct Written<'a> {
    text: &'a str,
    #[serde(flatten)]
    sealed: &'a StatementSeal,
}

#[derive(Deserialize)]
struct Read {
    text: String,
    document: Digest,
    lang: Lang,
    at: Stamp,
    #[serde(with = "serde_bytes")]
    seal: Vec<u8>,
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.sealed {
            None => serializer.serialize_str(&self.text),
            Some(sealed) => Written { text: &self.text, sealed }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Statement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

/// Reads a text or a sealed text. An untagged enum would lose which encoding it reads from, and with it the digests.
struct Either;

impl<'de> de::Visitor<'de> for Either {
    type Value = Statement;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a statement, sealed or not")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Statement, E> {
        Ok(text.into())
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Statement, A::Error> {
        let Read { text, document, lang, at, seal } =
            Read::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Statement { text, sealed: Some(StatementSeal { document, lang, at, seal }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both_ways(statement: &Statement) {
        let json = serde_json::to_vec(statement).unwrap();
        assert_eq!(&serde_json::from_slice::<Statement>(&json).unwrap(), statement);
        let cbor = cbor4ii::serde::to_vec(Vec::new(), statement).unwrap();
        assert_eq!(&cbor4ii::serde::from_slice::<Statement>(&cbor).unwrap(), statement);
    }

    #[test]
    fn statements_are_read_as_they_were_written_with_a_seal_and_before_there_was_one() {
        let at = Stamp::parse("2026-11-25T10:00:00+08:00").unwrap();
        let seal = StatementSeal { document: Digest::of(b"x"), lang: Lang::En, at, seal: vec![7; 64] };
        both_ways(&Statement { text: "住戶外出".to_owned(), sealed: Some(seal) });
        let old: Statement = serde_json::from_str("\"不願簽字\"").unwrap();
        assert_eq!(old, "不願簽字".into());
        both_ways(&old);
        assert_eq!(serde_json::to_string(&old).unwrap(), "\"不願簽字\"");
    }
}
