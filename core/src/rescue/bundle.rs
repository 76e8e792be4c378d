//! What is in a bundle: frames in one zstd stream, so that a hundred similar entries take little room.

use std::io::{BufReader, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::key::{KeyId, PublicKey, SecretKey};
use super::open::Opener;
use super::run::{Run, RunEnd, RunHead};
use super::seal::Sealer;
use super::{BundleError, Result};
use crate::journal::blobs::MAX_BLOB_BYTES;
use crate::journal::limits::MAX_PUSH_BYTES;

const RUN: u8 = 1;
const ENTRY: u8 = 2;
const RUN_END: u8 = 3;
const PHOTO: u8 = 4;

/// The most bytes a frame may have. Photos are far smaller.
const MOST: usize = 64 * 1024 * 1024;
/// The most bytes of entries in all: what sixteen full pushes carry. Whoever has the public key can make a bundle.
const MOST_ENTRIES: usize = 16 * MAX_PUSH_BYTES;
/// What an entry takes in memory beside its bytes.
const ENTRY_COST: usize = 64;
const LEVEL: i32 = 6;

/// Writes a bundle.
pub struct BundleWriter<W: Write> {
    zstd: zstd::stream::write::Encoder<'static, Sealer<W>>,
}

impl<W: Write> BundleWriter<W> {
    /// Begins a bundle for the firm with this key.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn new(out: W, key: &PublicKey) -> Result<Self> {
        let zstd = zstd::stream::write::Encoder::new(Sealer::new(out, key)?, LEVEL).map_err(io)?;
        Ok(Self { zstd })
    }

    /// Adds a run. One longer than a push may be is to be split before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn run(&mut self, run: &Run) -> Result<()> {
        self.value(RUN, &run.head)?;
        for bytes in &run.entries {
            self.frame(ENTRY, bytes)?;
        }
        let end = RunEnd {
            count: run.entries.len() as u64,
            chain: run.chain().0,
            signature: run.signature.map(serde_bytes::ByteArray::new),
        };
        self.value(RUN_END, &end)
    }

    /// Adds the file of a photo, under its own SHA-256.
    ///
    /// # Errors
    /// When it cannot be written, or is larger than any photo.
    pub fn photo(&mut self, bytes: &[u8]) -> Result<()> {
        self.frame(PHOTO, bytes)
    }

    /// Ends the bundle and gives back what is written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<W> {
        self.zstd.finish().and_then(Sealer::finish).map_err(io)
    }

    fn value(&mut self, kind: u8, value: &impl Serialize) -> Result<()> {
        let bytes = cbor4ii::serde::to_vec(Vec::new(), value);
        self.frame(kind, &bytes.map_err(|e| BundleError::Malformed(e.to_string()))?)
    }

    fn frame(&mut self, kind: u8, bytes: &[u8]) -> Result<()> {
        let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= MOST);
        let length = length.ok_or_else(|| BundleError::Malformed("a part is too large".to_owned()))?;
        let mut put = |bytes: &[u8]| self.zstd.write_all(bytes);
        put(&[kind]).and_then(|()| put(&length.to_be_bytes())).and_then(|()| put(bytes)).map_err(io)
    }
}

/// What a bundle holds, one by one.
#[derive(Debug)]
pub enum Found {
    /// Entries.
    Run(Run),
    /// The file of a photo.
    Photo(Vec<u8>),
}

/// A bundle being read. Only when it has given `None` is it known to be whole: what came before is to be kept back until then.
pub struct Bundle<R: Read> {
    zstd: zstd::stream::read::Decoder<'static, BufReader<Opener<R>>>,
    is_over: bool,
    entry_bytes: usize,
}

impl<R: Read> Bundle<R> {
    /// Begins to read, with the key the bundle names.
    ///
    /// # Errors
    /// See [`BundleError`].
    pub fn open(from: R, key: impl FnOnce(KeyId) -> Option<SecretKey>) -> Result<Self> {
        let zstd = zstd::stream::read::Decoder::new(Opener::new(from, key)?).map_err(io)?;
        Ok(Self { zstd, is_over: false, entry_bytes: 0 })
    }

    /// The next thing in it; `None` at its end.
    ///
    /// # Errors
    /// See [`BundleError`]. After one, nothing more comes.
    #[expect(clippy::should_implement_trait, reason = "an iterator would go on after an error")]
    pub fn next(&mut self) -> Result<Option<Found>> {
        if self.is_over {
            return Ok(None);
        }
        // Whatever comes of this, an error is the end.
        self.is_over = true;
        let found = match self.frame()? {
            None => return Ok(None),
            Some((RUN, body)) => Found::Run(self.run(read(&body)?)?),
            Some((PHOTO, body)) if body.len() as u64 <= MAX_BLOB_BYTES => Found::Photo(body),
            Some((PHOTO, _)) => return Err(malformed("a photo is too large")),
            Some((ENTRY | RUN_END, _)) => return Err(malformed("a part is not where it belongs")),
            // The layout would have another version if older ones were to read it.
            Some((kind, _)) => return Err(BundleError::Malformed(format!("a part of kind {kind}"))),
        };
        self.is_over = false;
        Ok(Some(found))
    }

    fn run(&mut self, head: RunHead) -> Result<Run> {
        let mut run = Run { head, entries: Vec::new(), signature: None };
        loop {
            match self.frame()? {
                Some((ENTRY, entry)) => {
                    self.entry_bytes += entry.len() + ENTRY_COST;
                    if self.entry_bytes > MOST_ENTRIES {
                        return Err(malformed("more entries than any phone holds"));
                    }
                    run.entries.push(entry);
                }
                Some((RUN_END, end)) => {
                    let end: RunEnd = read(&end)?;
                    run.signature = end.signature.map(serde_bytes::ByteArray::into_array);
                    if end.count != run.entries.len() as u64 || end.chain != run.chain().0 {
                        return Err(malformed("a run is not what its end says"));
                    }
                    let last = run.head.first.checked_add(end.count);
                    if run.head.first == 0 || last.is_none_or(|last| last > i64::MAX as u64) {
                        return Err(malformed("a run has no numbers"));
                    }
                    return Ok(run);
                }
                _ => return Err(malformed("a run has no end")),
            }
        }
    }

    /// The next frame; `None` at the end, which is one only where the sealing says so, too.
    fn frame(&mut self) -> Result<Option<(u8, Vec<u8>)>> {
        let mut kind = [0; 1];
        match self.zstd.read(&mut kind) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(e) => return Err(io(e)),
        }
        let mut length = [0; 4];
        self.zstd.read_exact(&mut length).map_err(io)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > MOST {
            return Err(malformed("a part is too large"));
        }
        let mut body = Vec::new();
        (&mut self.zstd).take(length as u64).read_to_end(&mut body).map_err(io)?;
        if body.len() < length {
            return Err(malformed("it ends too early"));
        }
        let [kind] = kind;
        Ok(Some((kind, body)))
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    cbor4ii::serde::from_slice(bytes).map_err(|e| BundleError::Malformed(e.to_string()))
}

fn malformed(why: &str) -> BundleError {
    BundleError::Malformed(why.to_owned())
}

fn io(error: std::io::Error) -> BundleError {
    BundleError::from_io(&error)
}
