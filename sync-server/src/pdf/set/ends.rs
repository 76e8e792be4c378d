//! The head and the foot of a paper.

use doorstep_core::sheet::block::{Code, Foot, Head};

use super::{BLACK, Setter, Side};
use crate::pdf::piece::{Mark, Piece, Place, Run, Type};

impl Setter<'_> {
    pub(super) fn head(&self, head: &Head) -> Run {
        let mut piece = if self.form.is_roll { self.narrow_head(head) } else { self.wide_head(head) };
        piece.marks.push(self.rule(piece.height + 2.0, 1.5, self.form.accent));
        piece.height += 4.0;
        let mut pieces = vec![piece];
        if let Some(banner) = &head.banner {
            let set = Type { size: self.form.heading, bold: true, color: self.form.warn };
            let width = self.form.measure();
            let words = self.aligned(banner, set, width - 12.0, Side::Middle);
            let mut piece = Piece::gap(words.height + 16.0);
            let frame = Place { x: 0.0, y: 8.0, width, height: words.height + 6.0 };
            piece.marks.push(Mark::Frame { place: frame, weight: 2.0, color: self.form.warn });
            piece.lay(words, 6.0, 10.0);
            pieces.push(piece);
        }
        Run { pieces, together: true }
    }

    fn title(&self) -> Type {
        Type { size: self.form.title, bold: true, color: BLACK }
    }

    /// Firm, title and copy in one line, the number below at the right.
    fn wide_head(&self, head: &Head) -> Piece {
        let width = self.form.measure();
        let title = self.title();
        let strong = Type { size: self.form.body, bold: true, color: self.form.accent };
        let room = (width - self.width(head.title, title)) / 2.0 - 12.0;
        let mut piece = self.aligned(head.title, title, width, Side::Middle);
        let base = piece.height - self.form.body * super::LEADING - 3.0;
        let firm = self.text(&head.firm, Type { size: self.form.heading, ..strong }, room);
        let down = (piece.height - firm.height - 2.0).max(0.0);
        piece.lay(firm, 0.0, down);
        let copy = self.width(head.copy, strong) + 16.0;
        let frame = Place {
            x: width - copy,
            y: base - 1.0,
            width: copy,
            height: self.form.body * super::LEADING + 2.0,
        };
        piece.marks.push(Mark::Frame { place: frame, weight: 1.0, color: self.form.accent });
        piece.lay(self.text(head.copy, strong, copy), width - copy + 8.0, base);
        let number = self.aligned(&number(head), Type { color: BLACK, ..strong }, width, Side::Right);
        let at = piece.height + 3.0;
        piece.lay(number, 0.0, at);
        piece
    }

    fn narrow_head(&self, head: &Head) -> Piece {
        let width = self.form.measure();
        let strong = Type { bold: true, ..self.plain() };
        let mut piece = Piece::default();
        let copy = format!("【{}】", head.copy);
        let number = number(head);
        let all = [(&head.firm[..], strong), (head.title, self.title()), (&copy, strong), (&number, strong)];
        for (text, set) in all {
            let at = piece.height;
            piece.lay(self.aligned(text, set, width, Side::Middle), 0.0, at);
        }
        piece
    }

    pub(super) fn foot(&self, foot: &Foot<'_>) -> Run {
        let mut piece = Piece::gap(self.form.body * 1.2);
        piece.marks.push(self.rule(piece.height, 1.5, self.form.accent));
        piece.height += 5.0;
        let beside = foot.code.is_some() && !self.form.is_roll;
        let x = if beside { self.form.code + 12.0 } else { 0.0 };
        let width = self.form.measure() - x;
        let top = piece.height;
        if let Some(code) = foot.code {
            let left = if beside { 0.0 } else { (width - self.form.code) / 2.0 };
            piece.marks.extend(self.code(code, left, top));
            piece.height = top + if beside { 0.0 } else { self.form.code + 4.0 };
        }
        let strong = Type { bold: true, ..self.plain() };
        for contact in &foot.contacts {
            let at = piece.height;
            let name = self.text(contact.term, Type { color: self.form.soft, ..self.plain() }, width);
            let room = self.width(contact.term, self.plain()) + 8.0;
            piece.lay(name, x, at);
            piece.lay(self.text(&contact.text, strong, width - room), x + room, at);
        }
        for note in &foot.notes {
            let at = piece.height;
            piece.lay(self.text(note, Type { color: BLACK, ..self.soft() }, width), x, at);
        }
        let at = piece.height;
        piece.lay(self.text(&foot.print_mark, Type { size: self.form.tiny, ..self.soft() }, width), x, at);
        if beside {
            piece.height = piece.height.max(top + self.form.code);
        }
        Run { pieces: vec![piece], together: true }
    }

    /// The code with the quiet zone of four modules that readers need.
    fn code(&self, code: &Code, x: f32, y: f32) -> Vec<Mark> {
        let module = self.form.code / (code.side + 8) as f32;
        let bar = |(column, row, length): (usize, usize, usize)| Mark::Bar {
            place: Place {
                x: x + (column + 4) as f32 * module,
                y: y + (row + 4) as f32 * module,
                width: length as f32 * module,
                height: module,
            },
            color: BLACK,
        };
        code.bars().map(bar).collect()
    }
}

fn number(head: &Head) -> String {
    format!("{} {}", head.number_name, head.number)
}
