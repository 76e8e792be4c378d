//! Files beside the database: written whole or not at all, and on the disk when a call returns.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::error::{PhoneError, Result};

/// How the name of a file ends while it is being written.
pub(crate) const PART: &str = ".part";

/// The file that belongs to another: its name with an ending of its own.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Writes a file as a whole: whoever looks finds the old one or the new one. When this returns, it and its name are on the
/// disk; when it fails, nothing is left.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = with_suffix(path, PART);
    let written =
        File::create(&part).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(failed).and_then(|()| rename(&part, path)).inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })
}

/// Gives a file another name; what had it is gone.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(failed)?;
    sync_folder_of(to)
}

/// Waits until a name is on the disk: it is only sure to stay when the folder it is in was written.
pub(crate) fn sync_folder_of(path: &Path) -> Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    sync(folder.unwrap_or(Path::new(".")))
}

/// Waits until a file or folder is on the disk.
pub(crate) fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(error)),
        _ => Ok(()),
    }
}

pub(crate) fn failed(error: std::io::Error) -> PhoneError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => PhoneError::StorageFull,
        _ => PhoneError::Storage(error.to_string()),
    }
}
