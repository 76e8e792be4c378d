//! The drawing as SVG: one filled path in the colour of the text around it, smooth at any size.

use std::fmt::Write as _;

use super::drawing;
use super::outline::{Drawing, Point, Step};
use crate::domain::seal::ink::BadInk;

/// How a signature is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown<'a> {
    /// What it is, for who cannot see it.
    pub label: &'a str,
    /// The most it may be wide, in CSS pixels.
    pub width: u32,
    /// The most it may be high, in CSS pixels.
    pub height: u32,
}

impl<'a> Shown<'a> {
    /// The size it has on a page.
    #[must_use]
    pub fn on_page(label: &'a str) -> Self {
        Self { label, width: 320, height: 80 }
    }
}

/// The signature as an `<svg>` element of class `ink`, or as a file of its own.
///
/// # Errors
/// When the bytes are not strokes.
pub fn svg(ink: &[u8], shown: Shown<'_>) -> Result<String, BadInk> {
    let Drawing { size, steps } = drawing(ink)?;
    let (width, height) = fitted(size, shown);
    let label = escape(shown.label);
    let mut svg = String::with_capacity(256 + steps.len() * 16);
    let (right, bottom) = size;
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg class=\"ink\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{label}\" \
         viewBox=\"0 0 {right} {bottom}\" width=\"{width}\" height=\"{height}\" fill=\"currentColor\"><path d=\"",
    );
    let mut pen = (0, 0);
    for step in steps {
        write_step(&mut svg, step, &mut pen);
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
}

/// The largest size within the room shown that keeps the shape.
fn fitted((width, height): Point, shown: Shown<'_>) -> (u64, u64) {
    let (width, height) = (u64::from(width.unsigned_abs().max(1)), u64::from(height.unsigned_abs().max(1)));
    let (most_wide, most_high) = (u64::from(shown.width), u64::from(shown.height));
    let wide = width * most_high / height;
    if wide <= most_wide {
        (wide.max(1), most_high.max(1))
    } else {
        (most_wide.max(1), (height * most_wide / width).max(1))
    }
}

/// Steps are written relative to where the pen stands: the numbers are small.
fn write_step(svg: &mut String, step: Step, pen: &mut Point) {
    let from = *pen;
    let mut put = |letter: &str, points: &[Point]| {
        svg.push_str(letter);
        let mut first = true;
        for (x, y) in points {
            for number in [x.saturating_sub(from.0), y.saturating_sub(from.1)] {
                if !first && number >= 0 {
                    svg.push(' ');
                }
                first = false;
                let _ = write!(svg, "{number}");
            }
            *pen = (*x, *y);
        }
    };
    match step {
        Step::Move((x, y)) => {
            let _ = write!(svg, "M{x} {y}");
            *pen = (x, y);
        }
        Step::Line(to) => put("l", &[to]),
        Step::Quad(control, to) => put("q", &[control, to]),
        Step::Cubic(one, two, to) => put("c", &[one, two, to]),
        // The next step of every outline is a move: where the pen stands now does not matter.
        Step::Close => svg.push('z'),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
