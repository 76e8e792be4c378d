//! The day that is played: the firm's last one that is over, so that the supervisor looks at finished work.

use chrono::{Days, NaiveDate, NaiveTime};
use doorstep_core::domain::deadline::{in_quiet_hours, in_working_hours};
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::time::{Stamp, Window};

/// Minutes a visit is booked for, and from one visit's start to the earliest start of the next.
const VISIT: i64 = 60;
const PITCH: i64 = 75;
/// Minutes from opening to the first visit: the morning's calls.
const CALLS: i64 = 30;

/// A working day of the firm with the ones around it.
#[derive(Clone, Debug)]
pub(super) struct Day<'a> {
    rulebook: &'a Rulebook,
    pub(super) date: NaiveDate,
    /// The working day before: the register was written on it.
    pub(super) eve: NaiveDate,
    /// A working day that is still to come: next dates are agreed for it.
    pub(super) next: NaiveDate,
    pub(super) opening: Stamp,
    pub(super) closing: Stamp,
}

impl<'a> Day<'a> {
    /// The last working day whose working time is over.
    pub(super) fn last_over(rulebook: &'a Rulebook, now: Stamp) -> Self {
        let hours = &rulebook.policy.appointment.working_hours;
        let opens = hours.iter().map(|span| span.from).min().unwrap_or_default();
        let closes = hours.iter().map(|span| span.to).max().unwrap_or(NaiveTime::MIN);
        let at = |date, time| stamp(rulebook, date, time);
        let today = Stamp { offset_min: rulebook.policy.offset_min, ..now }.date();
        let is_over = at(today, closes) <= now && rulebook.calendar.is_workday(today);
        let date = if is_over { today } else { workday_before(rulebook, today) };
        Self {
            rulebook,
            date,
            eve: workday_before(rulebook, date),
            next: rulebook.calendar.add_working_days(date, 2),
            opening: at(date, opens),
            closing: at(date, closes),
        }
    }

    /// The same day, for visits that are agreed for the next date.
    pub(super) fn of_next(&self) -> Self {
        let moved = |was: Stamp| self.stamp(self.next, was.local().time());
        Self { date: self.next, opening: moved(self.opening), closing: moved(self.closing), ..self.clone() }
    }

    pub(super) fn stamp(&self, date: NaiveDate, time: NaiveTime) -> Stamp {
        stamp(self.rulebook, date, time)
    }

    /// A wished window at the same time of another day.
    pub(super) fn moved(&self, wished: Window, date: NaiveDate) -> Window {
        let start = self.stamp(date, on_the_firms_clock(self.rulebook, wished.start).local().time());
        Window { start, end: start.plus_minutes(wished.end.minutes_since(wished.start)) }
    }

    /// When each of one technician's visits starts: as many as the day holds, in the order of the wished times and as
    /// near to them as the others leave room; `None` for those that do not fit.
    pub(super) fn agenda(&self, wishes: &[Option<Window>]) -> Vec<Option<Stamp>> {
        let first = self.opening.plus_minutes(CALLS);
        let room = (0..=wishes.len()).rev().find(|n| self.fits(first, *n)).unwrap_or(0);
        let wish = |wished: &Option<Window>| {
            let start = self.moved((*wished)?, self.date).start;
            let works = in_working_hours(&self.rulebook.policy, &self.rulebook.calendar, start);
            Some(if works { start } else { self.closing })
        };
        let mut order: Vec<(Option<Stamp>, usize)> = wishes.iter().take(room).map(wish).zip(0..).collect();
        order.sort_by_key(|(wished, line)| (wished.unwrap_or(self.closing), *line));
        let mut starts = vec![None; wishes.len()];
        let (mut free, mut left) = (first, order.len());
        for (wished, line) in order {
            let wanted = wished.map_or(free, |wished| wished.max(free));
            let start = self.after_quiet_hours(if self.fits(wanted, left) { wanted } else { free });
            starts[line] = Some(start);
            free = start.plus_minutes(PITCH);
            left -= 1;
        }
        starts
    }

    /// Whether so many visits fit into the rest of the day.
    fn fits(&self, from: Stamp, visits: usize) -> bool {
        let mut start = from;
        (0..visits).all(|_| {
            start = self.after_quiet_hours(start);
            let fits = start.plus_minutes(VISIT) <= self.closing;
            start = start.plus_minutes(PITCH);
            fits
        })
    }

    fn after_quiet_hours(&self, at: Stamp) -> Stamp {
        in_quiet_hours(&self.rulebook.policy, at).map_or(at, |quiet| self.stamp(at.date(), quiet.to).max(at))
    }
}

/// The window a visit is booked for.
pub(super) fn window(start: Stamp) -> Window {
    Window { start, end: start.plus_minutes(VISIT) }
}

fn stamp(rulebook: &Rulebook, date: NaiveDate, time: NaiveTime) -> Stamp {
    let offset = rulebook.policy.offset_min;
    let local = date.and_time(time).and_utc().timestamp_millis();
    Stamp::new(local - i64::from(offset) * 60_000, offset)
}

fn on_the_firms_clock(rulebook: &Rulebook, at: Stamp) -> Stamp {
    Stamp { offset_min: rulebook.policy.offset_min, ..at }
}

fn workday_before(rulebook: &Rulebook, date: NaiveDate) -> NaiveDate {
    let before = |day: &NaiveDate| day.checked_sub_days(Days::new(1));
    let days = std::iter::successors(before(&date), before);
    // No calendar is closed for a month.
    days.take(31).find(|day| rulebook.calendar.is_workday(*day)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        Stamp::parse(&format!("{text}:00+08:00")).unwrap()
    }

    fn wish(time: &str) -> Option<Window> {
        Some(window(at(&format!("2026-12-24T{time}"))))
    }

    #[test]
    fn the_day_played_is_over_and_was_worked() {
        let rulebook = Rulebook::builtin();
        let cases = [
            // Tuesday before and after closing, Monday morning, Sunday; National Day's week off.
            ("2026-11-24T17:59", "2026-11-23", "2026-11-20"),
            ("2026-11-24T18:00", "2026-11-24", "2026-11-23"),
            ("2026-11-23T08:00", "2026-11-20", "2026-11-19"),
            ("2026-11-22T20:00", "2026-11-20", "2026-11-19"),
            ("2026-10-05T12:00", "2026-09-30", "2026-09-29"),
        ];
        for (now, date, eve) in cases {
            let day = Day::last_over(&rulebook, at(now));
            assert_eq!((day.date.to_string(), day.eve.to_string()), (date.into(), eve.into()), "{now}");
            assert!(day.next > at(now).date() || day.next == at(now).date() && day.date < day.next);
        }
    }

    #[test]
    fn the_server_s_zone_does_not_move_the_day() {
        let rulebook = Rulebook::builtin();
        let utc = Stamp { offset_min: 0, ..at("2026-11-24T18:30") };
        assert_eq!(Day::last_over(&rulebook, utc).date.to_string(), "2026-11-24");
    }

    #[test]
    fn visits_come_near_their_wishes_and_keep_out_of_the_noon_rest() {
        let rulebook = Rulebook::builtin();
        let day = Day::last_over(&rulebook, at("2026-11-24T18:00"));
        let wishes =
            [wish("09:00"), wish("18:30"), wish("09:30"), wish("14:30"), wish("10:00"), wish("15:30"), None];
        let agenda: Vec<Option<String>> =
            day.agenda(&wishes).iter().map(|start| Some(start.as_ref()?.minute_text())).collect();
        let today = |time: &str| Some(format!("2026-11-24 {time}"));
        let expected = [
            today("09:00"),
            today("17:00"),
            today("10:15"),
            today("14:30"),
            today("11:30"),
            today("15:45"),
            None,
        ];
        assert_eq!(agenda, expected);
    }

    #[test]
    fn any_number_of_wishes_gives_visits_in_working_time_that_do_not_overlap() {
        let rulebook = Rulebook::builtin();
        let day = Day::last_over(&rulebook, at("2026-11-24T18:00"));
        for count in 0..40 {
            for time in ["00:00", "08:30", "12:30", "17:30", "23:00"] {
                let mut starts: Vec<Stamp> =
                    day.agenda(&vec![wish(time); count]).into_iter().flatten().collect();
                starts.sort();
                assert_eq!(starts.len(), count.min(6));
                assert!(starts.windows(2).all(|pair| pair[1].minutes_since(pair[0]) >= PITCH));
                assert!(starts.iter().all(|start| {
                    in_working_hours(&rulebook.policy, &rulebook.calendar, *start)
                        && in_quiet_hours(&rulebook.policy, *start).is_none()
                }));
            }
        }
    }
}
