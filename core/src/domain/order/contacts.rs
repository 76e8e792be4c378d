//! Attempts to reach a resident, counted by periods of the day (R30).

use super::Order;
use crate::domain::time::Stamp;

/// Attempts that failed since somebody was last reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Unreached {
    /// How many count: attempts that follow one another too closely are one.
    pub attempts: usize,
    /// When the last one that counts was made.
    pub last: Option<Stamp>,
}

impl Order {
    /// How often nobody was reached since somebody last was; attempts less than `spread_minutes` after one that counts
    /// are made in the same period of the day and do not count again (R30).
    #[must_use]
    pub fn unreached(&self, spread_minutes: u32) -> Unreached {
        let mut tried: Vec<_> = self.contacts.values().map(|a| (a.mark.at, a.contact.reached)).collect();
        tried.sort_unstable();
        let mut unreached = Unreached::default();
        for (at, reached) in tried {
            let apart = unreached.last.is_none_or(|last| at.minutes_since(last) >= i64::from(spread_minutes));
            if reached {
                unreached = Unreached::default();
            } else if apart {
                unreached = Unreached { attempts: unreached.attempts + 1, last: Some(at) };
            }
        }
        unreached
    }
}
