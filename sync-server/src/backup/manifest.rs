//! The manifest of a backup: what belongs to it, with size and SHA-256 of each file. Written last.

use std::fs;
use std::path::{Path, PathBuf};

use doorstep_core::domain::ids::{Digest, OrgId};
use serde::{Deserialize, Serialize};

use super::{BackupError, at, files};
use crate::blobs::StoredPhoto;

/// The file's name.
pub(super) const NAME: &str = "manifest.json";
/// The format of a backup with its photos, and of one whose photos are in a bucket: the newest this version reads.
const FORMAT: u32 = 1;
const FORMAT_BUCKET: u32 = 2;

/// What a backup holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of this file and of the folder, from 1.
    pub format: u32,
    /// The version of the server that made it.
    pub version: String,
    /// The database's schema version.
    pub schema: i64,
    /// When it was begun, RFC 3339 in UTC.
    pub taken: String,
    /// Where each org stood.
    pub orgs: Vec<ManifestOrg>,
    /// The database and the key files, beside this file.
    pub files: Vec<ManifestFile>,
    /// Photos, in `blobs` beside the backup's folder, or in the bucket.
    pub photos: Vec<ManifestFile>,
    /// The bucket the photos are in, `s3://BUCKET/PREFIX`: they are no part of the backup then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
}

/// Where an org stood.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ManifestOrg {
    /// Its code.
    pub org: OrgId,
    /// Its seq.
    pub seq: u64,
    /// Its epoch.
    pub epoch: u64,
}

/// A file.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its path, with `/` between names.
    pub path: PathBuf,
    /// Its SHA-256.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

impl ManifestFile {
    /// A photo in a store.
    pub(super) fn of_photo(photo: &StoredPhoto) -> Self {
        Self { path: photo.name().into(), sha256: photo.digest, bytes: photo.bytes }
    }
}

impl Manifest {
    /// A manifest of this version, without anything in it.
    pub(super) fn begin(taken: String, schema: i64, orgs: Vec<ManifestOrg>, bucket: Option<String>) -> Self {
        let format = if bucket.is_some() { FORMAT_BUCKET } else { FORMAT };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { format, version, schema, taken, orgs, files: Vec::new(), photos: Vec::new(), bucket }
    }

    /// Reads the manifest in a backup's folder.
    pub(super) fn read(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(NAME);
        let text = fs::read(&path).map_err(at(&path))?;
        let manifest: Self = match serde_json::from_slice(&text) {
            Ok(manifest) => manifest,
            Err(why) => return Err(BackupError::Manifest { path, why: why.to_string() }),
        };
        if manifest.format > FORMAT_BUCKET {
            let why = format!("its format is {}, this server knows up to {FORMAT_BUCKET}", manifest.format);
            return Err(BackupError::Manifest { path, why });
        }
        // It names what lies beside it, and nothing else on this machine.
        let outside = manifest.files.iter().chain(&manifest.photos).find(|file| !files::is_below(&file.path));
        match outside {
            Some(file) => {
                let why = format!("{} is outside of the backup", file.path.display());
                Err(BackupError::Manifest { path, why })
            }
            None => Ok(manifest),
        }
    }

    /// Writes it, on the disk when this returns.
    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let path = folder.join(NAME);
        let text = serde_json::to_vec_pretty(self)
            .map_err(|e| BackupError::Manifest { path: path.clone(), why: e.to_string() })?;
        files::write(&path, &text)
    }
}

/// The folder of a backup: this one, or the newest whole one in it.
pub(super) fn find(place: &Path) -> Result<PathBuf, BackupError> {
    if place.join(NAME).is_file() {
        return Ok(place.to_owned());
    }
    let none = || BackupError::NoBackup(place.to_owned());
    let mut whole = Vec::new();
    for entry in fs::read_dir(place).map_err(|_| none())? {
        let entry = entry.map_err(at(place))?;
        let is_whole = !entry.file_name().to_string_lossy().starts_with('.');
        if is_whole && entry.path().join(NAME).is_file() {
            whole.push(entry.path());
        }
    }
    whole.into_iter().max().ok_or_else(none)
}
