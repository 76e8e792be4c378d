//! The phone's clocks. No clock decides anything: times are evidence, and tests hold their own.

use std::time::Instant;

use uuid::Uuid;

use crate::domain::time::Stamp;

/// Where the phone reads time.
pub trait Clock: Send + Sync {
    /// Wall time with the zone of the place.
    fn now(&self) -> Stamp;
    /// Milliseconds that only ever grow while [`Self::boot`] stays the same.
    fn mono_ms(&self) -> u64;
    /// What the monotonic milliseconds count from.
    fn boot(&self) -> Option<Uuid>;
}

/// The system's clocks. Its monotonic milliseconds count from when it was made.
#[derive(Clone, Debug)]
pub struct SystemClock {
    began: Instant,
    boot: Uuid,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { began: Instant::now(), boot: Uuid::now_v7() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Stamp {
        Stamp::from(chrono::Local::now().fixed_offset())
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn boot(&self) -> Option<Uuid> {
        Some(self.boot)
    }
}
