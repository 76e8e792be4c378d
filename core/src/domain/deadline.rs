//! Deadlines that explain themselves: which rule, from when, by whose calendar, until when, and how sure that is.

use chrono::{Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Certainty, DayKind, Region};
use super::lang::{Lang, Text};
use super::policy::{Hours, Policy, rules};
use super::time::Stamp;

/// A time limit as a policy pack writes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineSpec {
    /// How many; not used by `same_day` and `next_day`.
    #[serde(default)]
    pub amount: u16,
    /// Of what.
    pub unit: Unit,
}

/// What a deadline counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minutes, as they pass.
    Minutes,
    /// Hours, as they pass.
    Hours,
    /// Days of any kind; due at the end of the last.
    NaturalDays,
    /// Working days, the first not counted; due at the end of working time of the last.
    WorkingDays,
    /// The end of the same day.
    SameDay,
    /// The end of the next day.
    NextDay,
}

/// A deadline with everything that led to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadline {
    /// The rule.
    pub rule: u16,
    /// The limit that was applied.
    pub spec: DeadlineSpec,
    /// From when it counts.
    pub start: Stamp,
    /// Until when.
    pub due: Stamp,
    /// Whose calendar.
    pub region: Region,
    /// The least sure year the count leaned on.
    pub certainty: Certainty,
    /// Days that were passed over, and why.
    pub skipped: Vec<(NaiveDate, DayKind)>,
    /// Weekend days that counted because they are worked.
    pub made_up: Vec<NaiveDate>,
}

/// The most days of a count that an explanation names one by one.
const NAMED_DAYS: usize = 12;

/// Counts a deadline.
#[must_use]
pub fn deadline(spec: DeadlineSpec, rule: u16, start: Stamp, policy: &Policy, calendar: &Calendar) -> Deadline {
    let day = start.date();
    let last = match spec.unit {
        Unit::Minutes | Unit::Hours | Unit::SameDay => day,
        Unit::NextDay => later(day, 1),
        Unit::NaturalDays => later(day, spec.amount),
        Unit::WorkingDays => calendar.add_working_days(day, spec.amount),
    };
    let due = match spec.unit {
        Unit::Minutes => start.plus_minutes(i64::from(spec.amount)),
        Unit::Hours => start.plus_minutes(i64::from(spec.amount) * 60),
        Unit::WorkingDays => on(last, end_of_work(policy), start),
        Unit::NaturalDays | Unit::SameDay | Unit::NextDay => on(last, end_of_day(), start),
    };
    let mut made = Deadline {
        rule,
        spec,
        start,
        due,
        region: calendar.region(),
        certainty: Certainty::Official,
        skipped: Vec::new(),
        made_up: Vec::new(),
    };
    if spec.unit == Unit::WorkingDays {
        made.look_at_days(calendar, day, last);
    }
    made
}

impl Deadline {
    fn look_at_days(&mut self, calendar: &Calendar, first: NaiveDate, last: NaiveDate) {
        for year in first.year()..=last.year() {
            self.certainty = self.certainty.max(calendar.certainty(year));
        }
        for date in first.iter_days().skip(1).take_while(|date| *date <= last) {
            match calendar.day(date) {
                DayKind::Workday => {}
                DayKind::MakeUpWorkday => self.made_up.push(date),
                kind => self.skipped.push((date, kind)),
            }
        }
    }

    /// Whether the limit has passed.
    #[must_use]
    pub fn is_past(&self, now: Stamp) -> bool {
        now > self.due
    }

    /// The deadline in words: rule and clause, start, what was counted and passed over, result, and how sure it is.
    #[must_use]
    pub fn explain(&self, lang: Lang) -> String {
        let source = rules::rule(self.rule).map_or("", |info| info.source);
        let [count, from, calendar, until, skipped, worked, sure] = words(lang);
        let mut text = format!(
            "R{} {source}{count}{}{from}{}{calendar}{}",
            self.rule,
            self.spec.words(lang),
            self.start.minute_text(),
            self.region.name(lang),
        );
        if !self.skipped.is_empty() {
            let named = self.skipped.iter().take(NAMED_DAYS).map(|(date, kind)| named(*date, kind, lang));
            let more = if self.skipped.len() > NAMED_DAYS { ", …" } else { "" };
            text += &format!("{skipped}{}{more}", named.collect::<Vec<_>>().join(", "));
        }
        if !self.made_up.is_empty() {
            let days: Vec<String> = self.made_up.iter().map(ToString::to_string).collect();
            text += &format!("{worked}{}", days.join(", "));
        }
        text += &format!("{until}{}", self.due.minute_text());
        match self.certainty {
            Certainty::Official => {}
            Certainty::Provisional => text += sure,
            Certainty::Unknown => text += unknown(lang),
        }
        text
    }
}

impl DeadlineSpec {
    /// The limit in words.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        let n = self.amount;
        match (self.unit, lang) {
            (Unit::Minutes, Lang::ZhHant) => format!("{n} 分鐘"),
            (Unit::Minutes, Lang::ZhHans) => format!("{n} 分钟"),
            (Unit::Minutes, Lang::En) => format!("{n} min"),
            (Unit::Hours, Lang::ZhHant) => format!("{n} 小時"),
            (Unit::Hours, Lang::ZhHans) => format!("{n} 小时"),
            (Unit::Hours, Lang::En) => format!("{n} h"),
            (Unit::NaturalDays, Lang::En) => format!("{n} days"),
            (Unit::NaturalDays, _) => format!("{n} 天"),
            (Unit::WorkingDays, Lang::ZhHant) => format!("{n} 個工作日"),
            (Unit::WorkingDays, Lang::ZhHans) => format!("{n} 个工作日"),
            (Unit::WorkingDays, Lang::En) => format!("{n} working day(s)"),
            (Unit::SameDay, Lang::ZhHant) => "當天".to_owned(),
            (Unit::SameDay, Lang::ZhHans) => "当天".to_owned(),
            (Unit::SameDay, Lang::En) => "the same day".to_owned(),
            (Unit::NextDay, Lang::En) => "the next day".to_owned(),
            (Unit::NextDay, _) => "次日".to_owned(),
        }
    }
}

/// The last moment at which notice is in time (R35).
#[must_use]
pub fn notice_deadline(window_start: Stamp, policy: &Policy) -> Stamp {
    window_start.plus_minutes(-60 * i64::from(policy.appointment.notice_hours))
}

/// Whether a moment is in normal working time: a working day, within the hours (R31).
#[must_use]
pub fn in_working_hours(policy: &Policy, calendar: &Calendar, at: Stamp) -> bool {
    let local = at.local();
    calendar.is_workday(local.date_naive()) && within(&policy.appointment.working_hours, local.time()).is_some()
}

/// The rest or meal hours a moment falls in: a warning, no gate (R32).
#[must_use]
pub fn in_quiet_hours(policy: &Policy, at: Stamp) -> Option<Hours> {
    within(&policy.appointment.quiet_hours, at.local().time())
}

fn within(hours: &[Hours], time: NaiveTime) -> Option<Hours> {
    hours.iter().copied().find(|span| span.from <= time && time < span.to)
}

fn end_of_day() -> NaiveTime {
    NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN)
}

fn end_of_work(policy: &Policy) -> NaiveTime {
    policy.appointment.working_hours.iter().map(|hours| hours.to).max().unwrap_or_else(end_of_day)
}

fn later(day: NaiveDate, days: u16) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day)
}

fn on(day: NaiveDate, time: NaiveTime, like: Stamp) -> Stamp {
    let offset = FixedOffset::east_opt(i32::from(like.offset_min) * 60);
    offset
        .and_then(|offset| offset.from_local_datetime(&day.and_time(time)).single())
        .map_or(like, Stamp::from)
}

fn named(date: NaiveDate, kind: &DayKind, lang: Lang) -> String {
    let weekend = Text::new("週末", "周末", "weekend");
    let name = match kind {
        DayKind::Holiday(name) => name.get(lang),
        _ => weekend.get(lang),
    };
    format!("{date} {name}")
}

/// The joints of an explanation: count, from, calendar, until, skipped, worked, provisional.
fn words(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::ZhHant => [
            "：", "，自 ", " 起，按", "，至 ", "日曆；不計 ", "；補班日計入 ",
            "（暫定：該年假期尚未正式公佈）",
        ],
        Lang::ZhHans => [
            "：", "，自 ", " 起，按", "，至 ", "日历；不计 ", "；补班日计入 ",
            "（暂定：该年假期尚未正式公布）",
        ],
        Lang::En => [
            ": ", ", from ", ", by the calendar of ", ", until ", "; not counted: ",
            "; make-up workdays counted: ", " (provisional: the year's holidays are not official yet)",
        ],
    }
}

fn unknown(lang: Lang) -> &'static str {
    match lang {
        Lang::ZhHant => "（該年無假期資料，只計週末）",
        Lang::ZhHans => "（该年无假期资料，只计周末）",
        Lang::En => " (no holiday data for the year: weekends only)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(spec: DeadlineSpec, rule: u16, start: &str) -> Deadline {
        let policy = Policy::parse(Policy::builtin_text("property").unwrap()).unwrap();
        let calendar = Calendar::parse(Calendar::builtin_text(Region::Mainland)).unwrap();
        deadline(spec, rule, Stamp::parse(start).unwrap(), &policy, &calendar)
    }

    const ONE_DAY: DeadlineSpec = DeadlineSpec { amount: 1, unit: Unit::WorkingDays };

    #[test]
    fn r14_one_working_day_over_national_day_ends_on_the_first_day_back() {
        let made = count(ONE_DAY, 14, "2026-09-30T16:00:00+08:00");
        assert_eq!(made.due.minute_text(), "2026-10-08 18:00");
        let text = made.explain(Lang::ZhHant);
        assert!(text.contains("R14") && text.contains("F0/2") && text.contains("國慶節"), "{text}");
        assert!(!text.contains("暫定"));
    }

    #[test]
    fn r14_a_make_up_saturday_counts_and_is_named() {
        let made = count(ONE_DAY, 14, "2026-10-09T10:00:00+08:00");
        assert_eq!(made.due.minute_text(), "2026-10-10 18:00");
        assert!(made.explain(Lang::ZhHans).contains("补班日计入 2026-10-10"));
    }

    #[test]
    fn a_year_that_is_only_computed_says_provisional() {
        let made = count(ONE_DAY, 14, "2026-12-31T10:00:00+08:00");
        assert_eq!(made.certainty, Certainty::Provisional);
        assert!(made.explain(Lang::En).contains("provisional"));
        assert!(made.explain(Lang::ZhHant).contains("暫定"));
        let unknown = count(ONE_DAY, 14, "2031-05-02T10:00:00+08:00");
        assert!(unknown.explain(Lang::En).contains("weekends only"));
    }

    #[test]
    fn r106_r137_days_that_are_not_working_days_take_no_calendar() {
        let three = DeadlineSpec { amount: 3, unit: Unit::NaturalDays };
        assert_eq!(count(three, 106, "2026-09-30T16:00:00+08:00").due.minute_text(), "2026-10-03 23:59");
        let same = DeadlineSpec { amount: 0, unit: Unit::SameDay };
        assert_eq!(count(same, 137, "2026-09-30T16:00:00+08:00").due.minute_text(), "2026-09-30 23:59");
        let next = DeadlineSpec { amount: 0, unit: Unit::NextDay };
        assert_eq!(count(next, 108, "2026-09-30T16:00:00+08:00").due.minute_text(), "2026-10-01 23:59");
    }

    #[test]
    fn r31_r32_working_time_and_meal_hours() {
        let policy = Policy::parse(Policy::builtin_text("property").unwrap()).unwrap();
        let calendar = Calendar::parse(Calendar::builtin_text(Region::Mainland)).unwrap();
        let at = |text: &str| Stamp::parse(text).unwrap();
        assert!(in_working_hours(&policy, &calendar, at("2026-10-10T09:00:00+08:00")), "a make-up Saturday");
        assert!(!in_working_hours(&policy, &calendar, at("2026-10-11T09:00:00+08:00")));
        assert!(!in_working_hours(&policy, &calendar, at("2026-11-25T18:00:00+08:00")));
        assert!(in_quiet_hours(&policy, at("2026-11-25T12:30:00+08:00")).is_some());
        assert!(in_quiet_hours(&policy, at("2026-11-25T14:00:00+08:00")).is_none());
    }

    proptest! {
        #[test]
        fn no_clock_however_wrong_breaks_a_deadline(utc_ms in any::<i64>(), offset in any::<i16>(), amount in 0_u16..400) {
            let policy = Policy::parse(Policy::builtin_text("property").unwrap()).unwrap();
            let calendar = Calendar::weekends_only(Region::Mainland);
            for unit in [Unit::Minutes, Unit::Hours, Unit::NaturalDays, Unit::WorkingDays, Unit::SameDay, Unit::NextDay] {
                let made = deadline(DeadlineSpec { amount, unit }, 14, Stamp::new(utc_ms, offset), &policy, &calendar);
                prop_assert!(!made.explain(Lang::ZhHant).is_empty());
            }
        }
    }
}
