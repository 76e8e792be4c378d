//! The firms' rescue keys: the private half in a file only the owner reads, the public half among the reference data.

use std::path::{Path, PathBuf};

use doorstep_core::domain::ids::OrgId;
use doorstep_core::journal::wire::{RESCUE_KIND, RescueDocument};
use doorstep_core::rescue::{KeyId, PublicKey, SecretKey};

use crate::durable;
use crate::storage::{NewDocument, Storage, StorageError};

/// What the files are named: a backup takes every key in the data folder along.
const PREFIX: &str = "rescue-";
const SUFFIX: &str = ".key";

/// The private halves, one file each beside the database: `rescue-ORG.KEYID.key`.
#[derive(Clone, Debug)]
pub struct RescueKeys {
    folder: PathBuf,
}

impl RescueKeys {
    /// The keys of a data folder.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self { folder: data.to_owned() }
    }

    /// The firm and key a bundle is sealed for.
    #[must_use]
    pub fn find(&self, id: KeyId) -> Option<(OrgId, SecretKey)> {
        self.all().into_iter().find(|(_, key)| key.public().id() == id)
    }

    /// Sees to it that a firm has a key, and that its phones are told of it.
    ///
    /// # Errors
    /// When storage fails or the file cannot be written.
    pub async fn ensure(&self, storage: &dyn Storage, org: &OrgId) -> Result<PublicKey, StorageError> {
        let told = public(storage, org).await?;
        let own: Vec<SecretKey> =
            self.all().into_iter().filter(|(of, _)| of == org).map(|(_, key)| key).collect();
        if let Some(told) = told {
            if own.iter().any(|key| key.public() == told) {
                return Ok(told);
            }
            // Nobody could open what phones would make from now on.
            tracing::warn!(%org, key = %told.id(), "the rescue key file is missing: phones get another key");
        }
        let key = match own.into_iter().next_back() {
            Some(key) => key,
            None => self.make(org).map_err(|e| StorageError::Database(Box::new(e)))?,
        };
        let public = key.public();
        let body = serde_json::to_vec(&RescueDocument { public_key: public.to_string() });
        let body = body.map_err(|e| StorageError::Database(Box::new(e)))?;
        let document = NewDocument { kind: RESCUE_KIND, key: RescueDocument::KEY.to_owned(), body };
        storage.put_documents(org.clone(), vec![document]).await?;
        Ok(public)
    }

    fn make(&self, org: &OrgId) -> std::io::Result<SecretKey> {
        let key = SecretKey::new().map_err(std::io::Error::other)?;
        let path = self.folder.join(format!("{PREFIX}{org}.{}{SUFFIX}", key.public().id()));
        durable::write(&path, format!("{}\n", key.to_text()).as_bytes())?;
        Ok(key)
    }

    /// All keys that can be read, in the order of their names.
    fn all(&self) -> Vec<(OrgId, SecretKey)> {
        let Ok(files) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
        paths.sort();
        paths.iter().filter_map(|path| read(path)).collect()
    }
}

/// The public half a firm's phones were told.
pub(crate) async fn public(storage: &dyn Storage, org: &OrgId) -> Result<Option<PublicKey>, StorageError> {
    let documents = storage.documents(org.clone(), RESCUE_KIND.to_owned()).await?;
    let read = |body: &[u8]| serde_json::from_slice::<RescueDocument>(body).ok()?.public_key.parse().ok();
    Ok(documents.iter().find_map(|document| read(&document.body)))
}

fn read(path: &Path) -> Option<(OrgId, SecretKey)> {
    let name = path.file_name()?.to_str()?.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let (org, _) = name.rsplit_once('.')?;
    let key = SecretKey::from_text(&std::fs::read_to_string(path).ok()?).ok()?;
    Some((OrgId::from(org), key))
}
