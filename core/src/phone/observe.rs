//! Telling the app that something changed: one long-lived thread, one call for all that was committed meanwhile,
//! the present state first, never under a lock.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread;

use super::error::Result;
use super::front::{Inner, Phone};
use super::status::SyncStatus;
use super::store::lock;
use crate::domain::ids::OrderId;

/// More changed orders than this are told as "everything".
const MOST: usize = 500;

/// What changed since the last call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// How sync stands now.
    pub status: SyncStatus,
    /// The orders that changed; none in the first call.
    pub orders: Vec<OrderId>,
    /// Any order may have changed: read again what is shown. So in the first call.
    pub everything: bool,
}

type Callback = Arc<dyn Fn(Change) + Send + Sync>;

/// A subscription. It ends when this is dropped; a call under way is not waited for.
pub struct Subscription {
    is_live: Arc<AtomicBool>,
    hub: Weak<Hub>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.is_live.store(false, Ordering::Release);
        if let Some(hub) = self.hub.upgrade() {
            lock(&hub.state).observers.retain(|observer| observer.is_live.load(Ordering::Acquire));
        }
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").field("is_live", &self.is_live).finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct Observer {
    callback: Callback,
    is_live: Arc<AtomicBool>,
    is_new: bool,
}

#[derive(Default)]
struct State {
    observers: Vec<Observer>,
    changed: BTreeSet<OrderId>,
    everything: bool,
    is_dirty: bool,
    has_thread: bool,
    is_closed: bool,
}

/// Where commits are announced.
#[derive(Default)]
pub(crate) struct Hub {
    state: Mutex<State>,
    wake: Condvar,
}

impl Hub {
    /// Announces a commit. Called after it, outside of every lock.
    pub(crate) fn announce(&self, orders: &[OrderId], everything: bool) {
        let mut state = lock(&self.state);
        if state.observers.is_empty() {
            return;
        }
        state.is_dirty = true;
        state.everything |= everything;
        state.changed.extend(orders);
        if state.changed.len() > MOST {
            state.changed.clear();
            state.everything = true;
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Ends the thread for good. Nothing is called any more but what is under way.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        state.is_closed = true;
        for observer in state.observers.drain(..) {
            observer.is_live.store(false, Ordering::Release);
        }
        drop(state);
        self.wake.notify_all();
    }

    /// Waits for something to tell. `None` when closed.
    fn next(&self) -> Option<(Vec<Observer>, Vec<OrderId>, bool)> {
        let mut state = lock(&self.state);
        loop {
            if state.is_closed {
                return None;
            }
            if state.is_dirty || state.observers.iter().any(|observer| observer.is_new) {
                break;
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let is_dirty = std::mem::take(&mut state.is_dirty);
        let everything = std::mem::take(&mut state.everything);
        let orders = std::mem::take(&mut state.changed).into_iter().collect();
        let to_tell =
            state.observers.iter().filter(|observer| is_dirty || observer.is_new).cloned().collect();
        for observer in &mut state.observers {
            observer.is_new = false;
        }
        Some((to_tell, orders, everything))
    }
}

impl Phone {
    /// Calls back now, and after every commit that changed something; commits that come close together share one call.
    ///
    /// All calls come from one thread of the phone's own. The callback may use the phone.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn observe(&self, callback: impl Fn(Change) + Send + Sync + 'static) -> Result<Subscription> {
        self.run(|_| Ok(()))?;
        let inner = self.inner();
        let hub = &inner.hub;
        let is_live = Arc::new(AtomicBool::new(true));
        let observer = Observer { callback: Arc::new(callback), is_live: is_live.clone(), is_new: true };
        let mut state = lock(&hub.state);
        state.observers.push(observer);
        let start = !std::mem::replace(&mut state.has_thread, true);
        drop(state);
        if start {
            let (hub, weak) = (hub.clone(), Arc::downgrade(inner));
            let started =
                thread::Builder::new().name("doorstep-observe".to_owned()).spawn(move || tell(&hub, &weak));
            if let Err(e) = started {
                lock(&inner.hub.state).has_thread = false;
                return Err(super::error::PhoneError::Bug(format!("no thread for observers: {e}")));
            }
        }
        inner.hub.wake.notify_one();
        Ok(Subscription { is_live, hub: Arc::downgrade(&inner.hub) })
    }

    /// Announces one changed order.
    pub(crate) fn changed(&self, order: OrderId) {
        self.inner().hub.announce(&[order], false);
    }

    /// Announces several.
    pub(crate) fn changed_many(&self, orders: &[OrderId]) {
        self.inner().hub.announce(orders, false);
    }

    /// Announces that only the state of sync changed.
    pub(crate) fn changed_status(&self) {
        self.inner().hub.announce(&[], false);
    }

    /// Announces that anything may have changed.
    pub(crate) fn changed_all(&self) {
        self.inner().hub.announce(&[], true);
    }
}

fn tell(hub: &Hub, phone: &Weak<Inner>) {
    while let Some((observers, orders, everything)) = hub.next() {
        let Some(inner) = phone.upgrade() else { return };
        let status = Phone::of(inner).status();
        // A storage that fails is told by the call that meets it; reopening a closed one tells everything.
        let Ok(status) = status else { continue };
        for observer in observers {
            if !observer.is_live.load(Ordering::Acquire) {
                continue;
            }
            let change = Change {
                status: status.clone(),
                orders: if observer.is_new { Vec::new() } else { orders.clone() },
                everything: everything || observer.is_new,
            };
            // An observer's mistake must not end the others' calls.
            let _ = catch_unwind(AssertUnwindSafe(|| (observer.callback)(change)));
        }
    }
}
