//! Whether a data folder or a backup holds: its files, its photos, its chains, its seals, and every order as its log gives it.

use std::path::{Path, PathBuf};

use doorstep_core::domain::ids::Digest;

use super::manifest::{self, Manifest};
use super::{BLOBS, BackupError, ManifestFile, What, Wrong, at, files};
use crate::blobs::{BlobStore, FolderStore};
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

/// Looks over a data folder and the store its photos are in. Changes nothing; a server may run on it.
///
/// # Errors
/// When it cannot be read at all.
pub fn verify_with(data: &Path, photos: &dyn BlobStore) -> Result<Report, BackupError> {
    let mut report = Report { folder: data.to_owned(), ..Report::default() };
    for (org, sha256) in photos.photos().map_err(BackupError::Photos)? {
        report.photos += 1;
        let bytes = photos.read(&org, sha256).map_err(BackupError::Photos)?;
        if bytes.is_none_or(|bytes| Digest::of(&bytes) != sha256) {
            report.say(What::Photo, format!("{org}/{sha256}: its bytes are others"));
        }
    }
    report.database(&data.join(sqlite::FILE))?;
    Ok(report)
}

/// Looks over a data folder, a backup, or the newest backup in a place. Changes nothing; a server may run on it.
///
/// # Errors
/// When there is neither, or it cannot be read at all.
pub fn verify(folder: &Path) -> Result<Report, BackupError> {
    let mut report = Report::default();
    let database = folder.join(sqlite::FILE);
    if database.is_file() && !folder.join(manifest::NAME).is_file() {
        let blobs = folder.join(BLOBS);
        return verify_with(folder, &FolderStore::open(blobs.clone()).map_err(at(&blobs))?);
    }
    report.folder = manifest::find(folder)?;
    let manifest = Manifest::read(&report.folder)?;
    let from = report.folder.clone();
    let blobs = from.parent().unwrap_or(Path::new(".")).join(BLOBS);
    for file in &manifest.files {
        report.file(&from, file)?;
    }
    for photo in &manifest.photos {
        report.photos += 1;
        report.file(&blobs, photo)?;
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

    fn database(&mut self, file: &Path) -> Result<(), BackupError> {
        let found = check::examine(file)?;
        self.entries = found.entries;
        self.orders = found.orders;
        self.wrong.extend(found.wrong);
        Ok(())
    }
}
