//! The folder of photos beside the phone's file: each by its digest, whole or not there at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::domain::ids::Digest;
use crate::phone::error::{PhoneError, Result};
use crate::phone::media::Prepared;

/// A file nothing refers to is left alone this long: another process may be about to record it.
const FRESH: Duration = Duration::from_secs(10 * 60);
const FULL: &str = ".jpg";
const PREVIEW: &str = ".preview.jpg";
const PART: &str = ".part";

/// Where photos are kept.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder of a phone's file.
    pub(crate) fn beside(file: &Path) -> Self {
        let mut name = file.as_os_str().to_owned();
        name.push(".photos");
        Self(PathBuf::from(name))
    }

    /// Where a photo lies in full.
    pub(crate) fn full(&self, digest: Digest) -> PathBuf {
        self.0.join(format!("{digest}{FULL}"))
    }

    /// Where its smaller picture lies.
    pub(crate) fn preview(&self, digest: Digest) -> PathBuf {
        self.0.join(format!("{digest}{PREVIEW}"))
    }

    /// Writes a photo's files. When this returns, they and their names are on the disk.
    pub(crate) fn keep(&self, photo: &Prepared) -> Result<()> {
        if !self.0.is_dir() {
            fs::create_dir_all(&self.0).map_err(failed)?;
            let parent = self.0.parent().filter(|parent| !parent.as_os_str().is_empty());
            sync_folder(parent.unwrap_or(Path::new(".")))?;
        }
        let written = write_whole(&self.preview(photo.digest), &photo.preview)
            .and_then(|()| write_whole(&self.full(photo.digest), &photo.full));
        written.and_then(|()| sync_folder(&self.0))
    }

    /// Removes both files of a photo that was never recorded.
    pub(crate) fn discard(&self, digest: Digest) {
        // What cannot be removed now is swept when the phone is opened again.
        let _ = fs::remove_file(self.full(digest));
        let _ = fs::remove_file(self.preview(digest));
    }

    /// Removes the full photo alone.
    pub(crate) fn remove_full(&self, digest: Digest) -> Result<()> {
        match fs::remove_file(self.full(digest)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(failed(e)),
            _ => Ok(()),
        }
    }

    /// The photos that lie here in full, by the names of their files.
    pub(crate) fn photos(&self) -> Result<Vec<(Digest, u64)>> {
        let full = |path: &Path| {
            let name = path.file_name()?.to_str()?.strip_suffix(FULL)?;
            Some((name.parse().ok()?, path.metadata().ok()?.len()))
        };
        Ok(self.files()?.iter().filter_map(|path| full(path)).collect())
    }

    /// Removes files that no photo refers to: what a lost power line left between a file and its fact.
    pub(crate) fn sweep(&self, is_known: impl Fn(Digest) -> Result<bool>) -> Result<()> {
        for path in self.files()? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let digest = name.split('.').next().and_then(|digest| digest.parse().ok());
            let is_orphan = match digest {
                Some(digest) => name.ends_with(PART) || !is_known(digest)?,
                // Not a name of ours.
                None => false,
            };
            let modified = path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            let is_old = modified.elapsed().is_ok_and(|age| age > FRESH);
            if is_orphan && is_old {
                let _ = fs::remove_file(&path);
            }
        }
        Ok(())
    }

    fn files(&self) -> Result<Vec<PathBuf>> {
        match fs::read_dir(&self.0) {
            Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).collect()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(failed(e)),
        }
    }
}

/// Writes a file under another name and gives it its own when it is whole and on the disk.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(PART);
    let part = PathBuf::from(part);
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&part);
        failed(error)
    })
}

/// A new name in a folder is only sure to stay when the folder itself was written.
fn sync_folder(path: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed)?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

pub(super) fn failed(error: std::io::Error) -> PhoneError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => PhoneError::StorageFull,
        _ => PhoneError::Storage(format!("photos: {error}")),
    }
}
