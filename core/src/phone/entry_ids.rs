//! Ids of a phone's entries: version 7, and alike from one entry to the next, so that a visit packs small.
//!
//! An id with a random tail of its own is ten bytes that nothing can pack, for each of the sixty entries of a visit. Here the
//! tail is drawn once for each opening of the file, a count makes each id another, and the time is that of the minute: the
//! entry itself says it to the millisecond.

use std::sync::atomic::{AtomicU32, Ordering};

use uuid::{Builder, Uuid};

use crate::domain::ids::EntryId;
use crate::domain::time::Stamp;

/// So many low bits of the milliseconds are left out.
const COARSE: u32 = 16;

/// Makes the ids of the entries recorded while a file is open.
#[derive(Debug)]
pub(crate) struct EntryIds {
    tail: [u8; 5],
    count: AtomicU32,
}

impl EntryIds {
    pub(crate) fn new() -> Self {
        let [.., a, b, c, d, e] = *Uuid::now_v7().as_bytes();
        Self { tail: [a, b, c, d, e], count: AtomicU32::new(0) }
    }

    /// The id of an entry made at `at`. It sorts by that time to about a minute, and then by the count.
    pub(crate) fn next(&self, at: Stamp) -> EntryId {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        // Twelve bits of the count stand beside the time, the others behind the variant.
        let [_, _, near, low] = (count & 0xfff).to_be_bytes();
        let [_, high, middle, far] = (count >> 12).to_be_bytes();
        let [a, b, c, d, e] = self.tail;
        let random = [near, low, high, middle, far, a, b, c, d, e];
        let millis = u64::try_from(at.utc_ms).unwrap_or(0) >> COARSE << COARSE;
        EntryId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_version_7_and_in_order_and_none_comes_twice() {
        let (ids, at) = (EntryIds::new(), Stamp::new(1_764_000_000_123, 480));
        let made: Vec<EntryId> = (0..70_000).map(|_| ids.next(at)).collect();
        assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), made.len());
        assert!(made.get(..4_096).unwrap().is_sorted());
        let first = made.first().unwrap().0;
        assert_eq!((first.get_version_num(), first.get_variant()), (7, uuid::Variant::RFC4122));
        let later = ids.next(Stamp::new(at.utc_ms + 65_536, 480));
        assert!(made.iter().all(|id| *id < later));
        assert_ne!(EntryIds::new().next(at), EntryIds::new().next(at));
    }

    #[test]
    fn a_clock_before_1970_or_beyond_the_field_gives_ids_all_the_same() {
        let ids = EntryIds::new();
        let made: BTreeSet<EntryId> =
            [-5, 0, i64::MAX, i64::MIN].map(|ms| ids.next(Stamp::new(ms, 0))).into_iter().collect();
        assert_eq!(made.len(), 4);
    }
}
