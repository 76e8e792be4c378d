//! The phones' clock: it walks through one working day of the firm, whatever time it is outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{Days, NaiveDate};
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::Clock;
use uuid::Uuid;

/// A clock that stands until it is moved.
#[derive(Debug)]
pub(super) struct WalkingClock {
    utc_ms: AtomicI64,
    offset_min: i16,
    boot: Uuid,
}

impl WalkingClock {
    pub(super) fn at(now: Stamp) -> Arc<Self> {
        let utc_ms = AtomicI64::new(now.utc_ms);
        Arc::new(Self { utc_ms, offset_min: now.offset_min, boot: Uuid::now_v7() })
    }

    pub(super) fn set(&self, now: Stamp) {
        self.utc_ms.store(now.utc_ms, Ordering::SeqCst);
    }
}

impl Clock for WalkingClock {
    fn now(&self) -> Stamp {
        Stamp::new(self.utc_ms.load(Ordering::SeqCst), self.offset_min)
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.utc_ms.load(Ordering::SeqCst)).unwrap_or(0)
    }

    fn boot(&self) -> Option<Uuid> {
        Some(self.boot)
    }
}

/// The day the demo plays: today, or the last day before it on which the firm works.
pub(super) fn working_day(rulebook: &Rulebook, now: Stamp) -> NaiveDate {
    let mut day = now.date();
    for _ in 0..30 {
        if rulebook.calendar.is_workday(day) {
            return day;
        }
        day = day.checked_sub_days(Days::new(1)).unwrap_or(day);
    }
    day
}

/// The first minute of the firm's working time on a day.
pub(super) fn opening(rulebook: &Rulebook, day: NaiveDate) -> Stamp {
    let from = rulebook.policy.appointment.working_hours.first().map(|hours| hours.from).unwrap_or_default();
    let local = day.and_time(from).and_utc().timestamp_millis();
    let offset = rulebook.policy.offset_min;
    Stamp::new(local - i64::from(offset) * 60_000, offset)
}
