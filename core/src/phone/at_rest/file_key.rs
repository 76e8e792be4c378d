//! The key photos are encrypted with: made once, kept inside the encrypted file, and in its label under the file's own key.

use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rusqlite::Connection;

use super::key::StorageKey;
use super::label::Label;
use crate::phone::error::{PhoneError, Result};
use crate::phone::store::meta::{self, key};

/// How a sealed file begins: no picture does.
const MAGIC: &[u8] = b"DSP1";
const NONCE: usize = 24;
const TAG: usize = 16;
/// The name under which the key itself is sealed.
const ITSELF: &str = "doorstep photo key 1";

/// The key of the files beside the database.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FileKey([u8; 32]);

impl FileKey {
    /// How many bytes a sealed file is longer.
    pub(crate) const LONGER: u64 = (MAGIC.len() + NONCE + TAG) as u64;

    /// The key of a phone's files. A damaged database that was replaced has it from the label, a lost label from the
    /// database. `before`: what to do with it before it is written down for good.
    pub(crate) fn of(
        conn: &Connection,
        path: &Path,
        storage: &StorageKey,
        before: impl FnOnce(&Self) -> Result<()>,
    ) -> Result<Self> {
        let in_file: Option<[u8; 32]> = meta::get(conn, key::PHOTOS)?;
        let label = Label::read(path)?.unwrap_or_else(|| Label::of(storage));
        let in_label = label.photos.as_deref().and_then(|sealed| Self::unwrap(storage, sealed));
        let found = in_file.map(Self).or_else(|| in_label.clone());
        let file_key = found.map_or_else(Self::make, Ok)?;
        if in_label.as_ref() != Some(&file_key) {
            label.with_photos(file_key.wrapped(storage)?).write(path)?;
        }
        if in_file.is_none() {
            before(&file_key)?;
            meta::set(conn, key::PHOTOS, file_key.0)?;
        }
        Ok(file_key)
    }

    /// The key as the label has it, for a database that does not open.
    pub(crate) fn in_label(path: &Path, storage: &StorageKey) -> Option<Self> {
        let label = Label::read(path).ok().flatten()?;
        Self::unwrap(storage, label.photos.as_deref()?)
    }

    fn make() -> Result<Self> {
        Ok(Self(random()?))
    }

    /// Whether a file is sealed, by what it begins with.
    pub(crate) fn is_sealed(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Seals a file's bytes. They open under the same name only.
    pub(crate) fn seal(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = random()?;
        let payload = Payload { msg: bytes, aad: name.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| PhoneError::Bug("a file could not be encrypted".to_owned()))?;
        Ok([MAGIC, nonce.as_slice(), &sealed].concat())
    }

    /// Opens a sealed file; `None` when it is not what was sealed under this key and name.
    pub(crate) fn open(&self, name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }

    fn wrapped(&self, storage: &StorageKey) -> Result<Vec<u8>> {
        Self(storage.wrapping()).seal(ITSELF, &self.0)
    }

    fn unwrap(storage: &StorageKey, sealed: &[u8]) -> Option<Self> {
        Self(storage.wrapping()).open(ITSELF, sealed)?.try_into().ok().map(Self)
    }
}

impl std::fmt::Debug for FileKey {
    /// Never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey")
    }
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| PhoneError::Bug(format!("no randomness: {e}")))?;
    Ok(bytes)
}
