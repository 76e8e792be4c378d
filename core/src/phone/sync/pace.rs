//! How long to wait after a failure: longer each time, never at the same moment as everybody else, and never shorter than the
//! server asked. Pure: the time and the dice are given.

use chrono::DateTime;

use super::transport::HttpResponse;

/// The range of the first wait.
const FIRST_MS: u64 = 2_000;
/// No range is longer.
const MOST_MS: u64 = 15 * 60_000;
/// A server is waited for no longer, whatever it asks: it may have meant another clock.
const MOST_ASKED_MS: u64 = 60 * 60_000;

/// What is waited for apart: a photo that does not go through holds up no entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lane {
    Sync,
    Photos,
}

/// How one connection fares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Pace {
    failures: u32,
    not_before_ms: i64,
}

impl Pace {
    /// Something came of it: the next may follow at once.
    pub fn passed(&mut self) {
        *self = Self::default();
    }

    /// Nothing came of it. `asked_ms`: how long the server asked to be left alone. `dice`: any number, each equally likely.
    pub fn failed(&mut self, now_ms: i64, asked_ms: Option<u64>, dice: u64) {
        self.failures = self.failures.saturating_add(1);
        // Anywhere in the range: a thousand phones that lost the server in one moment do not come back in one.
        let jitter = dice % (range_ms(self.failures) + 1);
        let wait = asked_ms.unwrap_or(0).min(MOST_ASKED_MS) + jitter;
        self.not_before_ms = now_ms.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX));
    }

    /// Until when to wait, UTC milliseconds; `None`: no longer.
    #[must_use]
    pub fn until_ms(&self, now_ms: i64) -> Option<i64> {
        let wait = u64::try_from(self.not_before_ms.saturating_sub(now_ms)).unwrap_or(0);
        // Further away than any wait: the clock was set back.
        (1..=MOST_ASKED_MS + MOST_MS).contains(&wait).then_some(self.not_before_ms)
    }

    /// How often in a row nothing came of it.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

/// The range a wait is taken from after so many failures in a row, in milliseconds: from nothing to this.
#[must_use]
pub(crate) fn range_ms(failures: u32) -> u64 {
    match failures.checked_sub(1) {
        None => 0,
        Some(doublings) => {
            FIRST_MS.saturating_mul(1_u64.checked_shl(doublings).unwrap_or(u64::MAX)).min(MOST_MS)
        }
    }
}

/// How long an answer asks to be left alone, in milliseconds: `retry-after` in seconds, or as a date, which is held against
/// the answer's own date and no clock of this phone.
#[must_use]
pub(crate) fn retry_after(response: &HttpResponse) -> Option<u64> {
    let text = response.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(seconds.saturating_mul(1_000));
    }
    let date = |text: &str| DateTime::parse_from_rfc2822(text.trim()).ok();
    let wait = date(text)?.signed_duration_since(date(response.header("date")?)?);
    Some(u64::try_from(wait.num_milliseconds()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_doubles_up_to_a_quarter_of_an_hour() {
        let ranges: Vec<u64> = (0..=11).map(range_ms).collect();
        let seconds = [0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900];
        assert_eq!(ranges, seconds.map(|s| s * 1_000));
        assert_eq!(range_ms(u32::MAX), MOST_MS);
    }

    #[test]
    fn a_wait_is_anywhere_in_the_range_and_over_after_it_or_a_success() {
        for dice in [0, 1, 1_999, 2_000, 2_001, u64::MAX] {
            let mut pace = Pace::default();
            assert_eq!(pace.until_ms(5), None);
            pace.failed(1_000, None, dice);
            let wait = i64::try_from(dice % 2_001).unwrap();
            assert_eq!(pace.until_ms(1_000), (wait > 0).then_some(1_000 + wait));
            assert_eq!(pace.until_ms(1_000 + wait), None);
            pace.passed();
            assert_eq!((pace.until_ms(1_000), pace.failures()), (None, 0));
        }
        // A great many dice fall everywhere.
        let mut waits: Vec<i64> = (0..1_000_u64)
            .map(|dice| {
                let mut pace = Pace { failures: 4, ..Pace::default() };
                pace.failed(0, None, dice.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                pace.until_ms(0).unwrap_or(0)
            })
            .collect();
        waits.sort_unstable();
        assert!(waits[0] < 2_000 && waits[999] > 30_000 && (14_000..18_000).contains(&waits[500]));
    }

    #[test]
    fn the_server_is_left_alone_as_long_as_it_asks_and_no_longer_than_an_hour() {
        let mut pace = Pace::default();
        pace.failed(0, Some(30_000), 1_000);
        assert_eq!(pace.until_ms(0), Some(31_000));
        pace.failed(0, Some(u64::MAX), 0);
        assert_eq!(pace.until_ms(0), Some(3_600_000));
        // A clock that is set back a year does not make the phone wait a year.
        assert_eq!(pace.until_ms(-365 * 24 * 3_600_000), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let response = |headers: &[(&str, &str)]| HttpResponse {
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            ..HttpResponse::default()
        };
        let date = ("Date", "Wed, 25 Nov 2026 08:00:00 GMT");
        for (headers, wait) in [
            (vec![("Retry-After", "120")], Some(120_000)),
            (vec![("retry-after", " 7 ")], Some(7_000)),
            (vec![date, ("retry-after", "Wed, 25 Nov 2026 08:02:30 GMT")], Some(150_000)),
            (vec![date, ("retry-after", "Wed, 25 Nov 2026 07:00:00 GMT")], Some(0)),
            (vec![("retry-after", "Wed, 25 Nov 2026 08:02:30 GMT")], None),
            (vec![date, ("retry-after", "soon")], None),
            (vec![date], None),
        ] {
            assert_eq!(retry_after(&response(&headers)), wait, "{headers:?}");
        }
    }
}
