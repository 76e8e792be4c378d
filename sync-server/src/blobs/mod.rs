//! Photos the server keeps, by their SHA-256, beside the database: in a folder, or in a bucket.

#[cfg(test)]
mod conformance;
mod folder;
mod names;
mod parts;
mod s3;

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use doorstep_core::domain::ids::{DeviceId, Digest, OrgId};
use tokio::runtime::Handle;

pub use self::folder::{FolderStore, photos_in};
pub use self::s3::{BucketError, S3Store};

/// How long a request waits for another of the same phone about the same photo: one whose connection is gone ends soon.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whose photo, which one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BlobKey {
    /// The org.
    pub org: OrgId,
    /// The phone that sends it: two phones that send the same photo do not disturb each other.
    pub device: DeviceId,
    /// SHA-256.
    pub digest: Digest,
}

/// A photo that is there whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct StoredPhoto {
    /// The org.
    pub org: OrgId,
    /// The SHA-256 its name says.
    pub digest: Digest,
    /// Its size.
    pub bytes: u64,
}

impl StoredPhoto {
    /// Its name below its store, with slashes.
    #[must_use]
    pub fn name(&self) -> String {
        names::of(&self.org, self.digest)
    }
}

/// Where photos are kept. All calls block: they are made by [`on_threads`]. A store that cannot be asked now gives
/// [`io::ErrorKind::NotConnected`].
pub trait BlobStore: Send + Sync {
    /// The size of each photo that is here whole and verified.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn sizes(&self, org: &OrgId, digests: &[Digest]) -> io::Result<Vec<Option<u64>>>;
    /// The size of a photo that is here whole and verified.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn size(&self, org: &OrgId, digest: Digest) -> io::Result<Option<u64>> {
        Ok(self.sizes(org, &[digest])?.into_iter().flatten().next())
    }
    /// A whole photo.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn read(&self, org: &OrgId, digest: Digest) -> io::Result<Option<Vec<u8>>>;
    /// Every photo that is here whole, sorted.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn photos(&self) -> io::Result<Vec<StoredPhoto>>;
    /// Whether photos can be kept and read now, as far as a look says.
    ///
    /// # Errors
    /// Why not.
    fn ready(&self) -> io::Result<()>;
    /// How many bytes of an upload under way are here.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn offset(&self, key: &BlobKey) -> io::Result<u64>;
    /// Goes on with an upload at a byte; at 0 it begins anew. [`io::ErrorKind::InvalidInput`] at any other byte than the
    /// next.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn upload(&self, key: &BlobKey, from: u64) -> io::Result<Box<dyn Upload>>;
    /// Threads of its own, where it may be waited for long: what is beside photos must not wait for it.
    fn threads(&self) -> Option<Handle> {
        None
    }
}

/// An upload under way. What was written stays when it is dropped.
pub trait Upload: Send {
    /// Adds bytes.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// How many bytes are here.
    fn offset(&self) -> u64;
    /// Ends it: true when the SHA-256 is right, and the photo is then kept for good under its name. When it is wrong, nothing
    /// stays.
    ///
    /// # Errors
    /// When the store cannot be written; then what came stays, and the upload is gone on with at [`BlobStore::offset`].
    fn finish(self: Box<Self>) -> io::Result<bool>;
}

/// Does work on a store where threads may block.
///
/// # Errors
/// Those of the work.
pub(crate) async fn on_threads<T: Send + 'static>(
    store: &dyn BlobStore,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = match store.threads() {
        Some(threads) => threads.spawn_blocking(work),
        None => tokio::task::spawn_blocking(work),
    };
    done.await.map_err(io::Error::other)?
}

/// The uploads this process works on, one at a time for each key.
#[derive(Clone, Default)]
pub struct Uploads(Arc<Mutex<HashSet<BlobKey>>>);

/// Held while an upload is worked on.
pub struct Turn {
    key: BlobKey,
    uploads: Uploads,
}

impl Uploads {
    /// Waits a moment for the upload to be free; `None` when it is not.
    pub async fn turn(&self, key: &BlobKey) -> Option<Turn> {
        let step = PATIENCE / 40;
        for _ in 0..40 {
            if self.all().insert(key.clone()) {
                return Some(Turn { key: key.clone(), uploads: self.clone() });
            }
            tokio::time::sleep(step).await;
        }
        None
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashSet<BlobKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is not there is no error.
fn there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.uploads.all().remove(&self.key);
    }
}
