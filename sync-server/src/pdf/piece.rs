//! Pieces: what is drawn together and never cut, with its height. Their marks count from the piece's top left corner.

use std::rc::Rc;

use doorstep_core::evidence::signature::Drawing;

use super::form::Rgb;

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    /// Size of the letters in points.
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) color: Rgb,
}

/// Where and how large.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// One mark on paper.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A line of text; `y` is its base line.
    Text { x: f32, y: f32, text: String, set: Type },
    /// A straight line across.
    Rule { x: f32, y: f32, width: f32, weight: f32, color: Rgb },
    /// An empty frame.
    Frame { place: Place, weight: f32, color: Rgb },
    /// A filled square or bar.
    Bar { place: Place, color: Rgb },
    /// A signature, as large as fits.
    Ink { place: Place, drawing: Rc<Drawing>, color: Rgb },
    /// A photo, as large as fits.
    Photo { place: Place, jpeg: Rc<krilla::image::Image> },
}

/// What is never cut.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) height: f32,
    pub(super) marks: Vec<Mark>,
    /// Stays with the piece after it: a heading.
    pub(super) leads: bool,
    /// Drawn again above this piece when it begins a page: the head of its table.
    pub(super) above: Option<Rc<Piece>>,
}

/// A run of pieces, kept on one page when it fits on one.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) pieces: Vec<Piece>,
    pub(super) together: bool,
}

impl Piece {
    /// Empty room.
    pub(super) fn gap(height: f32) -> Self {
        Self { height, ..Self::default() }
    }

    /// Draws another piece onto this one.
    pub(super) fn lay(&mut self, other: Self, x: f32, y: f32) {
        self.height = self.height.max(y + other.height);
        self.marks.extend(other.marks.into_iter().map(|mark| mark.moved(x, y)));
    }
}

impl Mark {
    /// The mark at another place.
    pub(super) fn moved(self, dx: f32, dy: f32) -> Self {
        let at = |place: Place| Place { x: place.x + dx, y: place.y + dy, ..place };
        match self {
            Self::Text { x, y, text, set } => Self::Text { x: x + dx, y: y + dy, text, set },
            Self::Rule { x, y, width, weight, color } => {
                Self::Rule { x: x + dx, y: y + dy, width, weight, color }
            }
            Self::Frame { place, weight, color } => Self::Frame { place: at(place), weight, color },
            Self::Bar { place, color } => Self::Bar { place: at(place), color },
            Self::Ink { place, drawing, color } => Self::Ink { place: at(place), drawing, color },
            Self::Photo { place, jpeg } => Self::Photo { place: at(place), jpeg },
        }
    }
}
