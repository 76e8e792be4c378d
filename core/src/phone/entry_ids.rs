//! Ids of a phone's entries: version 7, and alike from one entry to the next, so that a visit packs small.
//!
//! An id with a random tail of its own is ten bytes that nothing can pack, for each of the sixty entries of a visit. Here the
//! tail is drawn once for each opening of the file, the entry's place in the journal makes each id another, and the time is
//! that of the minute: the entry itself says it to the millisecond. Within a minute ids of one phone sort by their place, also
//! when the app was started again in it.

use uuid::{Builder, Uuid};

use crate::domain::ids::EntryId;
use crate::domain::time::Stamp;

/// So many low bits of the milliseconds are left out.
const COARSE: u32 = 16;

/// Makes the ids of the entries recorded while a file is open.
#[derive(Debug)]
pub(crate) struct EntryIds {
    tail: [u8; 5],
}

impl EntryIds {
    pub(crate) fn new() -> Self {
        let [.., a, b, c, d, e] = *Uuid::now_v7().as_bytes();
        Self { tail: [a, b, c, d, e] }
    }

    /// The id of the entry made at `at` that becomes number `n` of the journal. It sorts by that time to about a minute, and
    /// then by the number.
    pub(crate) fn id(&self, at: Stamp, n: u64) -> EntryId {
        // Twelve bits of the number stand beside the time, twenty behind the variant.
        let [.., near, low] = (n & 0xfff).to_be_bytes();
        let [.., high, middle, far] = ((n >> 12) & 0x000f_ffff).to_be_bytes();
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
        let made: Vec<EntryId> = (1..70_000).map(|n| ids.id(at, n)).collect();
        assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), made.len());
        assert!(made.get(..4_095).unwrap().is_sorted());
        let first = made.first().unwrap().0;
        assert_eq!((first.get_version_num(), first.get_variant()), (7, uuid::Variant::RFC4122));
        let later = ids.id(Stamp::new(at.utc_ms + 65_536, 480), 1);
        assert!(made.iter().all(|id| *id < later));
    }

    #[test]
    fn an_app_started_again_goes_on_in_order_and_under_ids_of_its_own() {
        let at = Stamp::new(1_764_000_000_123, 480);
        let (before, after) = (EntryIds::new(), EntryIds::new());
        assert!(before.id(at, 7) < after.id(at, 8));
        assert_ne!(before.id(at, 7), after.id(at, 7), "two copies of one phone");
    }

    #[test]
    fn a_clock_before_1970_or_beyond_the_field_gives_ids_all_the_same() {
        let ids = EntryIds::new();
        let made: BTreeSet<EntryId> =
            (1..).zip([-5, 0, i64::MAX, i64::MIN]).map(|(n, ms)| ids.id(Stamp::new(ms, 0), n)).collect();
        assert_eq!(made.len(), 4);
    }
}
