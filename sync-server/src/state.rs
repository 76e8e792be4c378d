//! What all requests share: storage, rulebooks read once, and who tried a password too often.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::{DeviceId, OrgId};
use doorstep_core::domain::time::Stamp;
use tokio::sync::Semaphore;

use crate::auth::throttle::Throttle;
use crate::blobs::{BlobStore, Uploads, on_threads};
use crate::clock::WallClock;
use crate::http::lanes::Lanes;
use crate::http::rate::Rates;
use crate::live::Hub;
use crate::rescue::RescueKeys;
use crate::storage::{Storage, StorageError, StoredDocument};

/// The most requests with large bodies that are worked on at once: each may need a hundred megabytes.
const HEAVY: usize = 2;
/// The most large bodies that come in at once: a slow one takes its time, and must not hold up those that are here.
const COMING: usize = 6;

/// How long it is taken for true that storage can be written: anybody may ask, and each look waits for the disk.
const READY_FOR: Duration = Duration::from_secs(2);
/// The same of photos. A look at a bucket is a request that may cost.
const PHOTOS_READY_FOR: Duration = Duration::from_secs(10);
/// How long a look may take.
const READY_WITHIN: Duration = Duration::from_secs(5);

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    storage: Arc<dyn Storage>,
    blobs: Arc<dyn BlobStore>,
    uploads: Uploads,
    rescue_keys: RescueKeys,
    public_url: String,
    clock: WallClock,
    rulebooks: Mutex<HashMap<OrgId, (u64, Arc<Rulebook>)>>,
    failures: Throttle,
    hub: Hub,
    rates: Rates,
    lanes: Lanes,
    heavy: Semaphore,
    coming: Semaphore,
    hashing: Semaphore,
    ready: tokio::sync::Mutex<Option<(Instant, bool)>>,
    photos_ready: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl AppState {
    /// The state of a server.
    #[must_use]
    pub fn new(
        storage: Arc<dyn Storage>,
        blobs: Arc<dyn BlobStore>,
        rescue_keys: RescueKeys,
        public_url: String,
        clock: WallClock,
    ) -> Self {
        Self(Arc::new(Shared {
            storage,
            blobs,
            uploads: Uploads::default(),
            rescue_keys,
            public_url,
            clock,
            rulebooks: Mutex::default(),
            failures: Throttle::default(),
            hub: Hub::default(),
            rates: Rates::default(),
            lanes: Lanes::default(),
            heavy: Semaphore::new(HEAVY),
            coming: Semaphore::new(COMING),
            hashing: Semaphore::new(1),
            ready: tokio::sync::Mutex::default(),
            photos_ready: tokio::sync::Mutex::default(),
        }))
    }

    /// What is kept.
    #[must_use]
    pub fn storage(&self) -> &(dyn Storage + 'static) {
        &*self.0.storage
    }

    /// Where photos are kept.
    #[must_use]
    pub fn blobs(&self) -> Arc<dyn BlobStore> {
        Arc::clone(&self.0.blobs)
    }

    pub(crate) fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// The keys rescue bundles are sealed for.
    #[must_use]
    pub fn rescue_keys(&self) -> &RescueKeys {
        &self.0.rescue_keys
    }

    /// The address phones and browsers reach this server under, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// The server's wall time, UTC milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    /// The server's wall time by a firm's clock.
    #[must_use]
    pub fn now(&self, rulebook: &Rulebook) -> Stamp {
        Stamp::new(self.now_ms(), rulebook.policy.offset_min)
    }

    pub(crate) fn failures(&self) -> &Throttle {
        &self.0.failures
    }

    /// How often phones may ask.
    pub(crate) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// How many requests of each kind are worked on.
    pub(crate) fn lanes(&self) -> &Lanes {
        &self.0.lanes
    }

    /// Everybody who listens for changes.
    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Tells whoever listens that the org changed, but for the phone whose push it was. When the clock cannot be read
    /// now, the next look at it tells.
    pub(crate) async fn changed(&self, org: &OrgId, but: Option<DeviceId>) {
        if self.hub().has(org)
            && let Ok(clock) = self.storage().clock(org.clone()).await
        {
            self.hub().announce(org, clock.into(), but);
        }
    }

    /// Whether storage answers a read and takes a write, as of a moment ago.
    pub(crate) async fn is_ready(&self) -> bool {
        let mut known = self.0.ready.lock().await;
        if let Some((at, is_ready)) = *known
            && at.elapsed() < READY_FOR
        {
            return is_ready;
        }
        let look = async {
            self.storage().orgs().await?;
            self.storage().ready().await
        };
        let is_ready = match tokio::time::timeout(READY_WITHIN, look).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "not ready");
                false
            }
            Err(_) => {
                tracing::error!("not ready: storage does not answer");
                false
            }
        };
        *known = Some((Instant::now(), is_ready));
        is_ready
    }

    /// Whether photos can be kept and read, as of a moment ago.
    pub(crate) async fn has_photos(&self) -> bool {
        let mut known = self.0.photos_ready.lock().await;
        if let Some((at, is_ready)) = *known
            && at.elapsed() < PHOTOS_READY_FOR
        {
            return is_ready;
        }
        let (store, asking) = (self.blobs(), self.blobs());
        let look = on_threads(&*store, move || asking.ready());
        let is_ready = match tokio::time::timeout(READY_WITHIN, look).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "photos cannot be kept");
                false
            }
            Err(_) => {
                tracing::error!("photos cannot be kept: their store does not answer");
                false
            }
        };
        *known = Some((Instant::now(), is_ready));
        is_ready
    }

    /// Held while a large body is worked on.
    pub(crate) fn heavy(&self) -> &Semaphore {
        &self.0.heavy
    }

    /// Held while a large body comes in.
    pub(crate) fn coming(&self) -> &Semaphore {
        &self.0.coming
    }

    /// Held while a password is hashed: it takes 19 MB.
    pub(crate) fn hashing(&self) -> &Semaphore {
        &self.0.hashing
    }

    /// The org's rules, as its documents have them now; those that ship with Doorstep where it has none.
    ///
    /// # Errors
    /// When storage fails, or a stored pack cannot be read.
    pub async fn rulebook(&self, org: &OrgId) -> Result<Arc<Rulebook>, StorageError> {
        let seq = self.storage().documents_seq(org.clone(), &["policy", "calendar"]).await?;
        let kept = self.rulebooks().get(org).filter(|(at, _)| *at == seq).map(|(_, book)| Arc::clone(book));
        if let Some(book) = kept {
            return Ok(book);
        }
        let policy = self.storage().documents(org.clone(), "policy".to_owned()).await?;
        let calendar = self.storage().documents(org.clone(), "calendar".to_owned()).await?;
        let book = Arc::new(read(policy.first(), calendar.first())?);
        self.rulebooks().insert(org.clone(), (seq, Arc::clone(&book)));
        Ok(book)
    }

    fn rulebooks(&self) -> std::sync::MutexGuard<'_, HashMap<OrgId, (u64, Arc<Rulebook>)>> {
        self.0.rulebooks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(
    policy: Option<&StoredDocument>,
    calendar: Option<&StoredDocument>,
) -> Result<Rulebook, StorageError> {
    let mut book = Rulebook::builtin();
    let unreadable = |what, why: String| StorageError::Unreadable { what, why };
    let text = |document: &StoredDocument, what| {
        String::from_utf8(document.body.clone()).map_err(|e| unreadable(what, e.to_string()))
    };
    if let Some(document) = policy {
        let parsed = doorstep_core::domain::policy::Policy::parse(&text(document, "policy")?);
        book.policy = parsed.map_err(|e| unreadable("policy", e.to_string()))?;
    }
    if let Some(document) = calendar {
        let parsed = doorstep_core::domain::calendar::Calendar::parse(&text(document, "calendar")?);
        book.calendar = parsed.map_err(|e| unreadable("calendar", e.to_string()))?;
    }
    Ok(book)
}
