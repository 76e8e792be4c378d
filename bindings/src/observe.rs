//! Observers: the current state first, then one call for each commit, from one thread, never under a lock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use doorstep_core::phone::{Change, Phone, Subscription};

use crate::failure::{DoorstepException, Result};
use crate::report::SyncState;

/// What an app implements to hear of changes.
#[uniffi::export(with_foreign)]
pub trait OrderObserver: Send + Sync {
    /// Something changed. `orders` are the ids; when `everything` is true, read again what is shown.
    ///
    /// # Errors
    /// An error ends this observer's calls; the phone goes on.
    fn changed(
        &self,
        state: SyncState,
        orders: Vec<String>,
        everything: bool,
    ) -> std::result::Result<(), DoorstepException>;
}

/// An observer's subscription. It ends when it is cancelled or let go.
#[derive(uniffi::Object)]
pub struct Watch {
    subscription: Mutex<Option<Subscription>>,
}

#[uniffi::export]
impl Watch {
    /// Ends the calls. One under way is not waited for.
    pub fn cancel(&self) {
        drop(self.subscription.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl Watch {
    pub(crate) fn begin(phone: &Phone, observer: Arc<dyn OrderObserver>) -> Result<Self> {
        let has_ended = AtomicBool::new(false);
        let subscription = phone.observe(move |change: Change| {
            if has_ended.load(Ordering::Acquire) {
                return;
            }
            let Change { status, orders, everything } = change;
            let orders = orders.iter().map(ToString::to_string).collect();
            if observer.changed(status.into(), orders, everything).is_err() {
                has_ended.store(true, Ordering::Release);
            }
        })?;
        Ok(Self { subscription: Mutex::new(Some(subscription)) })
    }
}
