//! The folder of photos beside the phone's file: each by its digest, whole or not there at all.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::domain::ids::Digest;
use crate::phone::at_rest::FileKey;
use crate::phone::durable::{self, failed};
use crate::phone::error::Result;
use crate::phone::media::Prepared;

/// A file nothing refers to is left alone this long: another process may be about to record it.
const FRESH: Duration = Duration::from_secs(10 * 60);
const FULL: &str = ".jpg";
const PREVIEW: &str = ".preview.jpg";
const PART: &str = durable::PART;

/// Where photos are kept.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// With it files are encrypted.
    key: Option<FileKey>,
}

/// Which picture of a photo.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PhotoSize {
    /// As large as the policy keeps photos.
    Full,
    /// For a screen.
    Preview,
}

impl Folder {
    /// The folder of a phone's file.
    pub(crate) fn beside(file: &Path, key: Option<FileKey>) -> Self {
        Self { path: durable::with_suffix(file, ".photos"), key }
    }

    /// Whether a picture lies here.
    pub(crate) fn has(&self, digest: Digest, size: PhotoSize) -> bool {
        self.path.join(name(digest, size)).is_file()
    }

    /// A picture's bytes; `None` when it is not here, or no longer what was kept.
    pub(crate) fn read(&self, digest: Digest, size: PhotoSize) -> Result<Option<Vec<u8>>> {
        let name = name(digest, size);
        let bytes = match fs::read(self.path.join(&name)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(failed)?,
        };
        Ok(match &self.key {
            Some(key) if FileKey::is_sealed(&bytes) => key.open(&name, &bytes),
            _ => Some(bytes),
        })
    }

    /// Encrypts what was kept before there was a key.
    pub(crate) fn seal_all(&self) -> Result<()> {
        for path in self.files()? {
            let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let mut begin = [0; 4];
            let is_plain = File::open(&path)
                .and_then(|mut file| file.read_exact(&mut begin))
                .is_ok_and(|()| !FileKey::is_sealed(&begin));
            if is_plain && file.ends_with(FULL) {
                self.write(file, &fs::read(&path).map_err(failed)?)?;
            }
        }
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        match &self.key {
            Some(key) => durable::write(&path, &key.seal(name, bytes)?),
            None => durable::write(&path, bytes),
        }
    }

    /// Writes a photo's files. When this returns, they and their names are on the disk.
    pub(crate) fn keep(&self, photo: &Prepared) -> Result<()> {
        if !self.path.is_dir() {
            fs::create_dir_all(&self.path).map_err(failed)?;
            durable::sync_folder_of(&self.path)?;
        }
        self.write(&name(photo.digest, PhotoSize::Preview), &photo.preview)?;
        self.write(&name(photo.digest, PhotoSize::Full), &photo.full)
    }

    /// Removes both files of a photo that was never recorded.
    pub(crate) fn discard(&self, digest: Digest) {
        // What cannot be removed now is swept when the phone is opened again.
        for size in [PhotoSize::Full, PhotoSize::Preview] {
            let _ = fs::remove_file(self.path.join(name(digest, size)));
        }
    }

    /// Removes the full photo alone.
    pub(crate) fn remove_full(&self, digest: Digest) -> Result<()> {
        durable::remove(&self.path.join(name(digest, PhotoSize::Full)))
    }

    /// The photos that lie here in full, by the names of their files.
    pub(crate) fn photos(&self) -> Result<Vec<(Digest, u64)>> {
        let full = |path: &Path| {
            let name = path.file_name()?.to_str()?.strip_suffix(FULL)?;
            let longer = if self.key.is_some() { FileKey::LONGER } else { 0 };
            Some((name.parse().ok()?, path.metadata().ok()?.len().saturating_sub(longer)))
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
        match fs::read_dir(&self.path) {
            Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).collect()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(failed(e)),
        }
    }
}

fn name(digest: Digest, size: PhotoSize) -> String {
    match size {
        PhotoSize::Full => format!("{digest}{FULL}"),
        PhotoSize::Preview => format!("{digest}{PREVIEW}"),
    }
}
