//! Whether a data folder or a backup holds: its files, its photos, its chains, its seals, and every order as its log gives it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use doorstep_core::domain::ids::Digest;

use super::manifest::{self, Manifest};
use super::{BLOBS, BackupError, ManifestFile, What, Wrong, at, files};
use crate::blobs::{BlobStore, FolderStore, S3Store, StoredPhoto};
use crate::storage::sqlite::{self, check};

/// What was looked at, and what is wrong.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// The folder.
    pub folder: PathBuf,
    /// Entries whose chain was followed.
    pub entries: u64,
    /// Orders that were folded again.
    pub orders: u64,
    /// Photos that were hashed.
    pub photos: u64,
    /// What is wrong; empty when everything holds.
    pub wrong: Vec<Wrong>,
}

/// Looks over a data folder, a backup, or the newest backup in a place. Changes nothing; a server may run on it. Of photos
/// in a bucket that a backup noted, only whether they are there is looked at, and their size.
///
/// # Errors
/// When there is neither, or it cannot be read at all.
pub fn verify(folder: &Path) -> Result<Report, BackupError> {
    verify_with(folder, None)
}

/// As [`verify`]. `photos`: where those of a data folder are when they are not in it; each is read.
///
/// # Errors
/// As [`verify`].
pub fn verify_with(folder: &Path, photos: Option<&dyn BlobStore>) -> Result<Report, BackupError> {
    let mut report = Report::default();
    let database = folder.join(sqlite::FILE);
    if database.is_file() && !folder.join(manifest::NAME).is_file() {
        report.folder = folder.to_owned();
        let blobs = folder.join(BLOBS);
        match photos {
            Some(store) => report.store(store)?,
            None => report.store(&FolderStore::open(blobs.clone()).map_err(at(&blobs))?)?,
        }
        report.database(&database)?;
        return Ok(report);
    }
    report.folder = manifest::find(folder)?;
    let manifest = Manifest::read(&report.folder)?;
    let from = report.folder.clone();
    let blobs = from.parent().unwrap_or(Path::new(".")).join(BLOBS);
    for file in &manifest.files {
        report.file(&from, file)?;
    }
    match &manifest.bucket {
        None => {
            for photo in &manifest.photos {
                report.photos += 1;
                report.file(&blobs, photo)?;
            }
        }
        Some(bucket) => report.noted(bucket, &manifest.photos, &S3Store::open(bucket, blobs)?)?,
    }
    let database = from.join(sqlite::FILE);
    if database.is_file() {
        report.database(&database)?;
    }
    Ok(report)
}

impl Report {
    fn say(&mut self, what: What, text: String) {
        self.wrong.push(Wrong { what, text });
    }

    fn file(&mut self, folder: &Path, file: &ManifestFile) -> Result<(), BackupError> {
        match files::measure(&folder.join(&file.path))? {
            None => self.say(What::File, format!("{} is missing", file.path.display())),
            Some(found) if found != (file.bytes, file.sha256) => {
                self.say(What::File, format!("{} is not as the manifest says", file.path.display()));
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Reads every photo of a store.
    fn store(&mut self, store: &dyn BlobStore) -> Result<(), BackupError> {
        for StoredPhoto { org, digest, .. } in store.photos().map_err(BackupError::Photos)? {
            self.photos += 1;
            let bytes = store.read(&org, digest).map_err(BackupError::Photos)?;
            if bytes.is_none_or(|bytes| Digest::of(&bytes) != digest) {
                self.say(What::Photo, format!("{org}/{digest}: its bytes are others"));
            }
        }
        Ok(())
    }

    /// Whether a bucket has what a backup noted.
    fn noted(
        &mut self,
        bucket: &str,
        photos: &[ManifestFile],
        store: &dyn BlobStore,
    ) -> Result<(), BackupError> {
        let there = store.photos().map_err(BackupError::Photos)?;
        let there: HashSet<ManifestFile> = there.iter().map(ManifestFile::of_photo).collect();
        for photo in photos {
            self.photos += 1;
            if !there.contains(photo) {
                self.say(What::Photo, format!("{bucket}: {} is missing, or cut short", photo.path.display()));
            }
        }
        Ok(())
    }

    fn database(&mut self, file: &Path) -> Result<(), BackupError> {
        let found = check::examine(file)?;
        self.entries = found.entries;
        self.orders = found.orders;
        self.wrong.extend(found.wrong);
        Ok(())
    }
}
