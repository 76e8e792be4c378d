//! Writes the published test vectors for seals and copies: `vectors [FOLDER]`, else into `tests/vectors/seals`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/seals");
    let folder = std::env::args().nth(1).map_or_else(default, PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (name, text) in doorstep_tests::vectors::files() {
        std::fs::write(folder.join(name), text)?;
        println!("{}", folder.join(name).display());
    }
    Ok(())
}
