//! Tables: columns as wide as what stands in them, the first taking what is left; sums below, the one that counts large.

use std::rc::Rc;

use doorstep_core::sheet::block::{Column, Lines};

use super::{BLACK, Setter, Side};
use crate::pdf::piece::{Mark, Piece, Type};

/// Room on either side of a cell.
const CELL: f32 = 4.0;

impl Setter<'_> {
    pub(super) fn table(&self, table: &Lines, pieces: &mut Vec<Piece>) {
        let widths = self.columns(table);
        let soft = Type { color: self.form.soft, ..self.soft() };
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let head = Piece { leads: true, ..self.row(&names, &table.columns, &widths, soft) };
        let above = Some(Rc::new(Piece { leads: false, ..head.clone() }));
        pieces.push(head);
        for row in &table.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            let piece = self.row(&cells, &table.columns, &widths, self.plain());
            pieces.push(Piece { above: above.clone(), ..piece });
        }
        // The sums stay with the last line: a total alone on a page says little.
        if let Some(last) = pieces.last_mut().filter(|_| !table.sums.is_empty()) {
            last.leads = true;
        }
        let width = self.form.measure();
        for (place, sum) in table.sums.iter().enumerate() {
            let size = if sum.total { self.form.total } else { self.form.body };
            let amount = Type { size, bold: sum.total, color: BLACK };
            let name = Type {
                color: if sum.total { BLACK } else { self.form.soft },
                size: self.form.body,
                ..amount
            };
            let room = self.width(&sum.text, amount) + 2.0 * CELL;
            let mut piece = self.aligned(&sum.text, amount, room - CELL, Side::Right);
            piece = shifted(piece, width - room);
            let down = (amount.size - name.size) * super::BASE;
            piece.lay(self.aligned(sum.name, name, (width - room - 8.0).max(40.0), Side::Right), 0.0, down);
            piece.leads = place + 1 < table.sums.len();
            pieces.push(piece);
        }
        pieces.push(Piece::gap(3.0));
    }

    fn row(&self, cells: &[&str], columns: &[Column], widths: &[f32], set: Type) -> Piece {
        let mut piece = Piece::default();
        let mut x = 0.0;
        for ((cell, column), width) in cells.iter().zip(columns).zip(widths) {
            let side = if column.numeric { Side::Right } else { Side::Left };
            piece.lay(self.aligned(cell, set, width - 2.0 * CELL + 1.0, side), x + CELL - 0.5, 1.5);
            x += width;
        }
        piece.height += 1.5;
        piece.marks.push(Mark::Rule {
            x: 0.0,
            y: piece.height,
            width: self.form.measure(),
            weight: 0.5,
            color: self.form.rule,
        });
        piece
    }

    /// Each column gets what its widest cell needs. When that is too much, the wordy ones share what figures leave.
    fn columns(&self, table: &Lines) -> Vec<f32> {
        let needed = |place: usize, column: &Column| {
            let cells = table.rows.iter().filter_map(|row| row.get(place));
            let widest = cells.map(|cell| self.width(cell, self.plain())).fold(0.0, f32::max);
            widest.max(self.width(column.name, self.soft())) + 2.0 * CELL
        };
        let mut widths: Vec<f32> =
            table.columns.iter().enumerate().map(|(place, column)| needed(place, column)).collect();
        let all = self.form.measure();
        let free = all - widths.iter().sum::<f32>();
        if free > 0.0 {
            // Words get most of what is left; figures some, so that they do not stand wall to wall.
            let share = |column: &Column| if column.numeric { 1.0 } else { 2.0 };
            let shares: f32 = table.columns.iter().map(share).sum();
            for (width, column) in widths.iter_mut().zip(&table.columns) {
                *width += free * share(column) / shares;
            }
        } else {
            narrow(&mut widths, &table.columns, -free);
        }
        widths
    }
}

/// Takes what is too much from the widest columns of words, never from figures.
fn narrow(widths: &mut [f32], columns: &[Column], mut excess: f32) {
    // Each turn levels the widest with the next: as many turns as columns are enough.
    for _ in 0..columns.len() {
        let words =
            || widths.iter().zip(columns).filter(|(_, column)| !column.numeric).map(|(width, _)| *width);
        let widest = words().fold(0.0, f32::max);
        let next = words().filter(|width| *width < widest - 0.01).fold(0.0, f32::max);
        let many = words().filter(|width| *width >= widest - 0.01).count().max(1) as f32;
        let cut = (excess / many).min(widest - next);
        for (width, column) in widths.iter_mut().zip(columns) {
            if !column.numeric && *width >= widest - 0.01 {
                *width -= cut;
            }
        }
        excess -= cut * many;
        if excess <= 0.01 {
            return;
        }
    }
}

fn shifted(piece: Piece, x: f32) -> Piece {
    let mut moved = Piece::default();
    moved.lay(piece, x, 0.0);
    moved
}
