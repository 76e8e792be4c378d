//! How values stand in columns, the same in every database.

use doorstep_core::domain::ids::Digest;
use doorstep_core::domain::person::Role;
use doorstep_core::journal::wire::{ParkReason, Verdict};

use super::StorageError;

/// A count as databases keep it; one beyond its range, which no clock reaches, as the largest.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A count as it was kept.
pub(crate) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// The stable word of a verdict.
pub(crate) fn verdict_code(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Applied => "applied",
        Verdict::Conflicted => "conflicted",
        Verdict::Duplicate => "duplicate",
        Verdict::Parked(ParkReason::UnknownKind) => "parked:unknown_kind",
        Verdict::Parked(ParkReason::Malformed) => "parked:malformed",
        Verdict::Parked(ParkReason::TooLarge) => "parked:too_large",
        Verdict::Parked(ParkReason::NotYours) => "parked:not_yours",
        Verdict::Parked(ParkReason::OutOfOrder) => "parked:out_of_order",
    }
}

/// The verdict of a word.
pub(crate) fn verdict(code: &str) -> Result<Verdict, StorageError> {
    Ok(match code {
        "applied" => Verdict::Applied,
        "conflicted" => Verdict::Conflicted,
        "duplicate" => Verdict::Duplicate,
        "parked:unknown_kind" => Verdict::Parked(ParkReason::UnknownKind),
        "parked:malformed" => Verdict::Parked(ParkReason::Malformed),
        "parked:too_large" => Verdict::Parked(ParkReason::TooLarge),
        "parked:not_yours" => Verdict::Parked(ParkReason::NotYours),
        "parked:out_of_order" => Verdict::Parked(ParkReason::OutOfOrder),
        other => return Err(unreadable("verdict", other)),
    })
}

/// The role of a word.
pub(crate) fn role(code: &str) -> Result<Role, StorageError> {
    Role::from_code(code).ok_or_else(|| unreadable("role", code))
}

/// A hash of 32 bytes.
pub(crate) fn digest(bytes: &[u8]) -> Result<Digest, StorageError> {
    bytes.try_into().map(Digest).map_err(|_| unreadable("hash", "not 32 bytes"))
}

/// What is stored cannot be read.
pub(crate) fn unreadable(what: &'static str, why: &str) -> StorageError {
    StorageError::Unreadable { what, why: why.to_owned() }
}
