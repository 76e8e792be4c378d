//! A reader that stops a file made to take for ever: too many bytes, or too many scans over the same picture.

use std::io::{Error, ErrorKind, Read};

use super::MAX_FILE_BYTES;

/// The most scans of a JPEG. A progressive one has about ten.
const MAX_SCANS: u32 = 64;

/// Reads a file through, counting.
pub(super) struct Bounded<R> {
    inner: R,
    bytes: u64,
    scans: u32,
    /// The last byte was 0xFF: a marker may follow.
    is_marked: bool,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, bytes: 0, scans: 0, is_marked: false }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for byte in buffer.get(..count).unwrap_or_default() {
            if self.is_marked && *byte == 0xda {
                self.scans += 1;
            }
            self.is_marked = *byte == 0xff;
        }
        self.bytes += count as u64;
        if self.bytes > MAX_FILE_BYTES || self.scans > MAX_SCANS {
            return Err(Error::from(ErrorKind::FileTooLarge));
        }
        Ok(count)
    }
}
