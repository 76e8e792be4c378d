//! A seat: what one listener is still to be told. Whoever tells never waits for whoever listens.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use doorstep_core::journal::live::Hint;

use super::BEATS;

/// What a stream says next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Say {
    /// Something changed.
    Hint(Hint),
    /// Nothing, so that the line stays open.
    Beat,
}

/// One listener's place.
pub(super) struct Seat(Mutex<Due>);

struct Due {
    /// To be said as soon as the stream is asked.
    hint: Option<Hint>,
    /// To be said when the last hint is long enough ago.
    later: Option<Hint>,
    told: Option<Instant>,
    beat: bool,
    beats: u16,
    is_over: bool,
    waker: Option<Waker>,
}

impl Seat {
    pub(super) fn new() -> Self {
        let (hint, later, told, waker) = (None, None, None, None);
        Self(Mutex::new(Due { hint, later, told, beat: false, beats: 0, is_over: false, waker }))
    }

    fn due(&self) -> MutexGuard<'_, Due> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells of a change: now, or later when the listener was told less than `gap` ago. True when it is later.
    pub(super) fn tell(&self, hint: Hint, now: Instant, gap: Duration) -> bool {
        let mut due = self.due();
        if due.told.is_some_and(|told| now.saturating_duration_since(told) < gap) {
            due.later = Some(hint);
            return true;
        }
        due.say(hint, now);
        false
    }

    /// Says what waited for the gap to pass. True when it still waits.
    pub(super) fn catch_up(&self, now: Instant, gap: Duration) -> bool {
        let later = self.due().later.take();
        later.is_some_and(|hint| self.tell(hint, now, gap))
    }

    /// Keeps the line open, and ends it when it lasted long enough.
    pub(super) fn beat(&self) {
        let mut due = self.due();
        due.beat = true;
        due.beats += 1;
        due.is_over |= due.beats > BEATS;
        due.wake();
    }

    /// Ends the stream.
    pub(super) fn end(&self) {
        let mut due = self.due();
        due.is_over = true;
        due.wake();
    }

    /// What to say next; `None` at the end.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Option<Say>> {
        let mut due = self.due();
        if due.is_over {
            return Poll::Ready(None);
        }
        if let Some(hint) = due.hint.take() {
            due.beat = false;
            return Poll::Ready(Some(Say::Hint(hint)));
        }
        if std::mem::take(&mut due.beat) {
            return Poll::Ready(Some(Say::Beat));
        }
        match &mut due.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl Due {
    fn say(&mut self, hint: Hint, now: Instant) {
        (self.hint, self.later, self.told) = (Some(hint), None, Some(now));
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Duration = Duration::from_secs(1);

    fn hint(seq: u64) -> Hint {
        Hint { epoch: 1, seq }
    }

    fn next(seat: &Seat) -> Option<Option<Say>> {
        match seat.poll(&Context::from_waker(Waker::noop())) {
            Poll::Ready(say) => Some(say),
            Poll::Pending => None,
        }
    }

    #[test]
    fn the_first_change_is_told_at_once_and_what_follows_it_together() {
        let (seat, start) = (Seat::new(), Instant::now());
        assert_eq!(next(&seat), None);
        assert!(!seat.tell(hint(1), start, GAP));
        assert_eq!(next(&seat), Some(Some(Say::Hint(hint(1)))));
        assert!(seat.tell(hint(2), start, GAP) && seat.tell(hint(3), start, GAP));
        assert_eq!(next(&seat), None);
        assert!(seat.catch_up(start + GAP / 2, GAP), "not yet");
        assert!(!seat.catch_up(start + GAP, GAP));
        assert_eq!(next(&seat), Some(Some(Say::Hint(hint(3)))));
        assert!(!seat.catch_up(start + GAP * 3, GAP));
        assert_eq!(next(&seat), None);
    }

    #[test]
    fn a_line_is_kept_open_and_ends_in_time() {
        let seat = Seat::new();
        for _ in 0..BEATS {
            seat.beat();
            assert_eq!(next(&seat), Some(Some(Say::Beat)));
            assert_eq!(next(&seat), None);
        }
        seat.beat();
        assert_eq!(next(&seat), Some(None));
        let other = Seat::new();
        other.tell(hint(1), Instant::now(), GAP);
        other.end();
        assert_eq!(next(&other), Some(None), "an ended stream tells nothing more");
    }
}
