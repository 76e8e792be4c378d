//! Draws a signature from its strokes as an inline SVG: quadratic curves through midpoints, width by pressure.
//!
//! The pen's samples are corners of a polyline; a curve from midpoint to midpoint with the sample as its control point
//! is smooth and stays inside the polyline, so nothing is drawn that the pen did not do.

use std::fmt::Write as _;

use doorstep_core::domain::seal::ink::{InkPoint, Stroke};

/// Line width at rest and at full pressure, in tenths of a pixel as shown.
const THINNEST: i64 = 12;
const THICKEST: i64 = 36;
/// Widths are drawn in steps this large, so that neighbours of one width become one path.
const WIDTH_STEP: i64 = 4;
/// Samples nearer than this to the last one drawn add nothing to see.
const NEAR: i64 = 4;
/// Room around the strokes.
const MARGIN: i64 = 40;
/// Height of the drawing on the page, and the most it may be wide, in CSS pixels.
const SHOWN_HEIGHT: i64 = 80;
const SHOWN_WIDTH: i64 = 320;

/// The signature as an `<svg>` element, described by `label`. Empty strokes give an empty drawing of the same size.
#[must_use]
pub fn render(strokes: &[Stroke], label: &str) -> String {
    let frame = Frame::around(strokes);
    let (width, height) = frame.shown();
    let label = escape(label);
    let mut svg = format!(
        "<svg class=\"ink\" role=\"img\" aria-label=\"{label}\" viewBox=\"{} {} {} {}\" width=\"{width}\" height=\"{height}\" \
         fill=\"none\" stroke=\"currentColor\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
        frame.left, frame.top, frame.width, frame.height
    );
    for stroke in strokes {
        draw(&mut svg, &thinned(stroke), frame.width as f64 / (10 * width) as f64);
    }
    svg.push_str("</svg>");
    svg
}

/// The rectangle the strokes lie in.
struct Frame {
    left: i64,
    top: i64,
    width: i64,
    height: i64,
}

impl Frame {
    fn around(strokes: &[Stroke]) -> Self {
        let points = || strokes.iter().flatten();
        let span = |of: fn(&InkPoint) -> i64| {
            let low = points().map(of).min().unwrap_or(0);
            let high = points().map(of).max().unwrap_or(0);
            (low - MARGIN, high - low + 2 * MARGIN)
        };
        let (left, width) = span(|p| i64::from(p.x));
        let (top, height) = span(|p| i64::from(p.y));
        Self { left, top, width, height }
    }

    /// The size on the page: as high as the others, narrower when that would be too wide.
    fn shown(&self) -> (i64, i64) {
        let width = self.width * SHOWN_HEIGHT / self.height;
        if width <= SHOWN_WIDTH {
            (width.max(1), SHOWN_HEIGHT)
        } else {
            (SHOWN_WIDTH, (self.height * SHOWN_WIDTH / self.width).max(1))
        }
    }
}

#[derive(Clone, Copy)]
struct Dot {
    x: i64,
    y: i64,
    width: i64,
}

/// The samples worth drawing, with their line widths; the last one always stays.
fn thinned(stroke: &[InkPoint]) -> Vec<Dot> {
    let mut kept: Vec<Dot> = Vec::with_capacity(stroke.len());
    for (index, point) in stroke.iter().enumerate() {
        let raw = THINNEST + (THICKEST - THINNEST) * i64::from(point.pressure) / 255;
        let dot = Dot { x: i64::from(point.x), y: i64::from(point.y), width: raw / WIDTH_STEP * WIDTH_STEP };
        let last = index + 1 == stroke.len();
        let near = |to: &Dot| (to.x - dot.x).abs().max((to.y - dot.y).abs()) < NEAR;
        if last || !kept.last().is_some_and(near) {
            kept.push(dot);
        }
    }
    kept
}

/// `scale` is how many units of the drawing make a tenth of a shown pixel: a large pad gets wide lines, a small one thin.
fn draw(svg: &mut String, dots: &[Dot], scale: f64) {
    let Some((first, rest)) = dots.split_first() else { return };
    let mut pen = Pen { svg, width: 0, scale };
    let mut from = (first.x, first.y);
    pen.widen(first.width, from);
    if rest.is_empty() {
        // A tap of the pen: a line of almost no length, which round caps make a dot.
        pen.write(format_args!("h1"));
    }
    for pair in dots.windows(2) {
        let [here, next] = pair else { continue };
        let middle = ((here.x + next.x) / 2, (here.y + next.y) / 2);
        pen.widen(here.width, from);
        pen.write(format_args!("Q{} {} {} {}", here.x, here.y, middle.0, middle.1));
        from = middle;
    }
    if let Some(last) = rest.last() {
        pen.write(format_args!("L{} {}", last.x, last.y));
    }
    pen.lift();
}

/// Writes paths, a new one whenever the width changes.
struct Pen<'a> {
    svg: &'a mut String,
    width: i64,
    scale: f64,
}

impl Pen<'_> {
    fn widen(&mut self, width: i64, (x, y): (i64, i64)) {
        if width != self.width {
            self.lift();
            self.width = width;
            let wide = width as f64 * self.scale;
            self.write(format_args!("<path stroke-width=\"{wide:.1}\" d=\"M{x} {y}"));
        }
    }

    fn lift(&mut self) {
        if self.width != 0 {
            self.svg.push_str("\"/>");
            self.width = 0;
        }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.svg.write_fmt(text);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(points: &[(i32, i32, u8)]) -> Stroke {
        (0..)
            .zip(points)
            .map(|(t, (x, y, pressure))| InkPoint { x: *x, y: *y, t, pressure: *pressure })
            .collect()
    }

    #[test]
    fn a_stroke_of_even_pressure_is_one_smooth_path() {
        let svg = render(&[stroke(&[(0, 0, 128), (100, 0, 128), (100, 100, 128), (0, 100, 128)])], "陳美玲");
        assert_eq!(svg.matches("<path").count(), 1, "{svg}");
        assert!(svg.contains("d=\"M0 0Q0 0 50 0Q100 0 100 50Q100 100 50 100L0 100\""), "{svg}");
        assert!(
            svg.contains("viewBox=\"-40 -40 180 180\"") && svg.contains("aria-label=\"陳美玲\""),
            "{svg}"
        );
    }

    #[test]
    fn pressure_changes_the_width_and_paths_join_where_it_does() {
        let svg = render(&[stroke(&[(0, 0, 0), (100, 0, 255), (200, 0, 255)])], "");
        assert!(svg.contains("stroke-width=\"1.2\" d=\"M0 0Q0 0 50 0\"/>"), "{svg}");
        assert!(svg.contains("stroke-width=\"3.6\" d=\"M50 0Q100 0 150 0L200 0\"/>"), "{svg}");
    }

    #[test]
    fn a_tap_shows_as_a_dot_and_nothing_breaks_on_nothing() {
        assert!(render(&[stroke(&[(5, 5, 128)])], "").contains("M5 5h1\"/>"));
        let empty = render(&[], "a \"b\" <c> & d");
        assert!(empty.contains("viewBox=\"-40 -40 80 80\""));
        assert!(empty.contains("aria-label=\"a &quot;b&quot; &lt;c&gt; &amp; d\""));
    }

    #[test]
    fn the_farthest_points_any_device_can_send_still_draw() {
        let svg = render(&[stroke(&[(i32::MIN, i32::MIN, 0), (i32::MAX, i32::MAX, 255)])], "");
        assert!(svg.contains("<path"));
        let flat = render(&[stroke(&[(0, 0, 9), (i32::MAX, 0, 9)])], "");
        assert!(flat.contains("width=\"320\" height=\"1\""), "{flat}");
    }
}
