//! A signature as people see it: one drawing made of the sealed strokes, the same on every phone, page and sheet.
//!
//! The strokes become knots with a width ([`pen`]), the knots an outline of curves ([`outline`]), and the outline an SVG
//! or a picture. Only additions, products, quotients and square roots are used, which every machine rounds alike, and
//! the outline is kept in whole hundredths: the same strokes give the same bytes everywhere.

#[cfg(feature = "render")]
mod fit;
mod outline;
mod pen;
#[cfg(feature = "render")]
mod png;
mod svg;
#[cfg(test)]
mod tests;

#[cfg(feature = "render")]
pub use self::fit::Path;
pub use self::outline::{Drawing, Point, Step};
#[cfg(feature = "render")]
pub use self::png::{MAX_SIDE, NoPicture, png};
pub use self::svg::{Shown, svg};

use crate::domain::seal::ink::{BadInk, decode};

/// The room a signature is drawn for, in units: whatever the pad, it is scaled to fit here.
const ROOM: (f64, f64) = (320.0, 80.0);
/// Left free on every side, so that no line touches the edge.
const MARGIN: f64 = 3.0;

/// The outline of encoded strokes, for a renderer that draws it itself.
///
/// # Errors
/// When the bytes are not strokes.
pub fn drawing(ink: &[u8]) -> Result<Drawing, BadInk> {
    let strokes = decode(ink)?;
    let sheet = pen::Sheet::around(&strokes);
    let lines = pen::lines(&strokes, &sheet);
    Ok(outline::draw(&lines, sheet.size()))
}
