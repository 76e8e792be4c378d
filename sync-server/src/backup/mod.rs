//! Backups: a consistent copy of a running server's data, put back under a new epoch, and a look at whether all of it holds.
//!
//! A place for backups is a folder. Each backup is a folder in it, named for its moment, with the database, the key files
//! and a manifest; the photos, which never change, lie once beside them in `blobs`. Photos in a bucket are noted.

mod files;
mod manifest;
mod put_back;
mod take;
mod verify;

use std::io;
use std::path::{Path, PathBuf};

pub use self::manifest::{Manifest, ManifestFile, ManifestOrg};
pub use self::put_back::{Restored, restore};
pub use self::take::{Bucket, Taken, backup, backup_with};
pub use self::verify::{Report, verify, verify_with};
use crate::error::Failure;
use crate::storage::StorageError;
pub use crate::storage::sqlite::check::{What, Wrong};

/// Where photos lie, in a place for backups as in a data folder.
const BLOBS: &str = "blobs";
/// What a restore puts together in a data folder before it is one; while it is there, nothing is served from the folder.
pub(crate) const RESTORING: &str = ".restoring";

/// Why there is no backup, or none was put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is nothing to be copied.
    #[error("{0} is no data folder: there is no database in it")]
    NoData(PathBuf),
    /// There is nothing to be put back. A backup that was interrupted is none.
    #[error("in {0} there is no backup")]
    NoBackup(PathBuf),
    /// Another backup into the same place is under way.
    #[error("another backup into {0} is under way")]
    UnderWay(PathBuf),
    /// The data folder holds something.
    #[error("{0} is not empty: a backup is put back into an empty folder only")]
    NotEmpty(PathBuf),
    /// The manifest.
    #[error("the manifest {path} cannot be read: {why}")]
    Manifest {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// What was copied is not what it should be.
    #[error("{}", list(.0))]
    Damaged(Vec<Wrong>),
    /// The store of photos.
    #[error("the photos cannot be read: {0}")]
    Photos(io::Error),
    /// The bucket a backup names.
    #[error(transparent)]
    Bucket(#[from] crate::blobs::BucketError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The new epoch.
    #[error("the new epoch could not be started: {0}")]
    Epoch(#[from] Failure),
}

fn list(wrong: &[Wrong]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Puts a path to an error.
fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path, source }
}
