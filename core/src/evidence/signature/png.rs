//! The drawing as a picture: black on white, 8-bit grey PNG, for sheets and programs that take no SVG.

use tiny_skia::{FillRule, Mask, PathBuilder, Transform};

use super::drawing;
use super::outline::{Drawing, Point, Step};
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
    let (right, bottom) = (f64::from(drawing.size.0), f64::from(drawing.size.1));
    let scale = (width / right).min(height / bottom);
    let (left, top) = ((width - right * scale) / 2.0, (height - bottom * scale) / 2.0);
    let at = |(x, y): Point| ((f64::from(x) * scale + left) as f32, (f64::from(y) * scale + top) as f32);
    let mut path = PathBuilder::new();
    for step in &drawing.steps {
        match *step {
            Step::Move(to) => {
                let (x, y) = at(to);
                path.move_to(x, y);
            }
            Step::Line(to) => {
                let (x, y) = at(to);
                path.line_to(x, y);
            }
            Step::Quad(control, to) => {
                let ((cx, cy), (x, y)) = (at(control), at(to));
                path.quad_to(cx, cy, x, y);
            }
            Step::Cubic(one, two, to) => {
                let ((ax, ay), (bx, by), (x, y)) = (at(one), at(two), at(to));
                path.cubic_to(ax, ay, bx, by, x, y);
            }
            Step::Close => path.close(),
        }
    }
    path.finish()
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
