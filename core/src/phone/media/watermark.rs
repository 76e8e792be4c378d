//! The watermark: order number and time in a band at the lower edge, for those who look at a photo away from its record.

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, ScaleFont, point};

use super::error::PhotoError;
use super::pixels::Pixels;

/// The height of a line, as a part of the long side.
const LINES_PER_SIDE: u32 = 36;
const SMALLEST_PX: u32 = 10;

/// What to draw.
#[derive(Clone, Copy, Debug)]
pub struct Watermark<'a> {
    /// The text, one line.
    pub text: &'a str,
    /// A font file (TrueType or OpenType; of a collection its first), whole.
    pub font: &'a [u8],
}

/// Draws the band and the text. A character the font lacks shows as an empty box: a photo on site does not fail for it.
pub(super) fn draw(pixels: &mut Pixels, mark: &Watermark<'_>) -> Result<(), PhotoError> {
    let font = FontRef::try_from_slice(mark.font).map_err(|e| PhotoError::Font(e.to_string()))?;
    let line = (pixels.width.max(pixels.height) / LINES_PER_SIDE).max(SMALLEST_PX).min(pixels.height);
    darken(pixels, pixels.height - line);
    let scale = PxScale::from(line as f32 * 0.8);
    let scaled = font.as_scaled(scale);
    let margin = line as f32 * 0.3;
    let base = (pixels.height - line) as f32 + line as f32 * 0.1 + scaled.ascent();
    let mut x = margin;
    for character in mark.text.chars() {
        let id = scaled.glyph_id(character);
        if id == GlyphId(0) && !character.is_whitespace() {
            let side = line as f32 * 0.6;
            frame(pixels, x as u32, (pixels.height - line) + line / 5, side as u32);
            x += side * 1.2;
            continue;
        }
        let glyph = Glyph { id, scale, position: point(x, base) };
        if let Some(outline) = scaled.outline_glyph(glyph) {
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, cover| {
                let (x, y) = (corner.x + dx as f32, corner.y + dy as f32);
                if x >= 0.0 && y >= 0.0 {
                    blend(pixels, x as u32, y as u32, cover);
                }
            });
        }
        x += scaled.h_advance(id);
    }
    Ok(())
}

/// Halves the light below a row.
fn darken(pixels: &mut Pixels, from: u32) {
    let at = from as usize * pixels.width as usize * pixels.depth;
    pixels.bytes.get_mut(at..).unwrap_or_default().iter_mut().for_each(|byte| *byte /= 3);
}

/// Moves a pixel towards white.
fn blend(pixels: &mut Pixels, x: u32, y: u32, cover: f32) {
    if x >= pixels.width || y >= pixels.height {
        return;
    }
    let at = (y as usize * pixels.width as usize + x as usize) * pixels.depth;
    for byte in pixels.bytes.get_mut(at..at + pixels.depth).unwrap_or_default() {
        let light = f32::from(*byte);
        *byte = (light + (255.0 - light) * cover.clamp(0.0, 1.0)) as u8;
    }
}

/// An empty box.
fn frame(pixels: &mut Pixels, left: u32, top: u32, side: u32) {
    for step in 0..=side {
        for (x, y) in [(step, 0), (step, side), (0, step), (side, step)] {
            blend(pixels, left + x, top + y, 1.0);
        }
    }
}
