//! Photos in a local folder: `ORG/ab/abcd…`, and uploads under way beside them. A photo is there whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use doorstep_core::domain::ids::{Digest, OrgId};

use super::parts::{PARTS, Part, Parts};
use super::{BlobKey, BlobStore, StoredPhoto, Upload, names, there};
use crate::durable;

/// A folder of photos.
#[derive(Clone, Debug)]
pub struct FolderStore {
    path: PathBuf,
    parts: Parts,
}

impl FolderStore {
    /// A store in this folder, which is made with the first photo. Stale uploads are forgotten.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(path: PathBuf) -> io::Result<Self> {
        Ok(Self { parts: Parts::open(path.clone())?, path })
    }

    fn whole(&self, org: &OrgId, digest: Digest) -> PathBuf {
        self.path.join(names::of(org, digest))
    }
}

impl BlobStore for FolderStore {
    fn sizes(&self, org: &OrgId, digests: &[Digest]) -> io::Result<Vec<Option<u64>>> {
        let size = |digest: &Digest| there(fs::metadata(self.whole(org, *digest)).map(|data| data.len()));
        digests.iter().map(size).collect()
    }

    fn read(&self, org: &OrgId, digest: Digest) -> io::Result<Option<Vec<u8>>> {
        there(fs::read(self.whole(org, digest)))
    }

    fn photos(&self) -> io::Result<Vec<StoredPhoto>> {
        let mut photos = Vec::new();
        for (path, _) in photos_in(&self.path)? {
            let Some((org, digest)) = names::read(&path) else { continue };
            photos.push(StoredPhoto { org, digest, bytes: fs::metadata(self.path.join(path))?.len() });
        }
        photos.sort();
        Ok(photos)
    }

    fn ready(&self) -> io::Result<()> {
        there(fs::read_dir(&self.path)).map(drop)
    }

    fn offset(&self, key: &BlobKey) -> io::Result<u64> {
        self.parts.offset(key)
    }

    fn upload(&self, key: &BlobKey, from: u64) -> io::Result<Box<dyn Upload>> {
        let whole = self.whole(&key.org, key.digest);
        fs::create_dir_all(whole.parent().unwrap_or(Path::new(".")))?;
        Ok(Box::new(FileUpload { part: self.parts.upload(key, from)?, whole }))
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
    part: Part,
    whole: PathBuf,
}

impl Upload for FileUpload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.part.write(bytes)
    }

    fn offset(&self) -> u64 {
        self.part.offset()
    }

    fn finish(self: Box<Self>) -> io::Result<bool> {
        let Some((file, path)) = self.part.whole()? else { return Ok(false) };
        durable::name(&file, &path, &self.whole)?;
        // "Verified" lets the phone remove its copy: the folders above have to be on the disk, too.
        self.whole.ancestors().skip(2).take(3).try_for_each(durable::sync)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::conformance::{self, key};
    use super::super::parts::STALE;
    use super::*;

    #[test]
    fn it_passes_the_suite_of_all_stores() {
        let folder = tempfile::tempdir().unwrap();
        let mut number = 0;
        conformance::all(&mut || {
            number += 1;
            Box::new(FolderStore::open(folder.path().join(number.to_string())).unwrap())
        });
        let orgs: Vec<_> = fs::read_dir(folder.path().join("1")).unwrap().flatten().collect();
        assert_eq!(orgs.len(), 1, "a code with a path in it is a name all the same");
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
        let part = fs::File::options().append(true).open(store.parts.path(&old)).unwrap();
        part.set_modified(long_ago).unwrap();
        let store = FolderStore::open(folder.path().to_owned()).unwrap();
        assert_eq!((store.offset(&old).unwrap(), store.offset(&new).unwrap()), (0, 1));
    }
}
