//! Taking a backup while the server runs.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::manifest::{Manifest, ManifestOrg};
use super::{BLOBS, BackupError, ManifestFile, What, Wrong, at, files};
use crate::blobs::{BlobStore, photos_in};
use crate::storage::sqlite;

/// A folder's name while the backup in it is under way.
const TAKING: &str = ".taking-";
const LOCK: &str = ".lock";

/// A backup that was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Its folder.
    pub folder: PathBuf,
    /// What is in it.
    pub manifest: Manifest,
    /// How many photos were copied; the others were there from earlier backups.
    pub copied: usize,
    /// Photos whose bytes in the data folder are not those their name says: they are not part of the backup.
    pub wrong: Vec<Wrong>,
}

/// A bucket a server's photos are in: its address, and itself.
pub type Bucket<'a> = (&'a str, &'a dyn BlobStore);

/// Takes a backup of a data folder into a place for backups. The server may run; it must be this machine's.
///
/// The database first, as of one moment, then the photos: every photo the database speaks of that had come by then is in it.
///
/// # Errors
/// See [`BackupError`]. What was begun has another name than a backup's and is removed by the next one.
pub fn backup(data: &Path, place: &Path, now: DateTime<Utc>) -> Result<Taken, BackupError> {
    backup_with(data, None, place, now)
}

/// As [`backup`], of a folder whose photos may be in a bucket. They stay there: the backup notes which there are.
///
/// # Errors
/// As [`backup`]; when the bucket cannot be listed.
pub fn backup_with(
    data: &Path,
    bucket: Option<Bucket<'_>>,
    place: &Path,
    now: DateTime<Utc>,
) -> Result<Taken, BackupError> {
    if !data.join(sqlite::FILE).is_file() {
        return Err(BackupError::NoData(data.to_owned()));
    }
    files::make_folder(place)?;
    // Held until the end.
    let _lock = lock(place)?;
    let name = now.format("%Y%m%dT%H%M%S%3fZ").to_string();
    let (taking, folder) = (place.join(format!("{TAKING}{name}")), place.join(&name));
    files::make_folder(&taking)?;
    let database = taking.join(sqlite::FILE);
    sqlite::copy(data, &database)?;
    files::close_to_others(&database)?;
    files::sync(&database)?;
    let found = sqlite::check::look(&database)?;
    if !found.wrong.is_empty() {
        return Err(BackupError::Damaged(found.wrong));
    }
    let org =
        |(org, clock): (_, crate::storage::Clock)| ManifestOrg { org, seq: clock.seq, epoch: clock.epoch };
    let orgs = found.orgs.into_iter().map(org).collect();
    let address = bucket.map(|(address, _)| address.to_owned());
    let mut manifest = Manifest::begin(now.to_rfc3339(), found.schema, orgs, address);
    manifest.files.push(files::entry(&taking, Path::new(sqlite::FILE))?);
    for key in files::keys_in(data)? {
        let (bytes, sha256) = files::copy(&data.join(&key), &taking.join(&key))?;
        let written = files::entry(&taking, &key)?;
        expect((bytes, sha256) == (written.bytes, written.sha256), &written)?;
        manifest.files.push(written);
    }
    let mut wrong = Vec::new();
    let copied = match bucket {
        None => photos(&data.join(BLOBS), &place.join(BLOBS), &mut manifest.photos, &mut wrong)?,
        Some((_, store)) => {
            let noted = store.photos().map_err(BackupError::Photos)?;
            manifest.photos.extend(noted.iter().map(ManifestFile::of_photo));
            0
        }
    };
    manifest.write(&taking)?;
    files::sync(&taking)?;
    fs::rename(&taking, &folder).map_err(at(&folder))?;
    files::sync(place)?;
    tell_what_is_safe(data, &folder);
    Ok(Taken { folder, manifest, copied, wrong })
}

/// Tells the running database how far each phone's journal stands in a backup: the phones may let go of that. A backup is
/// one also when this fails; the next one tells it again.
fn tell_what_is_safe(data: &Path, folder: &Path) {
    let told = sqlite::kept(&folder.join(sqlite::FILE)).and_then(|kept| sqlite::mark_safe(data, &kept));
    if let Err(error) = told {
        tracing::warn!(%error, "phones are not told what is safe");
    }
}

/// One backup at a time; what an interrupted one left is removed.
fn lock(place: &Path) -> Result<File, BackupError> {
    let path = place.join(LOCK);
    let file = File::create(&path).map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(BackupError::UnderWay(place.to_owned())),
        Err(TryLockError::Error(source)) => return Err(at(&path)(source)),
    }
    for entry in fs::read_dir(place).map_err(at(place))? {
        let entry = entry.map_err(at(place))?;
        if entry.file_name().to_string_lossy().starts_with(TAKING) {
            fs::remove_dir_all(entry.path()).map_err(at(&entry.path()))?;
        }
    }
    Ok(file)
}

/// Copies the photos that are not there yet, and reads each again from where it was written.
fn photos(
    from: &Path,
    to: &Path,
    list: &mut Vec<ManifestFile>,
    wrong: &mut Vec<Wrong>,
) -> Result<usize, BackupError> {
    let mut copied = 0;
    let mut shelves = BTreeSet::new();
    for (path, sha256) in photos_in(from).map_err(at(from))? {
        let (source, target) = (from.join(&path), to.join(&path));
        let bytes = fs::metadata(&source).map_err(at(&source))?.len();
        let is_there = fs::metadata(&target).is_ok_and(|there| there.len() == bytes);
        if !is_there {
            if let Some(shelf) = target.parent() {
                files::make_folder(shelf)?;
                shelves.extend(shelf.ancestors().take(3).map(Path::to_owned));
            }
            let (_, read) = files::copy(&source, &target)?;
            if read != sha256 {
                fs::remove_file(&target).map_err(at(&target))?;
                wrong.push(Wrong {
                    what: What::Photo,
                    text: format!("{}: its bytes are others", path.display()),
                });
                continue;
            }
            copied += 1;
            let written = files::entry(to, &path)?;
            expect((written.bytes, written.sha256) == (bytes, sha256), &written)?;
        }
        list.push(ManifestFile { path, sha256, bytes });
    }
    shelves.iter().try_for_each(|shelf| files::sync(shelf))?;
    Ok(copied)
}

fn expect(is_same: bool, file: &ManifestFile) -> Result<(), BackupError> {
    if is_same {
        return Ok(());
    }
    let text = format!("{} was written, and reads otherwise", file.path.display());
    Err(BackupError::Damaged(vec![Wrong { what: What::File, text }]))
}
