//! Counts for an operator's monitoring.

use std::collections::BTreeMap;

/// Counts over an org.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tallies {
    /// Entries kept apart, not folded.
    pub parked: u64,
    /// Phones that are not revoked, by how long ago each last sent something.
    pub heard: BTreeMap<HeardAge, u64>,
}

/// How long ago a phone last sent something. Its idle asking is not written down: each write waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HeardAge {
    /// Within an hour.
    Hour,
    /// Within a day.
    Day,
    /// Within a week.
    Week,
    /// Within thirty days.
    Month,
    /// Longer ago.
    Older,
    /// Never yet.
    Never,
}

impl HeardAge {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Older, Self::Never];

    /// The age of what was heard at a time; 0 for never. UTC milliseconds. What a clock puts into the future is new.
    #[must_use]
    pub fn of(heard_ms: i64, now_ms: i64) -> Self {
        const HOUR_MS: i64 = 3_600_000;
        if heard_ms == 0 {
            return Self::Never;
        }
        match now_ms.saturating_sub(heard_ms) / HOUR_MS {
            ..1 => Self::Hour,
            1..24 => Self::Day,
            24..168 => Self::Week,
            168..720 => Self::Month,
            _ => Self::Older,
        }
    }

    /// The stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Older => "older",
            Self::Never => "never",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_no_gap() {
        let hour = 3_600_000;
        let now = 1_000 * hour;
        let of = |hours: i64| HeardAge::of(now - hours * hour, now).code();
        let ages = [-5, 0, 1, 23, 24, 167, 168, 719, 720, 999].map(of);
        let expected = ["hour", "hour", "day", "day", "week", "week", "month", "month", "older", "older"];
        assert_eq!(ages, expected);
        assert_eq!(HeardAge::of(0, now), HeardAge::Never);
    }
}
