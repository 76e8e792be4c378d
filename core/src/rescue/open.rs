//! Opening: gives the plain bytes chunk by chunk, and an end only after the chunk that was sealed as the last.

use std::io::{self, Read};

use hpke::aead::AeadCtxR;
use hpke::{Deserializable as _, OpModeR};

use super::key::{KeyId, SecretKey};
use super::{Aead, BOUND, BundleError, CHUNK, ENCAPPED, Kdf, Kem, LAST, MAGIC, Result, TAG, VERSION, about};

/// A bundle being opened. Its reading gives [`BundleError`] inside of [`io::Error`].
pub struct Opener<R: Read> {
    from: R,
    context: AeadCtxR<Aead, Kdf, Kem>,
    plain: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl<R: Read> Opener<R> {
    /// Reads the head, asks for the key it names, and begins.
    ///
    /// # Errors
    /// See [`BundleError`].
    pub fn new(mut from: R, key: impl FnOnce(KeyId) -> Option<SecretKey>) -> Result<Self> {
        let mut magic = [0; MAGIC.len()];
        if fill(&mut from, &mut magic)? < MAGIC.len() || &magic != MAGIC {
            return Err(BundleError::NotABundle);
        }
        let mut version = [0; 1];
        exactly(&mut from, &mut version)?;
        let [found] = version;
        if found != VERSION {
            return Err(BundleError::Newer { found });
        }
        let mut id = [0; 8];
        exactly(&mut from, &mut id)?;
        let mut encapped = [0; ENCAPPED];
        exactly(&mut from, &mut encapped)?;
        let key = key(KeyId(id)).ok_or(BundleError::OtherKey(KeyId(id)))?;
        let mut bound = Vec::with_capacity(BOUND);
        bound.extend_from_slice(&magic);
        bound.extend_from_slice(&version);
        bound.extend_from_slice(&id);
        let changed = |_| BundleError::Changed;
        let encapped = <Kem as hpke::Kem>::EncappedKey::from_bytes(&encapped).map_err(changed)?;
        let context = hpke::setup_receiver::<Aead, Kdf, Kem>(&OpModeR::Base, key.inner(), &encapped, &bound);
        let context = context.map_err(changed)?;
        Ok(Self { from, context, plain: Vec::new(), at: 0, is_over: false })
    }

    /// Opens the next chunk.
    fn next(&mut self) -> Result<()> {
        let mut length = [0; 4];
        exactly(&mut self.from, &mut length)?;
        let length = u32::from_be_bytes(length);
        let is_last = length & LAST != 0;
        let length = (length & !LAST) as usize;
        if !(TAG..=CHUNK + TAG).contains(&length) {
            return Err(BundleError::Changed);
        }
        let mut sealed = vec![0; length];
        exactly(&mut self.from, &mut sealed)?;
        self.plain = self.context.open(&sealed, &about(is_last)).map_err(|_| BundleError::Changed)?;
        self.at = 0;
        if is_last {
            if fill(&mut self.from, &mut [0])? > 0 {
                return Err(BundleError::Changed);
            }
            self.is_over = true;
        }
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.plain.len() {
            if self.is_over {
                return Ok(0);
            }
            self.next()?;
        }
        let ready = self.plain.get(self.at..).unwrap_or_default();
        let given = ready.len().min(into.len());
        for (to, from) in into.iter_mut().zip(ready) {
            *to = *from;
        }
        self.at += given;
        Ok(given)
    }
}

/// Reads until the buffer is full or the file ends; gives how much.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut read = 0;
    while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(BundleError::Io(e.to_string())),
        }
    }
    Ok(read)
}

fn exactly(from: &mut impl Read, buffer: &mut [u8]) -> Result<()> {
    if fill(from, buffer)? < buffer.len() { Err(BundleError::Cut) } else { Ok(()) }
}
