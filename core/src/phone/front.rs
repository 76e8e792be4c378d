//! `Phone`, the front door: coarse calls on plain values, from any thread, with a typed error for everything.

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::config::{OpenReport, PhoneConfig};
use super::damage;
use super::entry_ids::EntryIds;
use super::error::{PhoneError, Result};
use super::observe::Hub;
use super::open;
use super::store::{Store, lock};
use super::sync::plan::Paces;
use crate::journal::live::Hint;

/// How long closing waits for the calls under way. Each of them is short, but for a rescue bundle.
const PATIENCE: Duration = Duration::from_secs(10);

/// A technician's phone: what it recorded, what it shows, and its way to the server.
///
/// Cheap to clone; all clones are the same phone.
#[derive(Clone)]
pub struct Phone {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    config: PhoneConfig,
    slot: RwLock<Slot>,
    report: Mutex<OpenReport>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) entry_ids: EntryIds,
    /// How the connections fare. A new process begins anew: somebody opened the app, or the platform woke it by its own pace.
    pub(crate) paces: Mutex<Paces>,
    /// Where the server last said it stands.
    pub(crate) hinted: Mutex<Option<Hint>>,
}

enum Slot {
    Open(Arc<Store>),
    /// A damaged file could not be replaced: why.
    Broken(PhoneError),
    Closed,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.hub.close();
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Phone").field("path", &self.inner.config.path).finish_non_exhaustive()
    }
}

impl Phone {
    /// Opens the file, or makes it. A damaged one is moved aside, see [`Self::open_report`].
    ///
    /// # Errors
    /// [`PhoneError::FromTheFuture`] for a newer version's file, [`PhoneError::BadInput`] for a file of something else:
    /// both are left untouched. Others when the storage fails.
    pub fn open(config: PhoneConfig) -> Result<Self> {
        let (store, report) = open::open(&config)?;
        let inner = Inner {
            config,
            slot: RwLock::new(Slot::Open(Arc::new(store))),
            report: Mutex::new(report),
            hub: Arc::default(),
            entry_ids: EntryIds::new(),
            paces: Mutex::default(),
            hinted: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What opening found, or the last damage met since.
    #[must_use]
    pub fn open_report(&self) -> OpenReport {
        lock(&self.inner.report).clone()
    }

    /// Closes the file. Calls under way finish first, for so long as [`PATIENCE`]; every later one gives
    /// [`PhoneError::Closed`]. Observers stay, and hear nothing until [`Self::reopen`].
    pub fn close(&self) {
        let before = std::mem::replace(&mut *self.slot_mut(), Slot::Closed);
        if let Slot::Open(store) = before {
            let until = Instant::now() + PATIENCE;
            // The system may freeze a closed app at any moment: no lock on the file is left behind.
            while Arc::strong_count(&store) > 1 && Instant::now() < until {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// Opens the file of a phone that was closed, as [`Self::open`] does, and tells every observer to read again. An open
    /// phone stays as it is.
    ///
    /// # Errors
    /// As [`Self::open`]; the phone stays closed then.
    pub fn reopen(&self) -> Result<()> {
        let mut slot = self.slot_mut();
        if matches!(&*slot, Slot::Open(_)) {
            return Ok(());
        }
        let (store, report) = open::open(&self.inner.config)?;
        *slot = Slot::Open(Arc::new(store));
        *lock(&self.inner.report) = report;
        drop(slot);
        self.changed_all();
        Ok(())
    }

    fn slot_mut(&self) -> RwLockWriteGuard<'_, Slot> {
        self.inner.slot.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn of(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    pub(crate) fn config(&self) -> &PhoneConfig {
        &self.inner.config
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.config.clock
    }

    pub(crate) fn app_version(&self) -> &str {
        &self.inner.config.app_version
    }

    pub(crate) fn device_seed(&self) -> Option<&[u8; 32]> {
        self.inner.config.device_seed.as_ref()
    }

    pub(crate) fn watermark_font(&self) -> Option<&[u8]> {
        self.inner.config.watermark_font.as_deref()
    }

    /// Does something with the open file. When it turns out to be damaged it is moved aside before the error is given.
    pub(crate) fn run<T>(&self, work: impl FnOnce(&Store) -> Result<T>) -> Result<T> {
        let store = match &*self.inner.slot.read().unwrap_or_else(PoisonError::into_inner) {
            Slot::Open(store) => store.clone(),
            Slot::Broken(why) => return Err(why.clone()),
            Slot::Closed => return Err(PhoneError::Closed),
        };
        let result = work(&store);
        if let Err(PhoneError::StorageDamaged(why)) = &result {
            self.replace(&store, why);
        }
        result
    }

    fn replace(&self, damaged: &Arc<Store>, why: &str) {
        let mut slot = self.slot_mut();
        // Another thread may have met it first.
        let is_it = matches!(&*slot, Slot::Open(store) if Arc::ptr_eq(store, damaged));
        if !is_it {
            return;
        }
        *slot = match damage::replace(&self.inner.config, why) {
            Ok((store, report)) => {
                *lock(&self.inner.report) =
                    OpenReport { damage: Some(report), is_fresh: true, migrated_from: None };
                Slot::Open(Arc::new(store))
            }
            Err(why) => Slot::Broken(why),
        };
        drop(slot);
        self.changed_all();
    }
}
