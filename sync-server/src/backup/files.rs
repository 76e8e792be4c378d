//! Files copied so that a name means a whole file on the disk, and hashed on the way.

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use doorstep_core::domain::ids::Digest;
use sha2::{Digest as _, Sha256};

use super::{BackupError, ManifestFile, at};
use crate::durable;

/// For the operator alone: there are names and keys in it.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Copies a file under another name, syncs it, and gives it its name. What is there under that name is replaced.
/// Gives size and SHA-256 of what was read.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(u64, Digest), BackupError> {
    let source = File::open(from).map_err(at(from))?;
    let (mut target, unfinished) = durable::begin(to).map_err(at(to))?;
    let read = read(source, from, |bytes| target.write_all(bytes).map_err(at(&unfinished)))?;
    durable::name(&target, &unfinished, to).map_err(at(to))?;
    Ok(read)
}

/// Reads a file to its end, piece by piece; gives its size and SHA-256.
fn read(
    mut file: File,
    path: &Path,
    mut take: impl FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<(u64, Digest), BackupError> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(at(path))?;
        if count == 0 {
            return Ok((bytes, Digest(hash.finalize().into())));
        }
        hash.update(&buffer[..count]);
        take(&buffer[..count])?;
        bytes += count as u64;
    }
}

/// Writes a file, likewise.
pub(super) fn write(to: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    durable::write(to, bytes).map_err(at(to))
}

/// Size and SHA-256 of a file; `None` when it is not there.
pub(super) fn measure(path: &Path) -> Result<Option<(u64, Digest)>, BackupError> {
    match File::open(path) {
        Ok(file) => read(file, path, |_| Ok(())).map(Some),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(at(path)(e)),
    }
}

/// A file as a manifest names it, below a folder.
pub(super) fn entry(folder: &Path, path: &Path) -> Result<ManifestFile, BackupError> {
    let file = folder.join(path);
    let gone = || at(&file)(io::Error::from(io::ErrorKind::NotFound));
    let (bytes, sha256) = measure(&file)?.ok_or_else(gone)?;
    Ok(ManifestFile { path: path.to_owned(), sha256, bytes })
}

/// Makes a folder, and those above it, that only its owner may look into.
pub(super) fn make_folder(path: &Path) -> Result<(), BackupError> {
    if !path.is_dir() {
        fs::create_dir_all(path).map_err(at(path))?;
        fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE)).map_err(at(path))?;
    }
    Ok(())
}

/// For the operator alone.
pub(super) fn close_to_others(path: &Path) -> Result<(), BackupError> {
    fs::set_permissions(path, Permissions::from_mode(FILE_MODE)).map_err(at(path))
}

/// Puts the names in a folder on the disk, or a file's bytes.
pub(super) fn sync(path: &Path) -> Result<(), BackupError> {
    durable::sync(path).map_err(at(path))
}

/// Whether a path leads to somewhere below the folder it is put to.
pub(super) fn is_below(path: &Path) -> bool {
    path.components().next().is_some() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// The key files in a data folder.
pub(super) fn keys_in(data: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut keys = Vec::new();
    for entry in fs::read_dir(data).map_err(at(data))? {
        let entry = entry.map_err(at(data))?;
        let path = PathBuf::from(entry.file_name());
        if entry.file_type().map_err(at(data))?.is_file() && path.extension().is_some_and(|end| end == "key")
        {
            keys.push(path);
        }
    }
    keys.sort();
    Ok(keys)
}
