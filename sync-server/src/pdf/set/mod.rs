//! Setting: each block becomes pieces. The order and the words are the core's; here is only where they stand.

mod ends;
mod pictures;
mod signatures;
mod table;

use doorstep_core::domain::lang::Lang;
use doorstep_core::sheet::block::{Block, Finding, Item, Pair, Section, Sheet};
use doorstep_core::words::terms::terms;

use super::font::Fonts;
use super::form::{Form, Rgb};
use super::line::lines;
use super::piece::{Mark, Piece, Place, Run, Type};

/// From one line to the next, in sizes of the letters.
const LEADING: f32 = 1.5;
/// From the top of a line to its base, in sizes of the letters.
const BASE: f32 = 1.12;
const BLACK: Rgb = (0, 0, 0);

/// What setting needs.
pub(super) struct Setter<'a> {
    form: &'static Form,
    fonts: &'a Fonts,
    lang: Lang,
}

/// Where a line stands in its room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Middle,
    Right,
}

/// All runs of a paper, from its head to its foot.
pub(super) fn sections(sheet: &Sheet<'_>, form: &'static Form, fonts: &Fonts) -> Vec<Run> {
    let setter = Setter { form, fonts, lang: sheet.lang };
    let mut runs = vec![setter.head(&sheet.head)];
    runs.extend(sheet.sections.iter().map(|section| setter.section(section)));
    runs.push(setter.foot(&sheet.foot));
    runs
}

impl Setter<'_> {
    fn plain(&self) -> Type {
        Type { size: self.form.body, bold: false, color: BLACK }
    }

    fn soft(&self) -> Type {
        Type { size: self.form.small, bold: false, color: self.form.soft }
    }

    fn width(&self, text: &str, set: Type) -> f32 {
        self.fonts.width(text, self.lang) * set.size
    }

    /// A text broken to a width.
    fn text(&self, text: &str, set: Type, width: f32) -> Piece {
        self.aligned(text, set, width, Side::Left)
    }

    fn aligned(&self, text: &str, set: Type, width: f32, side: Side) -> Piece {
        let mut piece = Piece::default();
        if text.trim().is_empty() {
            return piece;
        }
        for text in lines(text, width / set.size, self.lang, self.fonts) {
            let free = width - self.width(&text, set);
            let x = match side {
                Side::Left => 0.0,
                Side::Middle => (free / 2.0).max(0.0),
                Side::Right => free.max(0.0),
            };
            let y = piece.height + set.size * BASE;
            piece.height += set.size * LEADING;
            piece.marks.push(Mark::Text { x, y, text, set });
        }
        piece
    }

    fn rule(&self, y: f32, weight: f32, color: Rgb) -> Mark {
        Mark::Rule { x: 0.0, y, width: self.form.measure(), weight, color }
    }

    fn section(&self, section: &Section<'_>) -> Run {
        let set = Type { size: self.form.heading, bold: true, color: self.form.accent };
        let mut heading = self.text(&section.title, set, self.form.measure());
        heading.marks.push(self.rule(heading.height + 1.0, 0.75, self.form.rule));
        heading.height += 5.0;
        heading.leads = true;
        let mut pieces = vec![Piece::gap(self.form.body), heading];
        for block in &section.blocks {
            self.block(block, &mut pieces);
        }
        Run { pieces, together: section.together }
    }

    fn block(&self, block: &Block<'_>, pieces: &mut Vec<Piece>) {
        match block {
            Block::Pairs(pairs) => self.pairs(pairs, pieces),
            Block::Lines(table) => self.table(table, pieces),
            Block::Checklist { title, items } => self.checklist(title, items, pieces),
            Block::Photos(pairs) => pairs.iter().for_each(|pair| pieces.push(self.photos(pair))),
            Block::Signatures(all) => self.signatures(all, pieces),
            Block::Note { loud, text } => {
                let size = if *loud { self.form.heading } else { self.form.body };
                pieces.push(self.text(text, Type { size, bold: *loud, color: BLACK }, self.form.measure()));
            }
            Block::Boxes(names) => self.boxes(names, pieces),
        }
    }

    /// Facts in columns; a long one across the whole width.
    fn pairs(&self, pairs: &[Pair], pieces: &mut Vec<Piece>) {
        let (column, gutter) = (self.form.column(), self.form.gutter);
        let mut row = Piece::default();
        let mut place = 0;
        for pair in pairs {
            if place > 0 && (pair.wide || place == self.form.columns) {
                pieces.push(std::mem::take(&mut row));
                place = 0;
            }
            if pair.wide {
                pieces.push(self.pair(pair, self.form.measure()));
            } else {
                row.lay(self.pair(pair, column), place as f32 * (column + gutter), 0.0);
                place += 1;
            }
        }
        if place > 0 {
            pieces.push(row);
        }
    }

    fn pair(&self, pair: &Pair, width: f32) -> Piece {
        let wider = if self.lang == Lang::En { 1.42 } else { 1.0 };
        let room = self.form.term * wider;
        let name = Type { color: self.form.soft, ..self.plain() };
        let mut piece = self.text(pair.term, name, room - 4.0);
        piece.lay(self.text(&pair.text, self.plain(), width - room), room, 0.0);
        piece
    }

    /// Answers in columns, each with a line below it.
    fn checklist(&self, title: &str, items: &[Item], pieces: &mut Vec<Piece>) {
        let set = Type { bold: true, ..self.plain() };
        pieces.push(Piece { leads: true, ..self.text(title, set, self.form.measure()) });
        let (column, gutter) = (self.form.column(), self.form.gutter);
        for row in items.chunks(self.form.columns) {
            let mut piece = Piece::default();
            for (place, item) in row.iter().enumerate() {
                piece.lay(self.item(item, column), place as f32 * (column + gutter), 0.0);
            }
            pieces.push(piece);
        }
    }

    fn item(&self, item: &Item, width: f32) -> Piece {
        let color = if item.finding == Finding::Right { BLACK } else { self.form.warn };
        let set = Type { size: self.form.small, bold: false, color };
        let bold = Type { bold: true, ..set };
        let value = match item.finding {
            Finding::Differs => format!("{} {}", terms(self.lang).mismatch, item.value),
            Finding::Right | Finding::Open => item.value.clone(),
        };
        let room = self.width(&value, bold).min(width * 0.45);
        let mut piece = self.text(&item.label, set, width - room - 6.0);
        piece.lay(self.aligned(&value, bold, room + 1.0, Side::Right), width - room - 1.0, 0.0);
        let below = piece.height;
        piece.lay(self.text(&item.remark, self.soft(), width), 0.0, below);
        let y = piece.height + 0.5;
        piece.marks.push(Mark::Rule { x: 0.0, y, width, weight: 0.4, color: self.form.rule });
        piece.height += 2.0;
        piece
    }

    /// Empty frames with their names.
    fn boxes(&self, names: &[&str], pieces: &mut Vec<Piece>) {
        let (column, gutter) = (self.form.column(), self.form.gutter);
        for row in names.chunks(self.form.columns) {
            let mut piece = Piece::gap(self.form.hand + 8.0);
            for (place, name) in row.iter().enumerate() {
                let x = place as f32 * (column + gutter);
                let frame = Place { x, y: 4.0, width: column, height: self.form.hand };
                piece.marks.push(Mark::Frame { place: frame, weight: 0.75, color: self.form.soft });
                piece.lay(self.text(name, self.soft(), column - 8.0), x + 4.0, 5.0);
            }
            pieces.push(piece);
        }
    }
}
