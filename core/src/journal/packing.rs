//! Packing bodies: zstd, and for small ones a dictionary that both sides have, so that one changed order is mostly its text.

use std::io::Read as _;
use std::sync::LazyLock;

use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::stream::read::Decoder;

/// Plain zstd, as anybody can read it.
pub const PLAIN: &str = "zstd";
/// zstd with dictionary 1: field names and usual values of entries and states.
pub const WITH_DICTIONARY: &str = "zstd-1";

/// Bodies smaller than this are not worth packing: the header that says so takes 26 bytes.
const FROM: usize = 120;
/// Bodies up to this size are packed with the dictionary.
const SMALL: usize = 32 * 1024;
/// Bodies larger than this are packed in the fastest way.
const LARGE: usize = 256 * 1024;
const LEVEL: i32 = 6;
const FASTEST: i32 = 1;

/// Frozen: a better one is another number. Made by `cargo run -p doorstep-tests --bin dictionary`.
static DICTIONARY: &[u8] = include_bytes!("dictionary/1.zdict");
static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// Why a body cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum BadPacking {
    /// Packed in a way this version does not know.
    #[error("content-encoding may be zstd-1, zstd or identity")]
    Unknown,
    /// It would grow beyond what is agreed.
    #[error("it unpacks to more than {0} bytes")]
    TooLarge(usize),
    /// Not what it says, or cut short.
    #[error("not {0}")]
    Malformed(String),
}

/// Packs a body for the other side. Gives the `content-encoding`, if there is to be one.
///
/// # Errors
/// When there is no memory for it.
pub fn pack(body: Vec<u8>) -> std::io::Result<(Vec<u8>, Option<&'static str>)> {
    Ok(match body.len() {
        ..FROM => (body, None),
        FROM..=SMALL => {
            let mut packer = zstd::bulk::Compressor::with_prepared_dictionary(&ENCODER)?;
            (packer.compress(&body)?, Some(WITH_DICTIONARY))
        }
        _ => (pack_plain(&body)?, Some(PLAIN)),
    })
}

/// Packs a body for whoever has no dictionary.
///
/// # Errors
/// When there is no memory for it.
pub fn pack_plain(body: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(body, if body.len() > LARGE { FASTEST } else { LEVEL })
}

/// Unpacks a body to at most `most` bytes; it is given up before it grows beyond them.
///
/// # Errors
/// See [`BadPacking`].
pub fn unpack(encoding: &str, body: &[u8], most: usize) -> Result<Vec<u8>, BadPacking> {
    let bad = |e: std::io::Error| BadPacking::Malformed(format!("{encoding}: {e}"));
    let reader: Box<dyn std::io::Read> = match encoding {
        PLAIN => Box::new(Decoder::with_buffer(body).map_err(bad)?),
        WITH_DICTIONARY => Box::new(Decoder::with_prepared_dictionary(body, &DECODER).map_err(bad)?),
        _ => return Err(BadPacking::Unknown),
    };
    let mut plain = Vec::with_capacity(body.len().saturating_mul(4).min(most));
    reader.take(most as u64 + 1).read_to_end(&mut plain).map_err(bad)?;
    if plain.len() > most {
        return Err(BadPacking::TooLarge(most));
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Digest;

    #[test]
    fn what_is_packed_is_unpacked() {
        for size in [0, 10, FROM - 1, FROM, 5_000, SMALL, SMALL + 1, LARGE + 1] {
            let body: Vec<u8> = (0..size).map(|i| (i * i % 251) as u8).collect();
            let (packed, encoding) = pack(body.clone()).unwrap();
            let plain = encoding.map_or_else(|| packed.clone(), |e| unpack(e, &packed, size).unwrap());
            assert_eq!((plain, encoding.is_some()), (body, size >= FROM));
        }
    }

    #[test]
    fn a_bomb_a_cut_and_a_stranger_are_refused() {
        let bomb = pack_plain(&vec![0; 1 << 20]).unwrap();
        assert!(matches!(unpack(PLAIN, &bomb, 1000), Err(BadPacking::TooLarge(1000))));
        let (packed, _) = pack(vec![7; 4_000]).unwrap();
        let cut = &packed[..packed.len() - 3];
        assert!(matches!(unpack(WITH_DICTIONARY, cut, 9_000), Err(BadPacking::Malformed(_))));
        assert!(matches!(unpack(PLAIN, b"<html>", 9_000), Err(BadPacking::Malformed(_))));
        assert!(matches!(unpack("br", &packed, 9_000), Err(BadPacking::Unknown)));
    }

    #[test]
    fn the_dictionary_is_frozen() {
        let now = Digest::of(DICTIONARY).to_string();
        assert_eq!(now, "608132640a823fff4f3adfd0f06eed95e463b2c6dbdacb783823fd9f31fa3ab9");
    }
}
