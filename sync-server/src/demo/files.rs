//! The shipped office's files, inside the program, so that the demo runs from any folder.

use std::path::{Path, PathBuf};

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        const FILES: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../../../demo/emerald-lake/", $name)))),*];
    };
}

shipped!["org.toml", "units.csv", "price-list.csv", "people.csv", "registrations.csv"];

/// Lays the shipped files into a folder, where the import reads them like anybody's.
pub(super) fn lay(data: &Path) -> std::io::Result<PathBuf> {
    let folder = data.join("office-files");
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in FILES {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(folder)
}
