//! A first sync in parts: what a technician needs today comes ahead of the feed, then the coming days, then everything.
//!
//! A part moves no cursor. The feed then begins at seq 0 as ever and leaves out what stood in a part and has not changed
//! since: whatever a part missed, or a later change of it, still comes by its seq.

use serde::{Deserialize, Serialize};

use crate::domain::order::status::Status;

/// A part of the orders, by the day the phone's person is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Today's visits, what earlier days left unfinished, and open orders without a window; with the rules and prices.
    Today,
    /// The visits of the coming days.
    Coming,
}

impl Part {
    /// The part an order belongs to by its current window's day (days since year 1) and its status; `None`: it can wait.
    #[must_use]
    pub fn of(today: i32, day: Option<i32>, status: Status) -> Option<Self> {
        match day {
            None => (!status.is_closed() && status != Status::SignedOff).then_some(Self::Today),
            Some(day) if day < today => status.is_unfinished_visit().then_some(Self::Today),
            Some(day) if day == today => Some(Self::Today),
            Some(_) => (!status.is_closed()).then_some(Self::Coming),
        }
    }

    /// Whether documents of a kind come with it. Units and people are many, and nothing is decided by them.
    #[must_use]
    pub fn has_kind(self, kind: &str) -> bool {
        self == Self::Today && !matches!(kind, "unit" | "person")
    }
}

/// A part that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ahead {
    /// Today, as days since year 1.
    #[serde(rename = "d")]
    pub today: i32,
    /// Which part.
    #[serde(rename = "p")]
    pub part: Part,
}

/// The parts a phone has, complete as of a seq each; 0 for one it has not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Had {
    /// The day it asked by, as days since year 1.
    #[serde(rename = "d")]
    pub day: i32,
    /// [`Part::Today`] as of this seq.
    #[serde(rename = "t", default)]
    pub today: u64,
    /// [`Part::Coming`] as of this seq.
    #[serde(rename = "c", default)]
    pub coming: u64,
}

impl Had {
    /// Whether an order stood in a part exactly as it is: it and the grant are not newer than the part.
    #[must_use]
    pub fn covers(&self, day: Option<i32>, status: Status, newest: u64) -> bool {
        match Part::of(self.day, day, status) {
            Some(Part::Today) => newest <= self.today,
            Some(Part::Coming) => newest <= self.coming,
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_belongs_to_the_part_its_day_says() {
        use Status::{Approved, Booked, Registered, SignedOff, Void, Working};
        let table = [
            // the window's day, the status, the part on day 100
            (Some(100), Booked, Some(Part::Today)),
            (Some(100), Approved, Some(Part::Today)),
            (Some(99), Working, Some(Part::Today)),
            (Some(99), SignedOff, None),
            (Some(99), Approved, None),
            (Some(101), Booked, Some(Part::Coming)),
            (Some(101), Void, None),
            (None, Registered, Some(Part::Today)),
            (None, Void, None),
        ];
        for (day, status, part) in table {
            assert_eq!(Part::of(100, day, status), part, "{day:?} {status:?}");
        }
    }

    #[test]
    fn only_what_is_as_it_was_need_not_come_again() {
        let had = Had { day: 100, today: 7, coming: 0 };
        assert!(had.covers(Some(100), Status::Booked, 7));
        assert!(!had.covers(Some(100), Status::Booked, 8), "changed since");
        assert!(!had.covers(Some(101), Status::Booked, 3), "a part that never came");
        assert!(!had.covers(Some(99), Status::Approved, 3), "in no part");
    }
}
