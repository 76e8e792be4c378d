//! A copy as a QR code: a link to the page that checks it, with the copy in the part of the address no server is sent.
//!
//! The copy is deflated, with a dictionary of what copies say again and again, and written in decimal digits: a QR code packs digits so tightly that 7 bytes as 17 digits cost
//! hardly more than the bytes, where base64 would cost a third. What has no room is left out: first the strokes, then
//! the document; the seals with their digests always fit.

use std::fmt::Write as _;
use std::io::Read as _;

use flate2::read::DeflateDecoder;
use flate2::{Compress, Compression, FlushCompress};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

use super::{BadCopy, Copy, MAX_BYTES};
use crate::sheet::block::Code;

/// The largest QR code made: beyond it, phones of residents begin to fail.
pub const MAX_VERSION: u8 = 25;
/// What copies say again and again. Part of the format: a changed one is another [`WRITTEN_AS`].
const DICTIONARY: &str = include_str!("link-dictionary.txt");
/// The first digit: how the rest is written.
const WRITTEN_AS: &str = "1";
/// How many digits so many bytes take.
const DIGITS: [usize; 8] = [0, 3, 5, 8, 10, 13, 15, 17];
const GROUP: usize = 7;
/// Empty modules around a code, as the standard asks.
const QUIET: i32 = 4;

/// A copy to be scanned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The address, with the copy after `#`.
    pub address: String,
    /// The QR code as an SVG: black on white, one unit a module.
    pub svg: String,
    /// The same as its modules, for a paper.
    pub code: Code,
    /// Whether the document is in it; else only its digest and the seals.
    pub has_document: bool,
    /// Whether the strokes are in it.
    pub has_strokes: bool,
}

/// Why there is no link, or none that can be opened.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadLink {
    /// Not even the seals fit a code.
    #[error("the copy does not fit a QR code")]
    TooLong,
    /// Not the digits of a copy.
    #[error("not the link of a copy")]
    Malformed,
}

impl From<BadLink> for BadCopy {
    fn from(bad: BadLink) -> Self {
        Self::Malformed(bad.to_string())
    }
}

/// The QR code of a copy, for the verifying page at this address.
///
/// # Errors
/// [`BadLink::TooLong`] when not even the seals fit.
pub fn link(copy: &Copy, page: &str) -> Result<Link, BadLink> {
    let mut copy = copy.clone();
    // Whole; without strokes; without documents.
    for drop in 0..3 {
        for paper in &mut copy.papers {
            if drop == 1 {
                paper.seals.iter_mut().for_each(|seal| seal.strokes = None);
            } else if drop == 2 {
                paper.document = None;
            }
        }
        let digits = digits(&deflated(copy.to_json().as_bytes()));
        if let Some(code) = code(page, &digits) {
            let address = format!("{page}#{digits}");
            let (svg, code) = (drawn(&code), modules(&code));
            return Ok(Link { address, svg, code, has_document: drop < 2, has_strokes: drop < 1 });
        }
    }
    Err(BadLink::TooLong)
}

/// The copy in a link: a whole address, or what stands after its `#`.
///
/// # Errors
/// [`BadLink::Malformed`]; never panics, and never makes more than [`MAX_BYTES`] of it.
pub fn open(link: &str) -> Result<Vec<u8>, BadLink> {
    let digits = link.trim().rsplit('#').next().unwrap_or_default();
    let packed = digits.strip_prefix(WRITTEN_AS).and_then(bytes).ok_or(BadLink::Malformed)?;
    let mut copy = Vec::new();
    let limit = (DICTIONARY.len() + MAX_BYTES) as u64 + 1;
    let block = dictionary_block();
    DeflateDecoder::new(block.as_slice().chain(packed.as_slice()))
        .take(limit)
        .read_to_end(&mut copy)
        .map_err(|_| BadLink::Malformed)?;
    if copy.len() as u64 == limit {
        return Err(BadLink::Malformed);
    }
    copy.get(DICTIONARY.len()..).map(<[u8]>::to_vec).ok_or(BadLink::Malformed)
}

/// Deflates after the dictionary: what the stream refers back to stands in it, and is not sent.
fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = Compress::new(Compression::best(), false);
    let mut known = Vec::with_capacity(DICTIONARY.len());
    let mut out = Vec::with_capacity(bytes.len() + 64);
    // Room for both is there, and compressing in memory cannot fail.
    let _ = encoder.compress_vec(DICTIONARY.as_bytes(), &mut known, FlushCompress::Sync);
    let _ = encoder.compress_vec(bytes, &mut out, FlushCompress::Finish);
    out
}

/// The dictionary as a stored block: any inflater that reads it first knows what the stream refers to.
fn dictionary_block() -> Vec<u8> {
    let length = u16::try_from(DICTIONARY.len()).unwrap_or_default();
    let [low, high] = length.to_le_bytes();
    let mut block = vec![0, low, high, !low, !high];
    block.extend_from_slice(DICTIONARY.as_bytes());
    block
}

fn digits(bytes: &[u8]) -> String {
    let mut out = WRITTEN_AS.to_owned();
    for group in bytes.chunks(GROUP) {
        let value = group.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        let width = DIGITS.get(group.len()).copied().unwrap_or_default();
        let _ = write!(out, "{value:0width$}");
    }
    out
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    if digits.len() > MAX_BYTES || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() / 2);
    for group in digits.as_bytes().chunks(17) {
        let length = DIGITS.iter().position(|width| *width == group.len())?;
        let value: u64 = std::str::from_utf8(group).ok()?.parse().ok()?;
        let all = value.to_be_bytes();
        let (over, kept) = all.split_at(8 - length);
        if over.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend_from_slice(kept);
    }
    Some(out)
}

fn code(page: &str, digits: &str) -> Option<QrCode> {
    let segments = [QrSegment::make_bytes(format!("{page}#").as_bytes()), QrSegment::make_numeric(digits)];
    let most = Version::new(MAX_VERSION);
    QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, Version::MIN, most, None, true).ok()
}

fn modules(code: &QrCode) -> Code {
    let side = code.size();
    let dark = (0..side).flat_map(|y| (0..side).map(move |x| code.get_module(x, y))).collect();
    Code { side: usize::try_from(side).unwrap_or(0), dark }
}

fn drawn(code: &QrCode) -> String {
    let size = code.size();
    let side = size + 2 * QUIET;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\""
    );
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let run = (x..size).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                let _ = write!(svg, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run + 1;
        }
    }
    svg.push_str("\"/></svg>");
    svg
}
