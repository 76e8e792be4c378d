//! The clock of phones and server in the demo: it walks through the day that is played, whatever time it is outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::Clock;
use uuid::Uuid;

use crate::clock::WallClock;

/// A clock that stands until it is moved. Its monotonic milliseconds only ever grow.
#[derive(Debug)]
pub(super) struct WalkingClock {
    utc_ms: AtomicI64,
    mono_ms: AtomicU64,
    offset_min: i16,
    boot: Uuid,
    is_over: AtomicBool,
}

impl WalkingClock {
    pub(super) fn at(now: Stamp) -> Arc<Self> {
        Arc::new(Self {
            utc_ms: AtomicI64::new(now.utc_ms),
            mono_ms: AtomicU64::new(0),
            offset_min: now.offset_min,
            boot: Uuid::now_v7(),
            is_over: AtomicBool::new(false),
        })
    }

    pub(super) fn set(&self, now: Stamp) {
        let before = self.utc_ms.swap(now.utc_ms, Ordering::SeqCst);
        let passed = u64::try_from(now.utc_ms.saturating_sub(before)).unwrap_or(1);
        self.mono_ms.fetch_add(passed, Ordering::SeqCst);
    }

    /// Moves the clock on to a time, unless it is there already.
    pub(super) fn reach(&self, then: Stamp) {
        if self.now() < then {
            self.set(then);
        }
    }

    /// The day is over: the server's clock is the system's from now on.
    pub(super) fn leave(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// The clock a server reads: this one until the day is over.
    pub(super) fn of_server(self: &Arc<Self>) -> WallClock {
        let (walking, outside) = (self.clone(), WallClock::default());
        WallClock::reading(move || {
            if walking.is_over.load(Ordering::SeqCst) { outside.now_ms() } else { walking.now().utc_ms }
        })
    }

    pub(super) fn pass(&self, seconds: i64) {
        let now = self.now();
        self.set(Stamp { utc_ms: now.utc_ms.saturating_add(seconds * 1000), ..now });
    }
}

impl Clock for WalkingClock {
    fn now(&self) -> Stamp {
        Stamp::new(self.utc_ms.load(Ordering::SeqCst), self.offset_min)
    }

    fn mono_ms(&self) -> u64 {
        self.mono_ms.load(Ordering::SeqCst)
    }

    fn boot(&self) -> Option<Uuid> {
        Some(self.boot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_still_counts_on() {
        let clock = WalkingClock::at(Stamp::new(1_000_000, 480));
        clock.pass(20);
        clock.set(Stamp::new(0, 480));
        clock.reach(Stamp::new(5_000, 480));
        clock.reach(Stamp::new(4_000, 480));
        assert_eq!((clock.now().utc_ms, clock.mono_ms()), (5_000, 25_001));
    }

    #[test]
    fn the_server_walks_along_until_the_day_is_over() {
        let clock = WalkingClock::at(Stamp::new(1_000_000, 480));
        let server = clock.of_server();
        clock.pass(20);
        assert_eq!(server.now_ms(), 1_020_000);
        clock.leave();
        assert!(server.now_ms() > 1_700_000_000_000);
    }
}
