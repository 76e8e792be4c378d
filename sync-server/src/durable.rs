//! Files beside the database: a name means a whole file, and both are on the disk when a call returns.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a file under way ends with.
const UNFINISHED: &str = ".unfinished";
/// For the operator alone: there are names and keys in such files.
const FILE_MODE: u32 = 0o600;

/// Writes a file as a whole. What is there under that name is replaced.
pub(crate) fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    let (mut file, unfinished) = begin(to)?;
    file.write_all(bytes)?;
    name(&file, &unfinished, to)
}

/// Begins a file that is to get a name later, and says what it is called until then.
pub(crate) fn begin(to: &Path) -> io::Result<(File, PathBuf)> {
    let mut name = to.as_os_str().to_owned();
    name.push(UNFINISHED);
    let unfinished = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
    Ok((options.open(&unfinished)?, unfinished))
}

/// Gives a whole file its name.
pub(crate) fn name(file: &File, from: &Path, to: &Path) -> io::Result<()> {
    file.sync_all()?;
    fs::rename(from, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    sync(folder.unwrap_or(Path::new(".")))
}

/// Puts the names in a folder on the disk, or a file's bytes.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
