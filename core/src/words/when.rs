//! Times as people say them: 今天 14:05, 11月24日（週二）14:00–16:00.

use crate::domain::lang::Lang;
use crate::domain::time::{Stamp, Window};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};

use super::{pick, say};

/// A moment, by the clock of the place where it was recorded.
#[must_use]
pub fn moment(at: Stamp, now: Stamp, lang: Lang) -> String {
    let local = at.local();
    format!("{} {}", date(local.date_naive(), now, lang), clock(&local))
}

/// The hour and minute alone.
#[must_use]
pub fn hour(at: Stamp) -> String {
    clock(&at.local())
}

/// A date; today, yesterday and tomorrow by their names, a year only when it is another.
#[must_use]
pub fn date(date: NaiveDate, now: Stamp, lang: Lang) -> String {
    let today = now.date();
    match (date - today).num_days() {
        0 => return pick(lang, ["今天", "今天", "today"]).to_owned(),
        -1 => return pick(lang, ["昨天", "昨天", "yesterday"]).to_owned(),
        1 => return pick(lang, ["明天", "明天", "tomorrow"]).to_owned(),
        _ => {}
    }
    let (year, month, day) = (date.year(), date.month(), date.day());
    let short = match lang {
        Lang::ZhHant | Lang::ZhHans => format!("{month}月{day}日"),
        Lang::En => format!("{day} {}", month_name(month)),
    };
    match (year == today.year(), lang) {
        (true, _) => short,
        (false, Lang::En) => format!("{short} {year}"),
        (false, _) => format!("{year}年{short}"),
    }
}

/// A date with its weekday, as an appointment is said.
#[must_use]
pub fn weekday_date(day: NaiveDate, now: Stamp, lang: Lang) -> String {
    let index = day.weekday().num_days_from_monday();
    let name = |names: [&'static str; 7]| names.into_iter().nth(index as usize).unwrap_or_default();
    let date = date(day, now, lang);
    match lang {
        Lang::ZhHant => format!("{date}（週{}）", name(["一", "二", "三", "四", "五", "六", "日"])),
        Lang::ZhHans => format!("{date}（周{}）", name(["一", "二", "三", "四", "五", "六", "日"])),
        Lang::En if (day - now.date()).num_days().abs() < 2 => date,
        Lang::En => format!("{} {date}", name(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])),
    }
}

/// An agreed window.
#[must_use]
pub fn window(window: Window, now: Stamp, lang: Lang) -> String {
    let (start, end) = (window.start.local(), window.end.local());
    let day = weekday_date(start.date_naive(), now, lang);
    let gap = if lang == Lang::En { " " } else { "" };
    if start.date_naive() == end.date_naive() {
        format!("{day}{gap}{}–{}", clock(&start), clock(&end))
    } else {
        format!("{day}{gap}{}–{}", clock(&start), moment(window.end, now, lang))
    }
}

/// A length of time in its two largest units.
#[must_use]
pub fn length(minutes: i64, lang: Lang) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, m) => say!(lang, "{m} 分鐘", "{m} 分钟", "{m} min"),
        (0, h, 0) => say!(lang, "{h} 小時", "{h} 小时", "{h} h"),
        (0, h, m) => say!(lang, "{h} 小時 {m} 分鐘", "{h} 小时 {m} 分钟", "{h} h {m} min"),
        (d, 0, _) => say!(lang, "{d} 天", "{d} 天", "{d} d"),
        (d, h, _) => say!(lang, "{d} 天 {h} 小時", "{d} 天 {h} 小时", "{d} d {h} h"),
    }
}

/// A length of time in its largest unit, for a list.
#[must_use]
pub fn about(minutes: i64, lang: Lang) -> String {
    match minutes {
        1440.. => length(minutes - minutes % 1440, lang),
        60.. => length(minutes - minutes % 60, lang),
        _ => length(minutes, lang),
    }
}

fn clock(local: &DateTime<FixedOffset>) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The English short name of a month, 1 to 12.
#[must_use]
pub fn month_name(month: u32) -> &'static str {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    names.into_iter().nth(month.saturating_sub(1) as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        Stamp::parse(text).unwrap()
    }

    #[test]
    fn near_days_have_names_and_far_ones_a_year() {
        let now = at("2026-11-24T16:05:00+08:00");
        let say = |text: &str, lang| moment(at(text), now, lang);
        assert_eq!(say("2026-11-24T09:00:00+08:00", Lang::ZhHant), "今天 09:00");
        assert_eq!(say("2026-11-23T23:59:00+08:00", Lang::En), "yesterday 23:59");
        assert_eq!(say("2026-11-20T08:30:00+08:00", Lang::ZhHans), "11月20日 08:30");
        assert_eq!(say("2025-11-20T08:30:00+08:00", Lang::ZhHant), "2025年11月20日 08:30");
        assert_eq!(say("2025-11-20T08:30:00+08:00", Lang::En), "20 Nov 2025 08:30");
    }

    #[test]
    fn a_window_names_its_day_once() {
        let now = at("2026-11-24T16:05:00+08:00");
        let agreed = Window { start: at("2026-11-26T14:00:00+08:00"), end: at("2026-11-26T16:00:00+08:00") };
        assert_eq!(window(agreed, now, Lang::ZhHant), "11月26日（週四）14:00–16:00");
        assert_eq!(window(agreed, now, Lang::En), "Thu 26 Nov 14:00–16:00");
        let over_night = Window { end: at("2026-11-27T01:00:00+08:00"), ..agreed };
        assert_eq!(window(over_night, now, Lang::ZhHans), "11月26日（周四）14:00–11月27日 01:00");
    }

    #[test]
    fn lengths_keep_two_units() {
        assert_eq!(length(45, Lang::ZhHant), "45 分鐘");
        assert_eq!(length(125, Lang::En), "2 h 5 min");
        assert_eq!(length(3 * 1440 + 61, Lang::ZhHans), "3 天 1 小时");
        assert_eq!(about(3 * 1440 + 61, Lang::ZhHans), "3 天");
        assert_eq!(about(442, Lang::ZhHant), "7 小時");
        assert_eq!(about(59, Lang::En), "59 min");
    }
}
