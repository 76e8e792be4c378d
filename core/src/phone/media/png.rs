//! PNG: read row by row and averaged down at once, so that a screenshot of any size takes little memory.

use std::io::{BufRead, Seek};

use png::{ColorType, Decoder, DecodingError, Transformations};

use super::MAX_PIXELS;
use super::error::PhotoError;
use super::pixels::Pixels;

/// The most bytes of an interlaced picture: its rows come in no order, so it has to lie in memory whole.
const MAX_INTERLACED_BYTES: usize = 64 * 1024 * 1024;

/// Decodes to at least `long_side` pixels along the long side, where there are as many. Also gives the camera's notes.
pub(super) fn decode(
    reader: impl BufRead + Seek,
    long_side: u32,
) -> Result<(Pixels, Option<Vec<u8>>), PhotoError> {
    let mut decoder = Decoder::new(reader);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(failed)?;
    let info = reader.info();
    let (width, height) = (info.width, info.height);
    let is_interlaced = info.interlaced;
    let exif = info.exif_metadata.as_ref().map(|exif| exif.to_vec());
    let too_many = PhotoError::TooManyPixels { width, height };
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width == 0 || height == 0 {
        return Err(too_many);
    }
    let samples = reader.output_color_type().0;
    let by = (width.max(height) / long_side.max(1)).max(1);
    let mut smaller = Averaged::new(width, height, by, samples);
    if is_interlaced {
        let size =
            reader.output_buffer_size().filter(|size| *size <= MAX_INTERLACED_BYTES).ok_or(too_many)?;
        let mut whole = vec![0; size];
        let frame = reader.next_frame(&mut whole).map_err(failed)?;
        whole.chunks_exact(frame.line_size).for_each(|row| smaller.row(row));
    } else {
        while let Some(row) = reader.next_row().map_err(failed)? {
            smaller.row(row.data());
        }
    }
    Ok((smaller.finish()?, exif))
}

/// A picture being averaged down by a whole number while its rows come in. Transparent pixels lie on white.
struct Averaged {
    width: u32,
    height: u32,
    by: u32,
    samples: ColorType,
    /// Sums of the columns of the rows since the last finished one.
    sums: Vec<u32>,
    rows: u32,
    bytes: Vec<u8>,
}

impl Averaged {
    fn new(width: u32, height: u32, by: u32, samples: ColorType) -> Self {
        // What does not fill a whole square at the right and lower edge is left out: less than one pixel of the result.
        let (width, height) = ((width / by).max(1), (height / by).max(1));
        let depth = depth(samples);
        let size = width as usize * height as usize * depth;
        Self {
            width,
            height,
            by,
            samples,
            sums: vec![0; width as usize * depth],
            rows: 0,
            bytes: Vec::with_capacity(size),
        }
    }

    fn row(&mut self, row: &[u8]) {
        let depth = depth(self.samples);
        let squares = row.chunks(self.samples.samples() * self.by as usize);
        for (sums, square) in self.sums.chunks_exact_mut(depth).zip(squares) {
            for pixel in square.chunks_exact(self.samples.samples()) {
                let (colours, alpha) = pixel.split_at(depth);
                let alpha = alpha.first().map_or(255, |alpha| u32::from(*alpha));
                for (sum, colour) in sums.iter_mut().zip(colours) {
                    *sum += (u32::from(*colour) * alpha + 255 * (255 - alpha)) / 255;
                }
            }
        }
        self.rows += 1;
        if self.rows == self.by {
            self.rows = 0;
            let count = self.by * self.by;
            let averages = self.sums.iter_mut().map(|sum| std::mem::take(sum) / count);
            self.bytes.extend(averages.map(|average| u8::try_from(average).unwrap_or(u8::MAX)));
        }
    }

    fn finish(mut self) -> Result<Pixels, PhotoError> {
        let depth = depth(self.samples);
        let size = self.width as usize * self.height as usize * depth;
        if self.bytes.len() < size {
            return Err(PhotoError::CutShort);
        }
        self.bytes.truncate(size);
        Ok(Pixels { width: self.width, height: self.height, depth, bytes: self.bytes })
    }
}

/// Bytes of a pixel without its transparency.
fn depth(samples: ColorType) -> usize {
    match samples {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => 1,
        ColorType::Rgb | ColorType::Rgba | ColorType::Indexed => 3,
    }
}

fn failed(error: DecodingError) -> PhotoError {
    match error {
        DecodingError::IoError(error) => error.into(),
        DecodingError::LimitsExceeded => PhotoError::TooManyBytes,
        other => PhotoError::Damaged(other.to_string()),
    }
}
