//! Uploads under way, in a folder of this process: `ORG/parts/DEVICE-SHA256`. What came stays until it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use doorstep_core::domain::ids::Digest;
use sha2::{Digest as _, Sha256};

use super::{BlobKey, names, there};

/// The name of the folder in an org's.
pub(super) const PARTS: &str = "parts";
/// An upload nobody went on with for this long is forgotten; the phone begins it again.
pub(super) const STALE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Where uploads under way are.
#[derive(Clone, Debug)]
pub(super) struct Parts(PathBuf);

impl Parts {
    /// In this folder. Stale uploads are forgotten.
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        for org in there(fs::read_dir(&path))?.into_iter().flatten().flatten() {
            let Ok(parts) = fs::read_dir(org.path().join(PARTS)) else { continue };
            for part in parts.flatten() {
                let modified = part.metadata().and_then(|data| data.modified());
                if modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > STALE)) {
                    let _ = fs::remove_file(part.path());
                }
            }
        }
        Ok(Self(path))
    }

    pub(super) fn path(&self, key: &BlobKey) -> PathBuf {
        self.0.join(names::folder(&key.org)).join(PARTS).join(format!("{}-{}", key.device, key.digest))
    }

    /// How many bytes of an upload are here.
    pub(super) fn offset(&self, key: &BlobKey) -> io::Result<u64> {
        Ok(there(fs::metadata(self.path(key)).map(|data| data.len()))?.unwrap_or(0))
    }

    /// Goes on with an upload at a byte; at 0 it begins anew.
    pub(super) fn upload(&self, key: &BlobKey, from: u64) -> io::Result<Part> {
        let path = self.path(key);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let mut hash = Sha256::new();
        let file = if from == 0 {
            File::create(&path)?
        } else {
            if self.offset(key)? != from {
                return Err(io::Error::from(io::ErrorKind::InvalidInput));
            }
            hash_file(&path, &mut hash)?;
            OpenOptions::new().append(true).open(&path)?
        };
        Ok(Part { file, path, digest: key.digest, hash, offset: from })
    }
}

/// An upload under way.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    digest: Digest,
    hash: Sha256,
    offset: u64,
}

impl Part {
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.offset += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The whole file, when its SHA-256 is right; otherwise nothing stays.
    pub(super) fn whole(self) -> io::Result<Option<(File, PathBuf)>> {
        let hash: [u8; 32] = self.hash.finalize().into();
        if Digest(hash) == self.digest {
            return Ok(Some((self.file, self.path)));
        }
        fs::remove_file(&self.path)?;
        Ok(None)
    }
}

fn hash_file(path: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        hash.update(&buffer[..count]);
    }
}
