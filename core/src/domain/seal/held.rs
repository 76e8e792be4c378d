//! The seals a fact holds: signatures, and statements in their place or beside them.

use ed25519_dalek::VerifyingKey;

use super::{verify, verify_statement};
use crate::domain::fact::Fact;
use crate::domain::ids::Digest;
use crate::domain::lang::Lang;
use crate::domain::order::signing::{Outcome, Signed};
use crate::domain::order::statement::{Statement, StatementKind};

/// One seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held<'a> {
    /// Somebody signed.
    Signature(&'a Signed),
    /// Something was recorded in words.
    Statement(StatementKind, &'a Statement),
}

impl Held<'_> {
    /// The document it is about and the language that was shown in; `None` for words that were never sealed.
    #[must_use]
    pub fn document(&self) -> Option<(Digest, Lang)> {
        match self {
            Self::Signature(signed) => Some((signed.document, signed.lang)),
            Self::Statement(_, statement) => {
                statement.sealed.as_ref().map(|sealed| (sealed.document, sealed.lang))
            }
        }
    }

    /// Whether it is this device's.
    #[must_use]
    pub fn verify(&self, key: &VerifyingKey) -> bool {
        match self {
            Self::Signature(signed) => verify(key, signed),
            Self::Statement(kind, statement) => verify_statement(key, *kind, statement),
        }
    }
}

/// The seals of a fact, in the order they were given.
#[must_use]
pub fn held(fact: &Fact) -> Vec<Held<'_>> {
    match fact {
        Fact::MismatchAcknowledged { outcome, .. }
        | Fact::LiabilityAcknowledged(outcome)
        | Fact::QuoteAnswered { outcome, .. }
        | Fact::TakenAway { outcome, .. } => of_outcome(outcome).collect(),
        Fact::ClosedUnsolved { signed, .. } => signed.iter().map(Held::Signature).collect(),
        Fact::SignedOff { technician, resident, .. } => {
            std::iter::once(Held::Signature(technician)).chain(of_outcome(resident)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_outcome(outcome: &Outcome) -> impl Iterator<Item = Held<'_>> {
    let statement = outcome.statement().map(|(kind, statement)| Held::Statement(kind, statement));
    outcome.signed().map(Held::Signature).into_iter().chain(statement)
}
