//! The drawing as a picture: black on white, 8-bit grey PNG, for sheets and programs that take no SVG.

use tiny_skia::{FillRule, Mask, PathBuilder, Transform};

use super::drawing;
use super::fit::Path;
use super::outline::Drawing;
use crate::domain::seal::ink::BadInk;

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 4096;

/// Why there is no picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPicture {
    /// The bytes are not strokes.
    #[error(transparent)]
    Ink(#[from] BadInk),
    /// A side is 0 or longer than [`MAX_SIDE`].
    #[error("a picture of {width} x {height} pixels: each side has 1 to {MAX_SIDE}")]
    Size {
        /// The width asked for.
        width: u32,
        /// The height asked for.
        height: u32,
    },
}

/// The signature as a PNG of exactly this size in pixels, as large as fits, in the middle.
///
/// # Errors
/// See [`NoPicture`].
pub fn png(ink: &[u8], width: u32, height: u32) -> Result<Vec<u8>, NoPicture> {
    let bad_size = NoPicture::Size { width, height };
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return Err(bad_size);
    }
    let drawing = drawing(ink)?;
    let mut mask = Mask::new(width, height).ok_or(bad_size)?;
    if let Some(path) = path(&drawing, f64::from(width), f64::from(height)) {
        mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
    }
    let grey: Vec<u8> = mask.data().iter().map(|covered| 255 - covered).collect();
    encoded(&grey, width, height).ok_or(bad_size)
}

/// The outline in pixels.
fn path(drawing: &Drawing, width: f64, height: f64) -> Option<tiny_skia::Path> {
    let mut outline = Outline(PathBuilder::new());
    drawing.fit((0.0, 0.0), (width, height), &mut outline);
    outline.0.finish()
}

struct Outline(PathBuilder);

impl Path for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn cubic_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

fn encoded(grey: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(4096);
    let mut encoder = ::png::Encoder::new(&mut out, width, height);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.set_depth(::png::BitDepth::Eight);
    // Lines on white: neighbours above say most, and trying every filter costs more than it saves.
    encoder.set_filter(::png::Filter::Up);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(grey).ok()?;
    writer.finish().ok()?;
    Some(out)
}
