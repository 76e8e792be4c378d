//! JPEG: read already scaled down by 2, 4 or 8 while it is decoded, so that a large photo never lies in memory whole.

use std::io::Read;

use jpeg_decoder::{CodingProcess, Decoder, Error, PixelFormat};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::MAX_PIXELS;
use super::bounded::Bounded;
use super::error::PhotoError;
use super::pixels::Pixels;

/// The most pixels of a progressive JPEG: its coefficients, up to six bytes a pixel, are kept until the last scan.
const MAX_PROGRESSIVE_PIXELS: u64 = 16 * 1024 * 1024;
/// Colour profiles above this are of printing, not of cameras.
const MAX_PROFILE_BYTES: usize = 64 * 1024;

/// What a file holds.
pub(super) struct Decoded {
    pub(super) pixels: Pixels,
    /// The camera's notes (EXIF), from their TIFF header.
    pub(super) exif: Option<Vec<u8>>,
    /// The colour profile the pixels are to be seen with.
    pub(super) profile: Option<Vec<u8>>,
}

/// Decodes to at least `long_side` pixels along the long side, where there are as many.
pub(super) fn decode(reader: impl Read, long_side: u32) -> Result<Decoded, PhotoError> {
    let mut decoder = Decoder::new(Bounded::new(reader));
    decoder.read_info().map_err(failed)?;
    let info = decoder.info().ok_or(PhotoError::NotAPicture)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let most = match info.coding_process {
        CodingProcess::DctSequential => MAX_PIXELS,
        CodingProcess::DctProgressive => MAX_PROGRESSIVE_PIXELS,
        CodingProcess::Lossless => return Err(PhotoError::Kind("lossless JPEG")),
    };
    if u64::from(width) * u64::from(height) > most {
        return Err(PhotoError::TooManyPixels { width, height });
    }
    let depth = match info.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::RGB24 => 3,
        PixelFormat::CMYK32 | PixelFormat::L16 => return Err(PhotoError::Kind("CMYK JPEG")),
    };
    // Only the long side counts: rounded, the short one of a very long picture would ask for too little.
    let side = u16::try_from(long_side).unwrap_or(u16::MAX);
    let (across, down) = if width >= height { (side, u16::MAX) } else { (u16::MAX, side) };
    let (width, height) = decoder.scale(across, down).map_err(failed)?;
    let bytes = decoder.decode().map_err(failed)?;
    let (width, height) = (u32::from(width), u32::from(height));
    if bytes.len() != width as usize * height as usize * depth {
        return Err(PhotoError::Damaged("a part of the picture is missing".to_owned()));
    }
    Ok(Decoded {
        pixels: Pixels { width, height, depth, bytes },
        exif: decoder.exif_data().map(<[u8]>::to_vec),
        profile: decoder.icc_profile().filter(|profile| profile.len() <= MAX_PROFILE_BYTES),
    })
}

/// Writes a JPEG. `exif` and `profile` as in [`Decoded`].
pub(super) fn encode(
    pixels: &Pixels,
    quality: u8,
    exif: Option<&[u8]>,
    profile: Option<&[u8]>,
) -> Result<Vec<u8>, PhotoError> {
    let too_long = PhotoError::TooManyPixels { width: pixels.width, height: pixels.height };
    let (Ok(width), Ok(height)) = (u16::try_from(pixels.width), u16::try_from(pixels.height)) else {
        return Err(too_long);
    };
    let failed = |e: jpeg_encoder::EncodingError| PhotoError::Encode(e.to_string());
    let mut out = Vec::with_capacity(pixels.bytes.len() / 16);
    let mut encoder = Encoder::new(&mut out, quality.clamp(1, 100));
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(exif).map_err(failed)?;
    }
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).map_err(failed)?;
    }
    let colours = if pixels.depth == 1 { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(&pixels.bytes, width, height, colours).map_err(failed)?;
    Ok(out)
}

fn failed(error: Error) -> PhotoError {
    match error {
        Error::Io(error) => error.into(),
        other => PhotoError::Damaged(other.to_string()),
    }
}
