//! Photos in a local folder: `ORG/ab/abcd…`, and uploads under way in `ORG/parts`. A photo is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use doorstep_core::domain::ids::{Digest, OrgId};
use sha2::{Digest as _, Sha256};

use super::{BlobKey, BlobStore, Upload};

const PARTS: &str = "parts";
/// An upload nobody went on with for this long is forgotten; the phone begins it again.
const STALE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A folder of photos.
#[derive(Clone, Debug)]
pub struct FolderStore(PathBuf);

impl FolderStore {
    /// A store in this folder, which is made with the first photo. Stale uploads are forgotten.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(path: PathBuf) -> io::Result<Self> {
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

    fn whole(&self, org: &OrgId, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        let (shelf, _) = name.split_at(2);
        self.0.join(folder_name(org)).join(shelf).join(&name)
    }

    fn part(&self, key: &BlobKey) -> PathBuf {
        self.0.join(folder_name(&key.org)).join(PARTS).join(format!("{}-{}", key.device, key.digest))
    }
}

/// A folder's name for an org: its code where that is plain, otherwise its bytes in hexadecimal behind a `=`.
fn folder_name(org: &OrgId) -> String {
    let code = org.as_str();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !code.is_empty() && code.chars().all(is_plain) {
        return code.to_owned();
    }
    code.bytes().fold("=".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

impl BlobStore for FolderStore {
    fn size(&self, org: &OrgId, digest: Digest) -> io::Result<Option<u64>> {
        there(fs::metadata(self.whole(org, digest)).map(|data| data.len()))
    }

    fn read(&self, org: &OrgId, digest: Digest) -> io::Result<Option<Vec<u8>>> {
        there(fs::read(self.whole(org, digest)))
    }

    fn offset(&self, key: &BlobKey) -> io::Result<u64> {
        Ok(there(fs::metadata(self.part(key)).map(|data| data.len()))?.unwrap_or(0))
    }

    fn upload(&self, key: &BlobKey, from: u64) -> io::Result<Box<dyn Upload>> {
        let (part, whole) = (self.part(key), self.whole(&key.org, key.digest));
        for path in [&part, &whole] {
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        }
        let mut hash = Sha256::new();
        let file = if from == 0 {
            File::create(&part)?
        } else {
            if self.offset(key)? != from {
                return Err(io::Error::from(io::ErrorKind::InvalidInput));
            }
            hash_file(&part, &mut hash)?;
            OpenOptions::new().append(true).open(&part)?
        };
        Ok(Box::new(FileUpload { file, part, whole, digest: key.digest, hash, offset: from }))
    }
}

/// The photos in a store's folder that are there whole: the path below it, and the SHA-256 its name says. Sorted.
///
/// # Errors
/// When the folder cannot be read. One that is not there has no photos.
pub fn photos_in(path: &Path) -> io::Result<Vec<(PathBuf, Digest)>> {
    let mut found = Vec::new();
    for org in there(fs::read_dir(path))?.into_iter().flatten() {
        let org = org?;
        if !org.file_type()?.is_dir() {
            continue;
        }
        for shelf in fs::read_dir(org.path())? {
            let shelf = shelf?;
            if shelf.file_name() == PARTS || !shelf.file_type()?.is_dir() {
                continue;
            }
            for file in there(fs::read_dir(shelf.path()))?.into_iter().flatten() {
                let name = file?.file_name();
                // A copy under way has another name.
                if let Some(digest) = name.to_str().and_then(|name| name.parse().ok()) {
                    found.push((Path::new(&org.file_name()).join(shelf.file_name()).join(&name), digest));
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

struct FileUpload {
    file: File,
    part: PathBuf,
    whole: PathBuf,
    digest: Digest,
    hash: Sha256,
    offset: u64,
}

impl Upload for FileUpload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn offset(&self) -> u64 {
        self.offset
    }

    fn finish(self: Box<Self>) -> io::Result<bool> {
        let hash: [u8; 32] = self.hash.finalize().into();
        if Digest(hash) != self.digest {
            fs::remove_file(&self.part)?;
            return Ok(false);
        }
        self.file.sync_all()?;
        fs::rename(&self.part, &self.whole)?;
        // "Verified" lets the phone remove its copy: the name has to be on the disk, too, and the folders it is in.
        for folder in self.whole.ancestors().skip(1).take(4) {
            File::open(folder)?.sync_all()?;
        }
        Ok(true)
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

fn there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::ids::DeviceId;

    fn key(bytes: &[u8]) -> BlobKey {
        BlobKey { org: OrgId::from("a/../b"), device: DeviceId::new(), digest: Digest::of(bytes) }
    }

    #[test]
    fn an_upload_goes_on_where_it_was_cut_and_is_there_when_it_is_right() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::open(folder.path().join("blobs")).unwrap();
        let bytes = b"a photo".repeat(1000);
        let key = key(&bytes);
        let mut upload = store.upload(&key, 0).unwrap();
        upload.write(&bytes[..3000]).unwrap();
        drop(upload);
        assert_eq!((store.offset(&key).unwrap(), store.size(&key.org, key.digest).unwrap()), (3000, None));
        assert_eq!(store.upload(&key, 2999).err().unwrap().kind(), io::ErrorKind::InvalidInput);
        let mut upload = store.upload(&key, 3000).unwrap();
        upload.write(&bytes[3000..]).unwrap();
        assert!(upload.finish().unwrap());
        assert_eq!(store.size(&key.org, key.digest).unwrap(), Some(7000));
        assert_eq!(store.read(&key.org, key.digest).unwrap().as_deref(), Some(bytes.as_slice()));
        assert_eq!(store.read(&OrgId::from("another"), key.digest).unwrap(), None);
        assert_eq!(store.offset(&key).unwrap(), 0);
        let orgs: Vec<_> = fs::read_dir(folder.path().join("blobs")).unwrap().flatten().collect();
        assert_eq!(orgs.len(), 1, "a code with a path in it is a name all the same");
    }

    #[test]
    fn of_wrong_bytes_nothing_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::open(folder.path().to_owned()).unwrap();
        let key = key(b"right");
        let mut upload = store.upload(&key, 0).unwrap();
        upload.write(b"wrong").unwrap();
        assert!(!upload.finish().unwrap());
        assert_eq!((store.offset(&key).unwrap(), store.size(&key.org, key.digest).unwrap()), (0, None));
    }

    #[test]
    fn an_upload_nobody_went_on_with_is_forgotten_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::open(folder.path().to_owned()).unwrap();
        let (old, new) = (key(b"old"), key(b"new"));
        for key in [&old, &new] {
            store.upload(key, 0).unwrap().write(b"x").unwrap();
        }
        let long_ago = std::time::SystemTime::now() - STALE * 2;
        File::options().append(true).open(store.part(&old)).unwrap().set_modified(long_ago).unwrap();
        let store = FolderStore::open(folder.path().to_owned()).unwrap();
        assert_eq!((store.offset(&old).unwrap(), store.offset(&new).unwrap()), (0, 1));
    }
}
