//! Painting: marks onto the pages of a PDF file.

use doorstep_core::domain::lang::Lang;
use doorstep_core::evidence::signature::{Drawing, Path as Drawn};
use doorstep_core::sheet::block::Sheet;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::KrillaGlyph;

use super::PdfError;
use super::flow::Page;
use super::font::{Fonts, Set};
use super::form::{Form, Rgb};
use super::piece::{Mark, Place, Type};

/// How much wider strokes of bold letters are, in sizes of the letters: there is one weight of the fonts.
const BOLD: f32 = 0.028;

/// The file.
pub(super) fn paint(
    sheet: &Sheet<'_>,
    pages: &[Page],
    form: &Form,
    fonts: &Fonts,
) -> Result<Vec<u8>, PdfError> {
    let mut document = Document::new();
    let title = format!("{} {}", sheet.head.title, sheet.head.number);
    document.set_metadata(Metadata::new().title(title).language(sheet.lang.tag().to_owned()));
    for (number, page) in (1..).zip(pages) {
        let height = if form.is_roll { page.depth + form.top + form.bottom } else { form.height };
        let settings = PageSettings::from_wh(form.width, height)
            .ok_or_else(|| PdfError::Write(format!("no page is {height} points high")))?;
        let mut leaf = document.start_page_with(settings);
        {
            let mut painter = Painter { surface: leaf.surface(), fonts, lang: sheet.lang };
            for mark in &page.marks {
                painter.mark(mark);
            }
            if !form.is_roll {
                painter.page_number(number, pages.len(), form);
            }
            painter.surface.finish();
        }
        leaf.finish();
    }
    document.finish().map_err(|error| PdfError::Write(format!("{error:?}")))
}

struct Painter<'a> {
    surface: Surface<'a>,
    fonts: &'a Fonts,
    lang: Lang,
}

impl Painter<'_> {
    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Text { x, y, text, set } => self.text(*x, *y, text, *set),
            Mark::Rule { x, y, width, weight, color } => {
                let mut path = PathBuilder::new();
                path.move_to(*x, *y);
                path.line_to(x + width, *y);
                self.stroke(path.finish(), *weight, *color);
            }
            Mark::Frame { place, weight, color } => self.stroke(frame(*place), *weight, *color),
            Mark::Bar { place, color } => self.fill(frame(*place), *color),
            Mark::Ink { place, drawing, color } => self.fill(ink(*place, drawing), *color),
            Mark::Photo { place, jpeg } => {
                let (wide, high) = jpeg.size();
                let scale = (place.width / wide as f32).min(place.height / high as f32);
                let Some(size) = Size::from_wh(wide as f32 * scale, high as f32 * scale) else { return };
                let middle = place.x + (place.width - size.width()) / 2.0;
                self.surface.push_transform(&Transform::from_translate(middle, place.y));
                self.surface.draw_image((**jpeg).clone(), size);
                self.surface.pop();
            }
        }
    }

    /// A line of text, in runs of one font.
    fn text(&mut self, x: f32, y: f32, text: &str, set: Type) {
        let color = color(set.color);
        self.surface.set_fill(Some(Fill { paint: color.into(), ..Fill::default() }));
        let bold = Stroke { paint: color.into(), width: set.size * BOLD, ..Stroke::default() };
        self.surface.set_stroke(set.bold.then_some(bold));
        let mut at = x;
        let chars: Vec<(usize, char, Set)> = text
            .char_indices()
            .filter_map(|(byte, c)| Some((byte, c, self.fonts.set(c, self.lang)?)))
            .collect();
        for run in chars.chunk_by(|a, b| a.2.simplified == b.2.simplified) {
            let Some((_, _, first)) = run.first() else { continue };
            let glyph = |(byte, c, set): &(usize, char, Set)| {
                KrillaGlyph::new(set.glyph, set.width, 0.0, 0.0, 0.0, *byte..byte + c.len_utf8(), None)
            };
            let glyphs: Vec<KrillaGlyph> = run.iter().map(glyph).collect();
            let font = self.fonts.face(*first).font.clone();
            self.surface.draw_glyphs(Point::from_xy(at, y), &glyphs, font, text, set.size, false);
            at += run.iter().map(|(_, _, set)| set.width).sum::<f32>() * set.size;
        }
    }

    fn page_number(&mut self, number: usize, of: usize, form: &Form) {
        let text = format!("{number} / {of}");
        let set = Type { size: form.tiny, bold: false, color: form.soft };
        let width = self.fonts.width(&text, self.lang) * set.size;
        self.text(form.width - form.side - width, form.height - form.bottom / 2.0, &text, set);
    }

    fn stroke(&mut self, path: Option<Path>, width: f32, to: Rgb) {
        let Some(path) = path else { return };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint: color(to).into(), width, ..Stroke::default() }));
        self.surface.draw_path(&path);
    }

    fn fill(&mut self, path: Option<Path>, to: Rgb) {
        let Some(path) = path else { return };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint: color(to).into(), ..Fill::default() }));
        self.surface.draw_path(&path);
    }
}

fn color((red, green, blue): Rgb) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn frame(place: Place) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(place.x, place.y, place.width, place.height)?);
    path.finish()
}

/// A signature's outline, scaled into its place and put in the middle of it.
fn ink(place: Place, drawing: &Drawing) -> Option<Path> {
    let mut outline = Outline(PathBuilder::new());
    let [x, y, width, height] = [place.x, place.y, place.width, place.height].map(f64::from);
    drawing.fit((x, y), (width, height), &mut outline);
    outline.0.finish()
}

struct Outline(PathBuilder);

impl Drawn for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn cubic_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
