//! Times on paper: whole dates, never "today", and the zone wherever it is not the firm's own.

use chrono::{Datelike, Timelike};

use crate::domain::lang::Lang;
use crate::domain::time::{Stamp, Window};

/// How a sheet writes times.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) lang: Lang,
    /// Minutes east of UTC of the firm's clock, said once at the foot.
    pub(super) offset_min: i16,
}

impl Clock {
    /// `2026年11月24日 16:05`, `24 Nov 2026 16:05`; with the zone when it is another than the firm's.
    pub(super) fn at(self, stamp: Stamp) -> String {
        if stamp.offset_min == self.offset_min { self.plain(stamp) } else { self.zoned(stamp) }
    }

    /// The moment with its zone, as it stands under a signature.
    pub(super) fn zoned(self, stamp: Stamp) -> String {
        format!("{} {}", self.plain(stamp), zone(stamp.offset_min))
    }

    /// A date alone.
    pub(super) fn date(self, stamp: Stamp) -> String {
        let day = stamp.date();
        let (year, month, day) = (day.year(), day.month(), day.day());
        match self.lang {
            Lang::ZhHant | Lang::ZhHans => format!("{year}年{month}月{day}日"),
            Lang::En => format!("{day} {} {year}", crate::words::when::month_name(month)),
        }
    }

    /// An agreed window: the day once, unless it ends on another.
    pub(super) fn window(self, window: Window) -> String {
        if window.start.date() == window.end.date() && window.start.offset_min == window.end.offset_min {
            let end = window.end.local();
            format!("{}–{:02}:{:02}", self.at(window.start), end.hour(), end.minute())
        } else {
            format!("{} – {}", self.at(window.start), self.at(window.end))
        }
    }

    fn plain(self, stamp: Stamp) -> String {
        let local = stamp.local();
        format!("{} {:02}:{:02}", self.date(stamp), local.hour(), local.minute())
    }
}

/// `UTC+08:00`.
pub(super) fn zone(offset_min: i16) -> String {
    let sign = if offset_min < 0 { '−' } else { '+' };
    let minutes = offset_min.unsigned_abs();
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        Stamp::parse(text).unwrap()
    }

    #[test]
    fn a_time_on_paper_is_whole_and_foreign_zones_are_said() {
        let clock = |lang| Clock { lang, offset_min: 480 };
        let here = at("2026-11-24T16:05:00+08:00");
        assert_eq!(clock(Lang::ZhHant).at(here), "2026年11月24日 16:05");
        assert_eq!(clock(Lang::En).at(here), "24 Nov 2026 16:05");
        assert_eq!(clock(Lang::ZhHans).at(at("2026-11-24T16:05:00+09:00")), "2026年11月24日 16:05 UTC+09:00");
        assert_eq!(clock(Lang::En).zoned(here), "24 Nov 2026 16:05 UTC+08:00");
        assert_eq!(zone(-210), "UTC−03:30");
        let window = Window { start: here, end: at("2026-11-24T18:00:00+08:00") };
        assert_eq!(clock(Lang::ZhHant).window(window), "2026年11月24日 16:05–18:00");
    }
}
