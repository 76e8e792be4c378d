//! Photos: from what a camera wrote to what is kept, shown and sent. Large files are never held in memory whole.

mod bounded;
mod error;
mod jpeg;
mod kind;
mod notes;
mod pixels;
mod png;
#[cfg(test)]
mod tests;
mod watermark;

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

pub use self::error::PhotoError;
pub use self::watermark::Watermark;

use self::kind::Kind;
use self::notes::Notes;
use self::pixels::Pixels;
use crate::domain::ids::Digest;
use crate::domain::policy::Photos;

/// The most pixels of a photo.
pub const MAX_PIXELS: u64 = 200_000_000;
/// The most bytes of a file a photo is made from.
pub const MAX_FILE_BYTES: u64 = 96 * 1024 * 1024;
/// The long side of the preview a phone keeps after the full photo left it, in pixels.
pub const PREVIEW_PX: u32 = 320;
/// The long side of the thumbnail that travels beside the fact, in pixels.
pub const THUMBNAIL_PX: u32 = 160;
/// The most bytes of a thumbnail: a good part of an entry must be left for the rest.
pub const MAX_THUMBNAIL_BYTES: usize = 12 * 1024;

const PREVIEW_QUALITY: u8 = 75;
const THUMBNAIL_QUALITY: u8 = 60;

/// A photo, ready to be kept. All three are JPEG and the right way up.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The photo, its long side as the policy says or shorter.
    pub full: Vec<u8>,
    /// SHA-256 of [`Self::full`].
    pub digest: Digest,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// A smaller one, [`PREVIEW_PX`] along the long side.
    pub preview: Vec<u8>,
    /// A very small one, [`THUMBNAIL_PX`] along the long side, a few kilobytes.
    pub thumbnail: Vec<u8>,
}

impl std::fmt::Debug for Prepared {
    /// Never the pixels: they show a resident's home.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { digest, width, height, .. } = self;
        write!(f, "Prepared({width} x {height}, {} bytes, {digest})", self.full.len())
    }
}

/// Makes a photo from a file.
///
/// # Errors
/// See [`PhotoError`]. Nothing is written.
pub fn from_path(path: &Path, policy: &Photos, mark: Option<&Watermark<'_>>) -> Result<Prepared, PhotoError> {
    let file = File::open(path)?;
    if file.metadata()?.len() > MAX_FILE_BYTES {
        return Err(PhotoError::TooManyBytes);
    }
    from_reader(BufReader::with_capacity(64 * 1024, file), policy, mark)
}

/// Makes a photo from the bytes of a file.
///
/// # Errors
/// See [`PhotoError`].
pub fn from_bytes(
    bytes: &[u8],
    policy: &Photos,
    mark: Option<&Watermark<'_>>,
) -> Result<Prepared, PhotoError> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(PhotoError::TooManyBytes);
    }
    from_reader(Cursor::new(bytes), policy, mark)
}

fn from_reader(
    mut reader: impl BufRead + Seek,
    policy: &Photos,
    mark: Option<&Watermark<'_>>,
) -> Result<Prepared, PhotoError> {
    let mut head = Vec::with_capacity(kind::HEAD);
    reader.by_ref().take(kind::HEAD as u64).read_to_end(&mut head)?;
    let kind = kind::of(&head)?;
    reader.seek(SeekFrom::Start(0))?;
    let long_side = policy.long_side_px;
    // These bytes come from outside. Should a decoder's author have overlooked something, it costs this file alone.
    let decode = AssertUnwindSafe(|| match kind {
        Kind::Jpeg => {
            jpeg::decode(&mut reader, long_side).map(|it| (it.pixels, Notes::read(it.exif), it.profile))
        }
        Kind::Png => png::decode(&mut reader, long_side).map(|(it, exif)| (it, Notes::read(exif), None)),
    });
    let (pixels, notes, profile) = catch_unwind(decode)
        .unwrap_or_else(|_| Err(PhotoError::Damaged("it cannot be understood".to_owned())))?;
    let pixels = shrunk(pixels, long_side)?.upright(notes.orientation());
    let place = if policy.keep_location { notes.place() } else { None };
    finish(pixels, policy.jpeg_quality, mark, place.as_deref(), profile.as_deref())
}

/// Like [`Pixels::fitted`], without keeping the larger one.
fn shrunk(pixels: Pixels, long_side: u32) -> Result<Pixels, PhotoError> {
    if pixels.width.max(pixels.height) <= long_side { Ok(pixels) } else { pixels.fitted(long_side) }
}

fn finish(
    mut pixels: Pixels,
    quality: u8,
    mark: Option<&Watermark<'_>>,
    place: Option<&[u8]>,
    profile: Option<&[u8]>,
) -> Result<Prepared, PhotoError> {
    // The small ones are made before the watermark: its text would be a smear in them.
    let preview = pixels.fitted(PREVIEW_PX)?;
    if let Some(mark) = mark {
        watermark::draw(&mut pixels, mark)?;
    }
    let full = jpeg::encode(&pixels, quality, place, profile)?;
    Ok(Prepared {
        digest: Digest::of(&full),
        full,
        width: pixels.width,
        height: pixels.height,
        thumbnail: thumbnail(&preview)?,
        preview: jpeg::encode(&preview, PREVIEW_QUALITY, None, profile)?,
    })
}

/// A picture full of detail gets fewer pixels or a lower quality until it is small enough to travel.
fn thumbnail(preview: &Pixels) -> Result<Vec<u8>, PhotoError> {
    let mut last = Vec::new();
    for (long_side, quality) in [(THUMBNAIL_PX, THUMBNAIL_QUALITY), (THUMBNAIL_PX, 35), (96, 35)] {
        last = jpeg::encode(&preview.fitted(long_side)?, quality, None, None)?;
        if last.len() <= MAX_THUMBNAIL_BYTES {
            break;
        }
    }
    Ok(last)
}
