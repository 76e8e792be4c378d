//! Backpressure: so many requests of each kind are worked on at once, others wait a moment, and then are told when to come
//! again. Photos give way first, then those that only ask, and those that bring work last.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::Failure;
use crate::metrics;

/// What a request is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lane {
    /// A part of a photo.
    Blob,
    /// What is new?
    Pull,
    /// Entries.
    Push,
}

impl Lane {
    /// How many are worked on at once.
    fn places(self) -> usize {
        match self {
            Self::Blob => 32,
            Self::Pull => 128,
            Self::Push => 256,
        }
    }

    /// How long one waits for a place, in seconds.
    fn patience(self) -> u32 {
        match self {
            Self::Blob => 1,
            Self::Pull => 3,
            Self::Push => 10,
        }
    }

    /// When to come again, in seconds.
    pub(crate) fn again(self) -> u64 {
        match self {
            Self::Blob => 10,
            Self::Pull => 5,
            Self::Push => 1,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Pull => "pull",
            Self::Push => "push",
        }
    }
}

/// The places of all lanes.
pub(crate) struct Lanes {
    blob: Semaphore,
    pull: Semaphore,
    push: Semaphore,
    /// A second, but in tests.
    second: Duration,
}

impl Default for Lanes {
    fn default() -> Self {
        Self::with(Duration::from_secs(1))
    }
}

impl Lanes {
    fn with(second: Duration) -> Self {
        let [blob, pull, push] =
            [Lane::Blob, Lane::Pull, Lane::Push].map(|lane| Semaphore::new(lane.places()));
        Self { blob, pull, push, second }
    }

    /// Takes a place, held until it is dropped.
    ///
    /// # Errors
    /// [`Failure::Busy`] says when to come again.
    pub(crate) async fn enter(&self, lane: Lane) -> Result<SemaphorePermit<'_>, Failure> {
        let is_full = |places: &Semaphore| places.available_permits() == 0;
        let (places, gives_way) = match lane {
            Lane::Blob => (&self.blob, is_full(&self.push) || is_full(&self.pull)),
            Lane::Pull => (&self.pull, is_full(&self.push)),
            Lane::Push => (&self.push, false),
        };
        if !gives_way
            && let Ok(Ok(place)) = tokio::time::timeout(self.second * lane.patience(), places.acquire()).await
        {
            return Ok(place);
        }
        metrics::shed(lane.code());
        Err(Failure::Busy(lane.again()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn busy(lanes: &Lanes, lane: Lane) -> Option<u64> {
        match lanes.enter(lane).await {
            Ok(_) => None,
            Err(Failure::Busy(seconds)) => Some(seconds),
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn photos_give_way_first_and_work_last() {
        let lanes = Lanes::with(Duration::from_millis(20));
        let pulls = lanes.pull.acquire_many(Lane::Pull.places() as u32).await.unwrap();
        assert_eq!(busy(&lanes, Lane::Blob).await, Some(10), "while others wait to ask");
        assert_eq!(busy(&lanes, Lane::Push).await, None);
        let pushes = lanes.push.acquire_many(Lane::Push.places() as u32).await.unwrap();
        drop(pulls);
        assert_eq!(busy(&lanes, Lane::Pull).await, Some(5), "while others wait to bring work");
        assert_eq!(busy(&lanes, Lane::Push).await, Some(1), "after the longest wait");
        drop(pushes);
        let all = [Lane::Blob, Lane::Pull, Lane::Push];
        for lane in all {
            assert_eq!(busy(&lanes, lane).await, None);
        }
    }

    #[tokio::test]
    async fn whoever_waits_gets_the_place_that_becomes_free() {
        let lanes = Lanes::with(Duration::from_millis(20));
        let all = lanes.push.acquire_many(Lane::Push.places() as u32).await.unwrap();
        let free = async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            drop(all);
        };
        let (entered, ()) = tokio::join!(lanes.enter(Lane::Push), free);
        assert!(entered.is_ok());
    }
}
