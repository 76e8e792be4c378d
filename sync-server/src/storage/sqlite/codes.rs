//! How values stand in SQLite's columns.

use doorstep_core::domain::ids::OrderId;
use rusqlite::types::ValueRef;

use crate::storage::StorageError;
pub(super) use crate::storage::codes::{digest, role, signed, unreadable, unsigned, verdict, verdict_code};

pub(super) fn order_id(value: ValueRef<'_>) -> Result<OrderId, StorageError> {
    let bytes = value.as_blob().ok();
    bytes.and_then(OrderId::from_slice).ok_or_else(|| unreadable("order id", "not sixteen bytes"))
}

pub(super) fn blob(value: ValueRef<'_>) -> Result<Vec<u8>, StorageError> {
    value.as_blob().map(<[u8]>::to_vec).map_err(|e| unreadable("bytes", &e.to_string()))
}
