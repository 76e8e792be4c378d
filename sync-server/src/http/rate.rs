//! How often a phone, and all phones of a firm together, may ask: a broken phone that asks in a loop must not be felt by
//! anybody else. Token buckets, in memory and bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use doorstep_core::domain::ids::{DeviceId, OrgId};
use doorstep_core::journal::limits::{DEVICE_BURST, DEVICE_RATE, ORG_BURST, ORG_RATE};

use crate::error::Failure;
use crate::metrics;

/// The most buckets remembered; beyond it the full ones go first, which say nothing.
const BUCKETS: usize = 50_000;

/// How often phones may ask.
#[derive(Default)]
pub(crate) struct Rates(Mutex<HashMap<(OrgId, Option<DeviceId>), Bucket>>);

/// So many requests are left, as of a moment.
#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn full(burst: u32, now: Instant) -> Self {
        Self { left: f64::from(burst), at: now }
    }

    fn filled(self, burst: u32, rate: u32, now: Instant) -> Self {
        let came = now.saturating_duration_since(self.at).as_secs_f64() * f64::from(rate);
        Self { left: (self.left + came).min(f64::from(burst)), at: now }
    }

    /// Takes one; how long until there is one when there is none.
    fn take(&mut self, rate: u32) -> Result<(), Duration> {
        if self.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.left) / f64::from(rate)));
        }
        self.left -= 1.0;
        Ok(())
    }
}

impl Rates {
    /// Counts a request of a phone.
    ///
    /// # Errors
    /// [`Failure::TooMany`] says when to try again.
    pub(crate) fn count(&self, org: &OrgId, device: DeviceId) -> Result<(), Failure> {
        self.count_at(org, device, Instant::now())
    }

    fn count_at(&self, org: &OrgId, device: DeviceId, now: Instant) -> Result<(), Failure> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() + 2 > BUCKETS {
            buckets.retain(|(_, device), bucket| {
                let (burst, rate) =
                    if device.is_some() { (DEVICE_BURST, DEVICE_RATE) } else { (ORG_BURST, ORG_RATE) };
                bucket.filled(burst, rate, now).left < f64::from(burst)
            });
            if buckets.len() + 2 > BUCKETS {
                buckets.clear();
            }
        }
        // The phone first: one that is held back takes nothing from its firm.
        for (key, burst, rate) in [
            ((org.clone(), Some(device)), DEVICE_BURST, DEVICE_RATE),
            ((org.clone(), None), ORG_BURST, ORG_RATE),
        ] {
            let bucket = buckets.entry(key).or_insert_with(|| Bucket::full(burst, now));
            *bucket = bucket.filled(burst, rate, now);
            bucket.take(rate).map_err(|wait| {
                metrics::held_back();
                Failure::TooMany(wait.as_secs() + 1)
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_that_asks_in_a_loop_is_held_back_alone_and_may_go_on_later() {
        let (rates, org, now) = (Rates::default(), OrgId::from("a"), Instant::now());
        let (loops, calm) = (DeviceId::new(), DeviceId::new());
        for _ in 0..DEVICE_BURST {
            rates.count_at(&org, loops, now).unwrap();
        }
        assert!(matches!(rates.count_at(&org, loops, now), Err(Failure::TooMany(1))));
        rates.count_at(&org, calm, now).unwrap();
        let later = now + Duration::from_secs(1);
        for _ in 0..DEVICE_RATE {
            rates.count_at(&org, loops, later).unwrap();
        }
        assert!(rates.count_at(&org, loops, later).is_err());
    }

    #[test]
    fn a_firm_has_its_own_bound_and_the_memory_of_all_is_bounded() {
        let (rates, now) = (Rates::default(), Instant::now());
        let mut passed = 0;
        for _ in 0..ORG_BURST + 10 {
            passed += u32::from(rates.count_at(&OrgId::from("a"), DeviceId::new(), now).is_ok());
        }
        assert_eq!(passed, ORG_BURST);
        rates.count_at(&OrgId::from("b"), DeviceId::new(), now).unwrap();
        let later = now + Duration::from_secs(3600);
        for _ in 0..BUCKETS {
            let _ = rates.count_at(&OrgId::from("c"), DeviceId::new(), later);
        }
        assert!(rates.0.lock().unwrap().len() <= BUCKETS);
    }
}
