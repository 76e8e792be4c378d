//! Photos in a bucket of an S3-compatible store, for several processes or a disk that must not grow.
//!
//! An upload under way lies in a folder of the process it came to; the whole photo goes to the bucket in one request, is
//! read back, and is "verified" when what came back has its SHA-256. A phone whose next part comes to another process
//! begins that photo anew.

use std::fs;
use std::future::Future;
use std::io;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use doorstep_core::domain::ids::{Digest, OrgId};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, Checksum};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientConfigKey, ObjectStore as _, ObjectStoreExt as _, RetryConfig};
use tokio::runtime::{Handle, Runtime};

use super::parts::{Part, Parts};
use super::{BlobKey, BlobStore, StoredPhoto, Upload, names};
use crate::metrics;

/// What the address of a bucket begins with.
const SCHEME: &str = "s3://";
/// How long a store that does not answer is waited for: when connecting, for one answer, and with what is tried again.
/// Longer than the last, a phone would rather come again.
const CONNECT: &str = "3 seconds";
const ANSWER: &str = "15 seconds";
const TRIES: Duration = Duration::from_secs(10);
const AGAIN: usize = 2;
/// The most calls that wait for the store at once, beside all else the process does.
const THREADS: usize = 32;
/// How many photos are looked for at once in one question of a phone.
const LOOKS: usize = 16;

/// Why there are no photos in a bucket, or none now.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The operator's word for it.
    #[error("{0} is no address of a bucket: it is like s3://BUCKET/PREFIX")]
    Address(String),
    /// The `AWS_…` variables, or what is made of them.
    #[error("the settings for {0} cannot be used: {1}")]
    Settings(String, #[source] object_store::Error),
    /// The folder of uploads under way, or the threads.
    #[error("uploads cannot be kept: {0}")]
    Here(#[from] io::Error),
    /// The store answers, and has no such bucket.
    #[error("there is no such bucket")]
    NoBucket,
    /// The store answers, and does not take our key, or not for this.
    #[error("the store does not let us in: {0}")]
    Refused(#[source] object_store::Error),
    /// The store does not answer, or makes mistakes.
    #[error("the store does not answer: {0}")]
    Away(#[source] object_store::Error),
    /// What came back is not what was given.
    #[error("the store gave back other bytes than it was given")]
    OtherBytes,
}

impl BucketError {
    /// What the store has is not known: nobody is to take that for "not there".
    fn io(self) -> io::Error {
        io::Error::new(io::ErrorKind::NotConnected, self)
    }
}

/// A bucket of photos.
pub struct S3Store {
    shared: Arc<Shared>,
    parts: Parts,
}

impl S3Store {
    /// A store at `s3://BUCKET/PREFIX`, with the settings of the usual environment variables: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL` and, for an endpoint without TLS, `AWS_ALLOW_HTTP=true`.
    /// Uploads under way are in `parts`.
    ///
    /// # Errors
    /// When the address is none or the settings cannot be used. Nothing is asked of the store yet.
    pub fn open(url: &str, parts: PathBuf) -> Result<Self, BucketError> {
        Self::with(AmazonS3Builder::from_env(), url, parts)
    }

    fn with(settings: AmazonS3Builder, url: &str, parts: PathBuf) -> Result<Self, BucketError> {
        let place = url.strip_prefix(SCHEME).unwrap_or_default();
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(BucketError::Address(url.to_owned()));
        }
        // The provider is the process's; whoever was first has chosen it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: AGAIN, retry_timeout: TRIES };
        let settings = settings
            .with_bucket_name(bucket)
            .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::ConnectTimeout), CONNECT)
            .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), ANSWER)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_retry(retry);
        let store = settings.build().map_err(|error| BucketError::Settings(url.to_owned(), error))?;
        let mut threads = tokio::runtime::Builder::new_multi_thread();
        let runtime = threads.worker_threads(1).max_blocking_threads(THREADS).enable_all().build()?;
        let shared = Shared { store, prefix: Path::from(prefix), runtime: Some(runtime) };
        Ok(Self { shared: Arc::new(shared), parts: Parts::open(parts)? })
    }
}

struct Shared {
    store: AmazonS3,
    prefix: Path,
    /// Its own: calls of a store block, also where another runtime runs, and must not keep its threads from others.
    runtime: Option<Runtime>,
}

impl Shared {
    fn name(&self, org: &OrgId, digest: Digest) -> Path {
        Path::from(format!("{}/{}", self.prefix, names::of(org, digest)))
    }

    /// Waits for an answer of the store; `None` when it says that there is no such thing.
    fn wait<T: Send + 'static>(
        &self,
        act: &'static str,
        work: impl Future<Output = object_store::Result<T>> + Send + 'static,
    ) -> Result<Option<T>, BucketError> {
        let began = Instant::now();
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let gone = || BucketError::Here(io::ErrorKind::BrokenPipe.into());
        self.runtime.as_ref().ok_or_else(gone)?.spawn(async move { tell.send(work.await) });
        let answer = match told.recv().map_err(|_| gone())? {
            Ok(value) => Ok(Some(value)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(
                error @ (object_store::Error::PermissionDenied { .. }
                | object_store::Error::Unauthenticated { .. }),
            ) => Err(BucketError::Refused(error)),
            Err(error) => Err(BucketError::Away(error)),
        };
        let outcome = match &answer {
            Ok(_) => "answered",
            Err(BucketError::Refused(_)) => "refused",
            Err(_) => "away",
        };
        metrics::photo_store(act, outcome, began.elapsed());
        answer
    }

    fn read(self: &Arc<Self>, name: Path) -> Result<Option<Vec<u8>>, BucketError> {
        let shared = Arc::clone(self);
        let bytes = self.wait("get", async move { shared.store.get(&name).await?.bytes().await })?;
        Ok(bytes.map(Vec::from))
    }

    /// Puts a photo into the bucket, and reads it again: not every store looks at the SHA-256 it is sent.
    fn keep(self: &Arc<Self>, name: &Path, digest: Digest, bytes: Vec<u8>) -> Result<(), BucketError> {
        let (shared, to) = (Arc::clone(self), name.clone());
        let put = self.wait("put", async move { shared.store.put(&to, bytes.into()).await })?;
        put.ok_or(BucketError::NoBucket)?;
        if self.read(name.clone())?.is_some_and(|bytes| Digest::of(&bytes) == digest) {
            return Ok(());
        }
        // Nobody is to take it for the photo.
        let (shared, of) = (Arc::clone(self), name.clone());
        self.wait("delete", async move { shared.store.delete(&of).await })?;
        Err(BucketError::OtherBytes)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Waiting for it is not allowed where another runtime runs, and nothing is under way any more.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl BlobStore for S3Store {
    fn sizes(&self, org: &OrgId, digests: &[Digest]) -> io::Result<Vec<Option<u64>>> {
        let names: Vec<Path> = digests.iter().map(|digest| self.shared.name(org, *digest)).collect();
        let shared = Arc::clone(&self.shared);
        let look = async move {
            let one = |name: Path| {
                let store = &shared.store;
                async move {
                    match store.head(&name).await {
                        Ok(found) => Ok(Some(found.size)),
                        Err(object_store::Error::NotFound { .. }) => Ok(None),
                        Err(error) => Err(error),
                    }
                }
            };
            futures_util::stream::iter(names.into_iter().map(one)).buffered(LOOKS).try_collect().await
        };
        Ok(self.shared.wait("head", look).map_err(BucketError::io)?.unwrap_or_default())
    }

    fn read(&self, org: &OrgId, digest: Digest) -> io::Result<Option<Vec<u8>>> {
        self.shared.read(self.shared.name(org, digest)).map_err(BucketError::io)
    }

    fn photos(&self) -> io::Result<Vec<StoredPhoto>> {
        let shared = Arc::clone(&self.shared);
        let list = async move {
            let prefix = Some(&shared.prefix).filter(|prefix| !prefix.as_ref().is_empty());
            shared.store.list(prefix).try_collect::<Vec<_>>().await
        };
        let all = self.shared.wait("list", list).map_err(BucketError::io)?;
        let photo = |found: &object_store::ObjectMeta| {
            let below = found.location.prefix_match(&self.shared.prefix)?;
            let parts: Vec<String> = below.map(|part| part.as_ref().to_owned()).collect();
            let (org, digest) = names::read(FilePath::new(&parts.join("/")))?;
            Some(StoredPhoto { org, digest, bytes: found.size })
        };
        let all = all.ok_or_else(|| BucketError::NoBucket.io())?;
        let mut photos: Vec<_> = all.iter().filter_map(photo).collect();
        photos.sort();
        Ok(photos)
    }

    fn ready(&self) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let look = async move {
            let prefix = Some(&shared.prefix).filter(|prefix| !prefix.as_ref().is_empty());
            // The folders of the firms: the least there is to list.
            shared.store.list_with_delimiter(prefix).await
        };
        let found = self.shared.wait("list", look).map_err(BucketError::io)?;
        found.map(|_| ()).ok_or_else(|| BucketError::NoBucket.io())
    }

    fn offset(&self, key: &BlobKey) -> io::Result<u64> {
        self.parts.offset(key)
    }

    fn upload(&self, key: &BlobKey, from: u64) -> io::Result<Box<dyn Upload>> {
        let part = self.parts.upload(key, from)?;
        let name = self.shared.name(&key.org, key.digest);
        Ok(Box::new(S3Upload { part, shared: Arc::clone(&self.shared), name, digest: key.digest }))
    }

    fn threads(&self) -> Option<Handle> {
        self.shared.runtime.as_ref().map(|runtime| runtime.handle().clone())
    }
}

struct S3Upload {
    part: Part,
    shared: Arc<Shared>,
    name: Path,
    digest: Digest,
}

impl Upload for S3Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.part.write(bytes)
    }

    fn offset(&self) -> u64 {
        self.part.offset()
    }

    fn finish(self: Box<Self>) -> io::Result<bool> {
        let Self { part, shared, name, digest } = *self;
        let Some((file, path)) = part.whole()? else { return Ok(false) };
        match shared.keep(&name, digest, fs::read(&path)?) {
            Ok(()) => {
                fs::remove_file(&path)?;
                Ok(true)
            }
            Err(why) => {
                // What came stays, but for the last byte: when the phone comes again with that one, this is tried again.
                file.set_len(file.metadata()?.len().saturating_sub(1))?;
                Err(why.io())
            }
        }
    }
}

#[cfg(test)]
#[path = "s3_tests.rs"]
mod tests;
