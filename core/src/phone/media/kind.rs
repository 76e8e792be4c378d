//! What kind of file it is, by its first bytes: names and extensions say nothing.

use super::error::PhotoError;

/// A kind that is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Jpeg,
    Png,
}

/// How many bytes [`of`] looks at.
pub(super) const HEAD: usize = 16;

/// The kind of a file by its first bytes.
pub(super) fn of(head: &[u8]) -> Result<Kind, PhotoError> {
    if head.is_empty() {
        return Err(PhotoError::Empty);
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return Ok(Kind::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Kind::Png);
    }
    Err(named(head).map_or(PhotoError::NotAPicture, PhotoError::Kind))
}

/// The name of a kind people know and that is not taken.
fn named(head: &[u8]) -> Option<&'static str> {
    let at = |from: usize, what: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(what));
    if at(4, b"ftyp") {
        let brand = head.get(8..12)?;
        return Some(match brand {
            b"avif" | b"avis" => "AVIF",
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => "HEIC",
            _ => "MP4",
        });
    }
    let known: [(usize, &[u8], &str); 8] = [
        (8, b"WEBP", "WebP"),
        (0, b"GIF8", "GIF"),
        (0, b"BM", "BMP"),
        (0, b"II*\0", "TIFF"),
        (0, b"MM\0*", "TIFF"),
        (0, b"\xff\x0a", "JPEG XL"),
        (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
        (0, b"%PDF", "PDF"),
    ];
    known.iter().find(|(from, what, _)| at(*from, what)).map(|(_, _, name)| *name)
}
