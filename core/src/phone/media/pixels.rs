//! Pixels in memory: fitted into a size and turned the right way up.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::PhotoError;

/// A picture as rows of bytes.
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes of a pixel: 1 grey, 3 red, green, blue.
    pub(super) depth: usize,
    pub(super) bytes: Vec<u8>,
}

/// The size with this long side at most, and the same shape. Never larger than it was, never without a pixel.
pub(super) fn fit(width: u32, height: u32, long_side: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= long_side {
        return (width, height);
    }
    let scaled = |side: u32| {
        let scaled = (u64::from(side) * u64::from(long_side) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(scaled).unwrap_or(long_side).max(1)
    };
    (scaled(width), scaled(height))
}

impl Pixels {
    /// The picture made smaller, when its long side is longer than this.
    pub(super) fn fitted(&self, long_side: u32) -> Result<Self, PhotoError> {
        let (width, height) = fit(self.width, self.height, long_side);
        let (kind, depth) = if self.depth == 1 { (PixelType::U8, 1) } else { (PixelType::U8x3, 3) };
        if (width, height) == (self.width, self.height) {
            return Ok(Self { width, height, depth, bytes: self.bytes.clone() });
        }
        let failed = |why: String| PhotoError::Encode(why);
        let from = ImageRef::new(self.width, self.height, &self.bytes, kind);
        let from = from.map_err(|e| failed(e.to_string()))?;
        let mut to = Image::new(width, height, kind);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Resizer::new().resize(&from, &mut to, &options).map_err(|e| failed(e.to_string()))?;
        Ok(Self { width, height, depth, bytes: to.into_vec() })
    }

    /// The picture the right way up, by the number a camera writes for how it was held: 1 to 8, 1 is upright.
    pub(super) fn upright(self, orientation: u32) -> Self {
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let (across, down) = (self.width as usize, self.height as usize);
        let is_turned = orientation >= 5;
        let (width, height) = if is_turned { (down, across) } else { (across, down) };
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for y in 0..height {
            for x in 0..width {
                // Where the pixel of the upright picture lies in the one that was stored.
                let (x, y) = match orientation {
                    2 => (across - 1 - x, y),
                    3 => (across - 1 - x, down - 1 - y),
                    4 => (x, down - 1 - y),
                    5 => (y, x),
                    6 => (y, down - 1 - x),
                    7 => (across - 1 - y, down - 1 - x),
                    _ => (across - 1 - y, x),
                };
                let at = (y * across + x) * self.depth;
                bytes.extend_from_slice(self.bytes.get(at..at + self.depth).unwrap_or_default());
            }
        }
        let (width, height) = if is_turned { (self.height, self.width) } else { (self.width, self.height) };
        Self { width, height, depth: self.depth, bytes }
    }
}
