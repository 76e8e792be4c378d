//! Sealing: bytes go in as they come, chunks come out, each bound to its place and the last one marked.

use std::io::{self, Write};

use hpke::aead::AeadCtxS;
use hpke::{Deserializable as _, OpModeS, Serializable as _};

use super::key::PublicKey;
use super::{Aead, BOUND, BundleError, CHUNK, Kdf, Kem, LAST, MAGIC, Result, VERSION, about};

/// Seals what is written to it. Without [`Self::finish`] what came out is a cut bundle.
pub struct Sealer<W: Write> {
    out: W,
    context: AeadCtxS<Aead, Kdf, Kem>,
    waiting: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Begins a bundle: writes its head.
    ///
    /// # Errors
    /// When the key is none one can seal for, or the head cannot be written.
    pub fn new(mut out: W, key: &PublicKey) -> Result<Self> {
        let bad = |e: hpke::HpkeError| BundleError::Malformed(format!("the firm's key: {e}"));
        let mut bound = Vec::with_capacity(BOUND);
        bound.extend_from_slice(MAGIC);
        bound.push(VERSION);
        bound.extend_from_slice(&key.id().0);
        let to = <Kem as hpke::Kem>::PublicKey::from_bytes(key.bytes()).map_err(bad)?;
        let mut seed = [0; 32];
        // Asked for first: what seals below would panic when the system has no randomness.
        getrandom::fill(&mut seed).map_err(|e| BundleError::Io(e.to_string()))?;
        let sealing = hpke::setup_sender::<Aead, Kdf, Kem>(&OpModeS::Base, &to, &bound);
        let (encapped, context) = sealing.map_err(bad)?;
        let written = out.write_all(&bound).and_then(|()| out.write_all(&encapped.to_bytes()));
        written.map_err(|e| BundleError::from_io(&e))?;
        Ok(Self { out, context, waiting: Vec::with_capacity(CHUNK) })
    }

    fn chunk(&mut self, is_last: bool) -> io::Result<()> {
        let sealed = self.context.seal(&self.waiting, &about(is_last));
        let sealed = sealed.map_err(|e| io::Error::other(e.to_string()))?;
        self.waiting.clear();
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        let length = if is_last { length | LAST } else { length };
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(&sealed)
    }

    /// Seals the last chunk and gives back what is written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.chunk(true)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.waiting.len() == CHUNK {
            self.chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.waiting.len());
        self.waiting.extend(bytes.iter().take(taken));
        Ok(taken)
    }

    /// Nothing: a chunk is sealed when it is full.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
