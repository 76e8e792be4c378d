//! How values stand in columns.

use doorstep_core::domain::ids::{Digest, OrderId};
use doorstep_core::domain::person::Role;
use doorstep_core::journal::wire::{ParkReason, Verdict};
use rusqlite::types::ValueRef;

use crate::storage::StorageError;

/// A count as SQLite keeps it; one beyond its range, which no clock reaches, as the largest.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A count as it was kept.
pub(super) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(super) fn verdict_code(verdict: &Verdict) -> &'static str {
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

pub(super) fn verdict(code: &str) -> Result<Verdict, StorageError> {
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

pub(super) fn role(code: &str) -> Result<Role, StorageError> {
    Role::from_code(code).ok_or_else(|| unreadable("role", code))
}

pub(super) fn order_id(value: ValueRef<'_>) -> Result<OrderId, StorageError> {
    let bytes = value.as_blob().ok();
    bytes.and_then(OrderId::from_slice).ok_or_else(|| unreadable("order id", "not sixteen bytes"))
}

pub(super) fn digest(bytes: &[u8]) -> Result<Digest, StorageError> {
    bytes.try_into().map(Digest).map_err(|_| unreadable("hash", "not 32 bytes"))
}

pub(super) fn blob(value: ValueRef<'_>) -> Result<Vec<u8>, StorageError> {
    value.as_blob().map(<[u8]>::to_vec).map_err(|e| unreadable("bytes", &e.to_string()))
}

pub(super) fn unreadable(what: &'static str, why: &str) -> StorageError {
    StorageError::Unreadable { what, why: why.to_owned() }
}
