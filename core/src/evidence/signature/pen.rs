//! What the pen did: samples thinned, calmed and given a width, in units of the drawing.

use super::{MARGIN, ROOM};
use crate::domain::seal::ink::{InkPoint, Stroke};

/// The thinnest and the widest line, in units.
const THIN: f64 = 0.9;
const WIDE: f64 = 3.5;
/// Samples nearer than this to the one before say nothing new, in units.
const NEAR: f64 = 0.75;
/// At this speed the line is halfway between wide and thin, in units per millisecond.
const HALF_SPEED: f64 = 0.35;
/// How much of a change of width shows at once; the rest follows. A pen does not jump.
const GIVE: f64 = 0.6;
/// A turn with a cosine below this is a corner that was meant; it is not smoothed away.
pub(super) const CORNER: f64 = 0.3;

/// A point or a direction.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Vector {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Vector {
    pub(super) fn plus(self, other: Self, times: f64) -> Self {
        Self { x: self.x + other.x * times, y: self.y + other.y * times }
    }

    pub(super) fn to(self, other: Self) -> Self {
        other.plus(self, -1.0)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub(super) fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The direction; along x when there is none.
    pub(super) fn unit(self) -> Self {
        let length = self.length();
        if length > 0.0 { Self { x: self.x / length, y: self.y / length } } else { Self { x: 1.0, y: 0.0 } }
    }
}

/// A place of the line and how wide it is there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Knot {
    pub(super) at: Vector,
    pub(super) width: f64,
}

/// The part of the pad the strokes lie in, scaled to the room.
pub(super) struct Sheet {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    /// Tenths of a pad's pixel in a unit.
    unit: f64,
}

impl Sheet {
    pub(super) fn around(strokes: &[Stroke]) -> Self {
        let span = |of: fn(&InkPoint) -> i32| {
            let all = || strokes.iter().flatten().map(of);
            let low = f64::from(all().min().unwrap_or(0));
            (low, f64::from(all().max().unwrap_or(0)) - low)
        };
        let (left, width) = span(|p| p.x);
        let (top, height) = span(|p| p.y);
        let fits = |length: f64, room: f64| length / (room - 2.0 * MARGIN - WIDE);
        let unit = fits(width, ROOM.0).max(fits(height, ROOM.1)).max(1.0);
        Self { left, top, width, height, unit }
    }

    /// Width and height of the drawing in units, margins included.
    pub(super) fn size(&self) -> (f64, f64) {
        let side = |length: f64| length / self.unit + 2.0 * MARGIN + WIDE;
        (side(self.width), side(self.height))
    }

    fn place(&self, point: &InkPoint) -> Vector {
        let edge = MARGIN + WIDE / 2.0;
        Vector {
            x: (f64::from(point.x) - self.left) / self.unit + edge,
            y: (f64::from(point.y) - self.top) / self.unit + edge,
        }
    }
}

/// The knots of each stroke. A stroke without points gives none.
pub(super) fn lines(strokes: &[Stroke], sheet: &Sheet) -> Vec<Vec<Knot>> {
    let mut pressures = strokes.iter().flatten().map(|p| p.pressure);
    let first = pressures.next();
    // A screen that feels no pressure gives the same everywhere: then the speed says how wide.
    let felt = pressures.any(|pressure| Some(pressure) != first);
    strokes.iter().map(|stroke| line(stroke, sheet, felt)).collect()
}

fn line(stroke: &[InkPoint], sheet: &Sheet, felt: bool) -> Vec<Knot> {
    let kept = thinned(stroke, sheet);
    let at = calmed(&kept);
    let mut widths: Vec<f64> = if felt {
        kept.iter().map(|(point, _)| THIN + (WIDE - THIN) * f64::from(point.pressure) / 255.0).collect()
    } else {
        by_speed(&kept)
    };
    // There and back, so that no width lags behind its place.
    ease(widths.iter_mut());
    ease(widths.iter_mut().rev());
    at.into_iter().zip(widths).map(|(at, width)| Knot { at, width }).collect()
}

/// The samples worth drawing with their places. First and last stay.
fn thinned<'a>(stroke: &'a [InkPoint], sheet: &Sheet) -> Vec<(&'a InkPoint, Vector)> {
    let mut kept: Vec<(&InkPoint, Vector)> = Vec::with_capacity(stroke.len());
    for (index, point) in stroke.iter().enumerate() {
        let at = sheet.place(point);
        let near = kept.last().is_some_and(|(_, last)| last.to(at).length() < NEAR);
        if !near {
            kept.push((point, at));
        } else if index + 1 == stroke.len() && kept.len() > 1 {
            kept.pop();
            kept.push((point, at));
        }
    }
    kept
}

/// Places with the tremble of the screen taken out: each leans on its neighbours, ends and corners do not.
fn calmed(kept: &[(&InkPoint, Vector)]) -> Vec<Vector> {
    let mut calm: Vec<Vector> = kept.iter().map(|(_, at)| *at).collect();
    let inner = calm.iter_mut().skip(1);
    for (place, around) in inner.zip(kept.windows(3)) {
        let [(_, before), (_, here), (_, after)] = around else { continue };
        if before.to(*here).unit().dot(here.to(*after).unit()) >= CORNER {
            let middle = before.plus(before.to(*after), 0.5);
            *place = here.plus(here.to(middle), 0.5);
        }
    }
    calm
}

/// Slow is wide, fast is thin.
fn by_speed(kept: &[(&InkPoint, Vector)]) -> Vec<f64> {
    let speed = |pair: &[(&InkPoint, Vector)]| match pair {
        [(before, from), (after, to)] => {
            from.to(*to).length() / f64::from(after.t.saturating_sub(before.t).max(1))
        }
        _ => 0.0,
    };
    let width = |speed: f64| THIN + (WIDE - THIN) * HALF_SPEED / (HALF_SPEED + speed);
    let mut widths: Vec<f64> = kept.windows(2).map(|pair| width(speed(pair))).collect();
    // A tap has no speed: it is as wide as a line at rest.
    widths.insert(0, widths.first().copied().unwrap_or(WIDE));
    widths.truncate(kept.len());
    widths
}

fn ease<'a>(widths: impl Iterator<Item = &'a mut f64>) {
    let mut last: Option<f64> = None;
    for width in widths {
        if let Some(last) = last {
            *width = last + (*width - last) * GIVE;
        }
        last = Some(*width);
    }
}
