//! Putting a backup back: into an empty folder, checked on the way, under a new epoch.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use doorstep_core::domain::ids::OrgId;

use super::manifest::{self, Manifest};
use super::{BLOBS, BackupError, ManifestFile, RESTORING, What, Wrong, at, files};
use crate::config::ServerConfig;
use crate::storage::sqlite;
use crate::{admin, open};

/// A backup that was put back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The backup's folder.
    pub from: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
    /// The orgs, each in a new epoch now: phones compare what they have, and send again what is missing here.
    pub orgs: Vec<OrgId>,
}

/// Puts a backup, or the newest one in a place for backups, into an empty data folder.
///
/// The database gets its name last: until then the folder is not served from, and the same call may be made again.
///
/// # Errors
/// See [`BackupError`]; a file that is missing or not as the manifest says is [`BackupError::Damaged`].
pub async fn restore(from: &Path, data: &Path) -> Result<Restored, BackupError> {
    let from = manifest::find(from)?;
    let manifest = Manifest::read(&from)?;
    let staging = data.join(RESTORING);
    files::make_folder(data)?;
    let is_empty = fs::read_dir(data).map_err(at(data))?.next().is_none();
    if !is_empty && !staging.is_dir() {
        return Err(BackupError::NotEmpty(data.to_owned()));
    }
    files::make_folder(&staging)?;
    files::sync(data)?;
    copy(&from, &manifest, data)?;
    let database = staging.join(sqlite::FILE);
    let found = sqlite::check::look(&database)?;
    if !found.wrong.is_empty() {
        return Err(BackupError::Damaged(found.wrong));
    }
    let orgs = start_epochs(&staging).await?;
    sqlite::into_one_file(&database)?;
    files::sync(&database)?;
    let named = data.join(sqlite::FILE);
    fs::rename(&database, &named).map_err(at(&named))?;
    files::sync(data)?;
    fs::remove_dir_all(&staging).map_err(at(&staging))?;
    files::sync(data)?;
    Ok(Restored { from, manifest, orgs })
}

fn copy(from: &Path, manifest: &Manifest, data: &Path) -> Result<(), BackupError> {
    let blobs = from.parent().unwrap_or(Path::new(".")).join(BLOBS);
    let mut wrong = Vec::new();
    for file in &manifest.files {
        let is_database = file.path == Path::new(sqlite::FILE);
        let folder = if is_database { data.join(RESTORING) } else { data.to_owned() };
        one(file, from, &folder, &mut wrong)?;
    }
    // Those in a bucket are there still, or phones send them again.
    let photos = manifest.photos.iter().filter(|_| manifest.bucket.is_none());
    for photo in photos {
        one(photo, &blobs, &data.join(BLOBS), &mut wrong)?;
    }
    if wrong.is_empty() { Ok(()) } else { Err(BackupError::Damaged(wrong)) }
}

fn one(file: &ManifestFile, from: &Path, to: &Path, wrong: &mut Vec<Wrong>) -> Result<(), BackupError> {
    let (source, target) = (from.join(&file.path), to.join(&file.path));
    if !source.is_file() {
        wrong.push(Wrong { what: What::File, text: format!("{} is missing", source.display()) });
        return Ok(());
    }
    if let Some(folder) = target.parent() {
        files::make_folder(folder)?;
    }
    if files::copy(&source, &target)? != (file.bytes, file.sha256) {
        let text = format!("{} is not as the manifest says", source.display());
        wrong.push(Wrong { what: What::File, text });
    }
    if let Some(folder) = target.parent() {
        files::sync(folder)?;
    }
    Ok(())
}

/// Starts another epoch for every org, as an operator does by hand after another kind of copy was put back.
async fn start_epochs(folder: &Path) -> Result<Vec<OrgId>, BackupError> {
    // Nothing listens: the address is never used.
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let state = open(&ServerConfig::new(folder, nowhere)).await.map_err(|error| match error {
        crate::ServerError::Storage(error) => error.into(),
        other => BackupError::Manifest { path: folder.to_owned(), why: other.to_string() },
    })?;
    let orgs = state.storage().orgs().await?;
    for org in &orgs {
        admin::restored(&state, org).await?;
    }
    Ok(orgs)
}
