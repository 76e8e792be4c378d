//! How often somebody failed lately: guessing a password or a code must not be cheap. In memory only.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures are counted over this time.
const WINDOW: Duration = Duration::from_secs(600);
/// The most keys remembered; beyond it the old ones go first.
const KEYS: usize = 10_000;

/// Failures by key.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, (u32, Instant)>>);

impl Throttle {
    /// How many seconds to wait, when `key` failed `most` times already.
    pub(crate) fn wait(&self, key: &str, most: u32) -> Option<u64> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, since) = failures.get(key)?;
        let left = WINDOW.checked_sub(since.elapsed()).filter(|_| *count >= most)?;
        Some(left.as_secs().max(1))
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, key: &str) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= KEYS {
            failures.retain(|_, (_, since)| since.elapsed() < WINDOW);
            if failures.len() >= KEYS {
                failures.clear();
            }
        }
        let now = Instant::now();
        let entry = failures.entry(key.to_owned()).or_insert((0, now));
        if entry.1.elapsed() >= WINDOW {
            *entry = (0, now);
        }
        entry.0 = entry.0.saturating_add(1);
    }

    /// Forgets failures after a success.
    pub(crate) fn passed(&self, key: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_count_by_key_until_a_success() {
        let throttle = Throttle::default();
        for _ in 0..3 {
            assert_eq!(throttle.wait("a", 3), None);
            throttle.failed("a");
        }
        assert!(throttle.wait("a", 3).is_some_and(|seconds| seconds > 0));
        assert_eq!(throttle.wait("b", 3), None);
        throttle.passed("a");
        assert_eq!(throttle.wait("a", 3), None);
    }
}
