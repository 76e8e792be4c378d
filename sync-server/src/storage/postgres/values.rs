//! How values stand in PostgreSQL's columns.

use std::borrow::Cow;

use doorstep_core::domain::ids::Digest;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::storage::StorageError;
use crate::storage::codes::{unreadable, unsigned};

/// The longest key that is kept as it is: an index takes no more than about 2,700 bytes in a row.
const LONGEST_KEY: usize = 400;

/// Text as a column takes it. PostgreSQL has no character zero; what a phone sends may have one, and must be kept all the
/// same. The entry's own bytes stay as they are.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Text as an indexed column takes it: also not too long. No person or firm has such a code; a phone may invent one.
pub(super) fn key(key: &str) -> Cow<'_, str> {
    let key = text(key);
    if key.len() <= LONGEST_KEY {
        return key;
    }
    let begin: String = key.chars().take(60).collect();
    Cow::Owned(format!("{begin}…{}", Digest::of(key.as_bytes())))
}

/// A column's value.
pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, StorageError> {
    Ok(row.try_get(column)?)
}

/// A column with a count.
pub(super) fn count(row: &Row, column: usize) -> Result<u64, StorageError> {
    Ok(unsigned(get(row, column)?))
}

/// A column with 32 bytes.
pub(super) fn hash(row: &Row, column: usize) -> Result<[u8; 32], StorageError> {
    let bytes: &[u8] = get(row, column)?;
    bytes.try_into().map_err(|_| unreadable("hash", "not 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_column_cannot_take_is_changed_and_nothing_else() {
        assert_eq!(text("漏水\n"), "漏水\n");
        assert_eq!(text("a\0b"), "a\u{fffd}b");
        let long = "王".repeat(1000);
        assert!(key(&long).len() < 400 && key(&long) != key(&"王".repeat(1001)));
        assert_eq!(key("W101"), "W101");
    }
}
