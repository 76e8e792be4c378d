//! Deadlines that explain themselves: which rule, from when, by whose calendar, until when, and how sure that is.
//!
//! Days are those of the firm's clock (the pack's `offset_min`), not of the phone or server that recorded the start: a
//! phone left in another zone, or a server that stamps UTC, must not move a deadline by a day.

mod words;

use std::collections::BTreeSet;

use chrono::{Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Certainty, DayKind, Region};
use super::policy::{Hours, Policy};
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
    /// The least sure year the count leaned on; official when it leaned on no calendar.
    pub certainty: Certainty,
    /// The years that are not official among those it leaned on.
    pub unsure_years: BTreeSet<i32>,
    /// Days that were passed over, and why.
    pub skipped: Vec<(NaiveDate, DayKind)>,
    /// Weekend days that counted because they are worked.
    pub made_up: Vec<NaiveDate>,
}

/// Counts a deadline.
///
/// The day it starts on is not counted. Working days are due when working time ends on the last of them, days of any
/// kind at the end of the last; minutes and hours as they pass. Total: a clock that is years off gives a far date.
#[must_use]
pub fn deadline(
    spec: DeadlineSpec,
    rule: u16,
    start: Stamp,
    policy: &Policy,
    calendar: &Calendar,
) -> Deadline {
    let start = on_the_firm_s_clock(start, policy);
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
        unsure_years: BTreeSet::new(),
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
        for date in first.iter_days().skip(1).take_while(|date| *date <= last) {
            let certainty = calendar.certainty(date.year());
            self.certainty = self.certainty.max(certainty);
            if certainty != Certainty::Official {
                self.unsure_years.insert(date.year());
            }
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
}

/// The last moment at which notice is in time (R35).
#[must_use]
pub fn notice_deadline(window_start: Stamp, policy: &Policy) -> Stamp {
    window_start.plus_minutes(-60 * i64::from(policy.appointment.notice_hours))
}

/// How long a quote presented then holds (R67); `None` where the firm sets no limit.
#[must_use]
pub fn quote_validity(presented: Stamp, policy: &Policy, calendar: &Calendar) -> Option<Deadline> {
    let spec = DeadlineSpec { amount: policy.quote.valid_days?, unit: Unit::NaturalDays };
    Some(deadline(spec, 67, presented, policy, calendar))
}

/// Whether a moment is in normal working time: a working day, within the hours (R31).
#[must_use]
pub fn in_working_hours(policy: &Policy, calendar: &Calendar, at: Stamp) -> bool {
    let local = on_the_firm_s_clock(at, policy).local();
    calendar.is_workday(local.date_naive())
        && within(&policy.appointment.working_hours, local.time()).is_some()
}

/// The rest or meal hours a moment falls in (R32).
#[must_use]
pub fn in_quiet_hours(policy: &Policy, at: Stamp) -> Option<Hours> {
    within(&policy.appointment.quiet_hours, on_the_firm_s_clock(at, policy).local().time())
}

fn on_the_firm_s_clock(at: Stamp, policy: &Policy) -> Stamp {
    Stamp { offset_min: policy.offset_min, ..at }
}

fn within(hours: &[Hours], time: NaiveTime) -> Option<Hours> {
    hours.iter().copied().find(|span| span.from <= time && time < span.to)
}

fn end_of_day() -> NaiveTime {
    NaiveTime::from_hms_milli_opt(23, 59, 59, 999).unwrap_or(NaiveTime::MIN)
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

#[cfg(test)]
mod tests;
