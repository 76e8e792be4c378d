//! Photos, before beside after, as large as their column allows. One that is not here leaves a frame that says so.

use std::rc::Rc;

use doorstep_core::sheet::block::{PhotoPair, Picture};
use doorstep_core::sheet::texts::sheet_texts;
use krilla::image::Image;

use super::{BLACK, Setter, Side};
use crate::pdf::piece::{Mark, Piece, Place, Type};

impl Setter<'_> {
    pub(super) fn photos(&self, pair: &PhotoPair<'_>) -> Piece {
        let strong = Type { bold: true, ..self.plain() };
        let mut piece = self.text(&pair.label, strong, self.form.measure());
        let top = piece.height;
        // A roll is narrow, yet before and after belong beside each other.
        let gutter = self.form.gutter.max(6.0);
        let width = (self.form.measure() - gutter) / 2.0;
        for (place, picture) in [&pair.before, &pair.after].into_iter().enumerate() {
            if let Some(picture) = picture {
                piece.lay(self.picture(picture, width), place as f32 * (width + gutter), top);
            }
        }
        piece.height += 5.0;
        piece
    }

    fn picture(&self, picture: &Picture<'_>, width: f32) -> Piece {
        let caption = Type { size: self.form.small, bold: false, color: BLACK };
        let mut piece = Piece::default();
        // A thumbnail that is no JPEG is as good as none.
        let image = picture.jpeg.and_then(|jpeg| Image::from_jpeg(jpeg.to_vec().into(), true).ok());
        match image {
            Some(image) => {
                let (wide, high) = image.size();
                let natural = width * high as f32 / (wide as f32).max(1.0);
                let place = Place { x: 0.0, y: 2.0, width, height: natural.min(self.form.photo) };
                piece.height = place.y + place.height + 1.0;
                piece.marks.push(Mark::Photo { place, jpeg: Rc::new(image) });
            }
            None => {
                let absent = sheet_texts(self.lang).photo_not_here;
                let words = self.aligned(absent, self.soft(), width - 8.0, Side::Middle);
                let place = Place { x: 0.0, y: 2.0, width, height: words.height + 8.0 };
                piece.marks.push(Mark::Frame { place, weight: 0.5, color: self.form.rule });
                piece.lay(words, 4.0, 6.0);
                piece.height = place.y + place.height + 1.0;
            }
        }
        let at = piece.height;
        piece.lay(self.text(&picture.caption, caption, width), 0.0, at);
        let at = piece.height;
        piece.lay(self.text(&picture.mark, Type { size: self.form.tiny, ..self.soft() }, width), 0.0, at);
        piece
    }
}
