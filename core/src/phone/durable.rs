//! Files beside the database: written whole or not at all, and on the disk when a call returns.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::{PhoneError, Result};

/// Writes a file as a whole: whoever looks finds the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let written =
        File::create(&new).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(failed)?;
    rename(&new, path)
}

/// Gives a file another name; what had it is gone.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(failed)?;
    match to.parent() {
        Some(folder) if cfg!(unix) => sync(folder),
        _ => Ok(()),
    }
}

/// Waits until a file or folder is on the disk.
pub(crate) fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
        _ => Ok(()),
    }
}

fn failed(error: std::io::Error) -> PhoneError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return PhoneError::StorageFull;
    }
    PhoneError::Storage(error.to_string())
}
