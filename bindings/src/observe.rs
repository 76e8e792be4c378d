//! Observers: the current state first, then one call for each commit, from one thread, never under a lock.

use std::sync::{Arc, Mutex, PoisonError};

use doorstep_core::phone::{Change, Phone, Subscription};

use crate::failure::DoorstepException;
use crate::front::SyncState;

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
    ) -> Result<(), DoorstepException>;
}

/// An observer's subscription. It ends when it is cancelled or let go.
#[derive(uniffi::Object)]
pub struct Watch {
    subscription: Arc<Mutex<Option<Subscription>>>,
}

#[uniffi::export]
impl Watch {
    /// Ends the calls.
    pub fn cancel(&self) {
        self.subscription.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

pub(crate) fn watch(phone: &Phone, observer: Arc<dyn OrderObserver>) -> Result<Watch, DoorstepException> {
    let ended = std::sync::atomic::AtomicBool::new(false);
    let subscription = phone.observe(move |change: Change| {
        if ended.load(std::sync::atomic::Ordering::Acquire) {
            return;
        }
        let Change { status, orders, everything } = change;
        let orders = orders.iter().map(ToString::to_string).collect();
        if observer.changed(status.into(), orders, everything).is_err() {
            ended.store(true, std::sync::atomic::Ordering::Release);
        }
    })?;
    Ok(Watch { subscription: Arc::new(Mutex::new(Some(subscription))) })
}
