//! The outline of a line of changing width: closed curves, all turning the same way, so that filling them joins them.
//!
//! The knots are the control points of a quadratic B-spline; moved sideways by half the width they are those of its
//! edges. Where a line turns too sharply for that it is cut, and the round ends of the two pieces make the corner.

use super::pen::{CORNER, Knot, Vector};

/// Hundredths of a unit, right and down.
pub type Point = (i32, i32);

/// Hundredths in a unit.
pub(super) const HUNDREDTHS: f64 = 100.0;
/// How far the control points of a quarter circle stand from its ends, in radii.
const QUARTER: f64 = 0.552_284_749_8;

/// One step of an outline, as path operators of SVG and PDF have them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Begins a contour.
    Move(Point),
    /// A straight line.
    Line(Point),
    /// A quadratic curve: its control point and its end.
    Quad(Point, Point),
    /// A cubic curve: its control points and its end.
    Cubic(Point, Point, Point),
    /// Ends a contour.
    Close,
}

/// A signature's outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawing {
    /// Width and height in hundredths.
    pub size: Point,
    /// The outline; filled by the non-zero rule.
    pub steps: Vec<Step>,
}

/// Draws lines on a sheet of this size in units.
pub(super) fn draw(lines: &[Vec<Knot>], (width, height): (f64, f64)) -> Drawing {
    let size = point(Vector { x: width, y: height });
    let mut steps = Vec::new();
    for line in lines {
        for piece in pieces(line) {
            contour(&piece, &mut steps);
        }
    }
    Drawing { size, steps }
}

/// A line cut at its sharp turns; neighbours share the knot.
fn pieces(line: &[Knot]) -> Vec<Vec<Knot>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Knot> = Vec::new();
    for (index, knot) in line.iter().enumerate() {
        piece.push(*knot);
        let around = index.checked_sub(1).and_then(|before| Some((line.get(before)?, line.get(index + 1)?)));
        if around.is_some_and(|(before, after)| turns_sharply(before, knot, after)) {
            pieces.push(std::mem::replace(&mut piece, vec![*knot]));
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Whether the inner edge would run backwards here, or the turn is a corner.
fn turns_sharply(before: &Knot, here: &Knot, after: &Knot) -> bool {
    let (into, out) = (before.at.to(here.at), here.at.to(after.at));
    let cosine = into.unit().dot(out.unit());
    if cosine < CORNER {
        return true;
    }
    let half_tangent = ((1.0 - cosine).max(0.0) / (1.0 + cosine)).sqrt();
    into.length().min(out.length()) < here.width * half_tangent
}

/// The closed outline of one piece: along its left side, round the end, back along its right side, round the start.
fn contour(piece: &[Knot], steps: &mut Vec<Step>) {
    let (Some(first), Some(last)) = (piece.first(), piece.last()) else { return };
    let edges: Vec<Vector> = piece
        .windows(2)
        .map(|pair| match pair {
            [from, to] => from.at.to(to.at).unit(),
            _ => Vector { x: 1.0, y: 0.0 },
        })
        .collect();
    let along = Vector { x: 1.0, y: 0.0 };
    let (into, out) = (edges.last().copied().unwrap_or(along), edges.first().copied().unwrap_or(along));
    let mut left = Vec::with_capacity(piece.len());
    let mut right = Vec::with_capacity(piece.len());
    for (index, knot) in piece.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| edges.get(at)).copied().unwrap_or(out);
        let after = edges.get(index).copied().unwrap_or(into);
        let side = sideways(before, after);
        left.push(knot.at.plus(side, knot.width / 2.0));
        right.push(knot.at.plus(side, -knot.width / 2.0));
    }
    right.reverse();
    steps.push(Step::Move(point(first.at.plus(quarter_turn(out), first.width / 2.0))));
    edge(&left, steps);
    cap(last, into, steps);
    edge(&right, steps);
    cap(first, out.plus(out, -2.0), steps);
    steps.push(Step::Close);
}

/// The way to the left of two edges that meet, as long as it takes to stay half a width from both.
fn sideways(before: Vector, after: Vector) -> Vector {
    let sum = before.plus(after, 1.0);
    let side = quarter_turn(sum.unit());
    // The half turn's cosine; a cut keeps it far from zero.
    let stretch = quarter_turn(before).dot(side).max(0.5);
    Vector { x: side.x / stretch, y: side.y / stretch }
}

fn quarter_turn(v: Vector) -> Vector {
    Vector { x: v.y, y: -v.x }
}

/// From the first control point, where the outline stands, to the last.
fn edge(controls: &[Vector], steps: &mut Vec<Step>) {
    let inner = controls.len().saturating_sub(2);
    for (index, pair) in controls.iter().skip(1).zip(controls.iter().skip(2)).enumerate() {
        let (control, next) = pair;
        let to = if index + 1 == inner { *next } else { control.plus(control.to(*next), 0.5) };
        steps.push(Step::Quad(point(*control), point(to)));
    }
    if let [_, to] = controls {
        steps.push(Step::Line(point(*to)));
    }
}

/// Half a circle from the left to the right of a line that ends in this direction.
fn cap(knot: &Knot, direction: Vector, steps: &mut Vec<Step>) {
    let radius = knot.width / 2.0;
    let side = quarter_turn(direction);
    let at =
        |ahead: f64, aside: f64| point(knot.at.plus(direction, ahead * radius).plus(side, aside * radius));
    steps.push(Step::Cubic(at(QUARTER, 1.0), at(1.0, QUARTER), at(1.0, 0.0)));
    steps.push(Step::Cubic(at(1.0, -QUARTER), at(QUARTER, -1.0), at(0.0, -1.0)));
}

/// Rounded to hundredths: a drawing is at most a few hundred units wide, so it fits.
fn point(v: Vector) -> Point {
    ((v.x * HUNDREDTHS).round() as i32, (v.y * HUNDREDTHS).round() as i32)
}
