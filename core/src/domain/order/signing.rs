//! Signatures and the outcomes that stand beside them: who signed, exactly what, and what was recorded when nobody did (R71, R86 to R89).

use serde::{Deserialize, Serialize};

use super::statement::{Statement, StatementKind};
use crate::domain::ids::Digest;
use crate::domain::lang::Lang;
use crate::domain::time::Stamp;

/// Who signs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signer {
    /// The name as given.
    pub name: String,
    /// In what capacity.
    pub capacity: Capacity,
}

/// The capacity in which somebody signs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// The resident or owner.
    Resident,
    /// Someone of the household, with the relation.
    Relative(String),
    /// Someone for a company tenant, with the position.
    Company(String),
    /// The technician.
    Technician,
    /// The supervisor.
    Supervisor,
}

impl Capacity {
    /// Whether this person answers for the household.
    #[must_use]
    pub fn is_household(&self) -> bool {
        matches!(self, Self::Resident | Self::Relative(_) | Self::Company(_))
    }
}

/// A signature sealed to what was shown.
///
/// `seal` is the device key's Ed25519 signature over [`crate::domain::seal::sealed_bytes`], which binds the document,
/// the ink, the signer and the time. Changing any of them breaks it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signed {
    /// Who signed.
    pub signer: Signer,
    /// SHA-256 of the canonical document that was shown.
    pub document: Digest,
    /// The language it was shown in.
    pub lang: Lang,
    /// The strokes, by digest; the bytes travel beside the facts of the entry.
    pub ink: Ink,
    /// Device time of the signature.
    pub at: Stamp,
    /// The device key's signature, 64 bytes.
    #[serde(with = "serde_bytes")]
    pub seal: Vec<u8>,
}

/// Ink: the digest is part of the record, the bytes travel beside it.
#[derive(Clone, Debug)]
pub struct Ink {
    /// SHA-256 of the encoded strokes.
    pub digest: Digest,
    /// The encoded strokes, until the entry carries them.
    pub bytes: Vec<u8>,
}

impl Ink {
    /// Ink from its encoded strokes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { digest: Digest::of(&bytes), bytes }
    }
}

impl PartialEq for Ink {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Ink {}

impl Serialize for Ink {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.digest.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Ink {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Digest::deserialize(deserializer).map(|digest| Self { digest, bytes: Vec::new() })
    }
}

/// What the resident did when asked: refusal, absence and an objection are recorded outcomes, sealed like a signature (R71).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Signed.
    Signed(Signed),
    /// Signed, and wrote down an objection.
    SignedWithObjection(Signed, Statement),
    /// Refused to sign, with the reason given.
    Refused(Statement),
    /// Nobody was there to sign, with the circumstances.
    Absent(Statement),
}

impl Outcome {
    /// The signature, if there is one.
    #[must_use]
    pub fn signed(&self) -> Option<&Signed> {
        match self {
            Self::Signed(signed) | Self::SignedWithObjection(signed, _) => Some(signed),
            Self::Refused(_) | Self::Absent(_) => None,
        }
    }

    /// The objection or the reason why nobody signed.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.statement().map(|(_, statement)| statement.text.as_str())
    }

    /// What was recorded in words, and as what.
    #[must_use]
    pub fn statement(&self) -> Option<(StatementKind, &Statement)> {
        match self {
            Self::Signed(_) => None,
            Self::SignedWithObjection(_, statement) => Some((StatementKind::Objection, statement)),
            Self::Refused(statement) => Some((StatementKind::Refused, statement)),
            Self::Absent(statement) => Some((StatementKind::Absent, statement)),
        }
    }

    /// As [`Self::statement`], to seal it.
    pub fn statement_mut(&mut self) -> Option<(StatementKind, &mut Statement)> {
        match self {
            Self::Signed(_) => None,
            Self::SignedWithObjection(_, statement) => Some((StatementKind::Objection, statement)),
            Self::Refused(statement) => Some((StatementKind::Refused, statement)),
            Self::Absent(statement) => Some((StatementKind::Absent, statement)),
        }
    }
}
