//! The key of the file: 32 bytes from the platform's key store, never shown.

use rusqlite::Connection;

use crate::domain::ids::Digest;

/// The key a file is encrypted with. The platform's key store makes and keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct StorageKey([u8; 32]);

impl StorageKey {
    /// A key from its 32 bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A name for the key that says nothing of it: 8 bytes of a hash, hexadecimal.
    pub(super) fn name(&self) -> String {
        let mut name = self.derived("doorstep storage key 1").to_string();
        name.truncate(16);
        name
    }

    /// The key under which other keys are written down beside the file.
    pub(super) fn wrapping(&self) -> [u8; 32] {
        self.derived("doorstep wrapping key 1").0
    }

    fn derived(&self, what: &str) -> Digest {
        Digest::of(&[what.as_bytes(), &self.0].concat())
    }

    /// The key as SQLCipher takes it: raw, so that nothing is derived from it at every opening.
    fn literal(&self) -> String {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("x'{hex}'")
    }

    /// Unlocks a connection. The first thing it is told.
    pub(crate) fn unlock(&self, conn: &Connection) -> rusqlite::Result<()> {
        // What it would log about a wrong key is in the error, and standard error is not ours to write to.
        conn.pragma_update(None, "cipher_log_level", "NONE")?;
        conn.pragma_update(None, "key", self.literal())
    }

    /// Writes the whole file anew under this key.
    pub(super) fn rekey(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.pragma_update(None, "rekey", self.literal())
    }

    /// Attaches a file under this key.
    pub(super) fn attach(&self, conn: &Connection, path: &str, name: &str) -> rusqlite::Result<()> {
        conn.execute(&format!("ATTACH DATABASE ?1 AS {name} KEY ?2"), (path, self.literal())).map(drop)
    }
}

impl std::fmt::Debug for StorageKey {
    /// Never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StorageKey")
    }
}

/// Why a file is not opened with what was given. It is left as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is encrypted and no key was given.
    #[error("the storage is encrypted and no key was given")]
    Missing,
    /// It is not this key's.
    #[error("the storage is encrypted with another key")]
    Wrong,
    /// It was this key's, and was given another since.
    #[error("the storage has a newer key than this one")]
    Rotated,
    /// This build of the library has plain SQLite.
    #[error("this build of the library cannot encrypt its storage")]
    NotInThisBuild,
}
