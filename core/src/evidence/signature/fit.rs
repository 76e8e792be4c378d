//! A drawing put into a place, for renderers that draw it themselves: one walk over its steps, whatever they draw on.

use super::outline::{Drawing, Point, Step};

/// What a drawing is drawn on: a path that is built step by step.
pub trait Path {
    /// Lifts the pen to here.
    fn move_to(&mut self, x: f32, y: f32);
    /// A straight line to here.
    fn line_to(&mut self, x: f32, y: f32);
    /// A curve with one control point.
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32);
    /// A curve with two control points.
    fn cubic_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32);
    /// Back to where the pen was set down.
    fn close(&mut self);
}

impl Drawing {
    /// Draws it into a place at `left`, `top`, as large as fits, in the middle. Units are those of the place.
    pub fn fit(&self, (left, top): (f64, f64), (width, height): (f64, f64), path: &mut impl Path) {
        let (right, bottom) = (f64::from(self.size.0.max(1)), f64::from(self.size.1.max(1)));
        let scale = (width / right).min(height / bottom);
        let (left, top) = (left + (width - right * scale) / 2.0, top + (height - bottom * scale) / 2.0);
        let at = |(x, y): Point| ((f64::from(x) * scale + left) as f32, (f64::from(y) * scale + top) as f32);
        for step in &self.steps {
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
                    let ((x1, y1), (x, y)) = (at(control), at(to));
                    path.quad_to(x1, y1, x, y);
                }
                Step::Cubic(one, two, to) => {
                    let ((x1, y1), (x2, y2), (x, y)) = (at(one), at(two), at(to));
                    path.cubic_to(x1, y1, x2, y2, x, y);
                }
                Step::Close => path.close(),
            }
        }
    }
}
