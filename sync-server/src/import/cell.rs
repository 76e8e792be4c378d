//! Reading one cell as what it should be; a fault is recorded where it is not.

use chrono::NaiveDate;
use doorstep_core::domain::lang::Text;
use doorstep_core::domain::money::{Currency, Money};
use doorstep_core::domain::time::Window;

use super::MAX_CELL_CHARS;
use super::fault::{Fault, Note, Problem, Remark};
use super::table::{Record, Table};
use super::text::narrow;
use super::values;
use super::words::{self, Word};

/// A row being read, and what was found in it.
pub(super) struct Cells<'t> {
    table: &'t Table,
    record: &'t Record,
    pub(super) faults: Vec<Fault>,
    pub(super) notes: Vec<Note>,
}

impl<'t> Cells<'t> {
    pub(super) fn new(table: &'t Table, record: &'t Record) -> Self {
        Self { table, record, faults: Vec::new(), notes: Vec::new() }
    }

    /// The cell's text, empty when the file has no such column.
    pub(super) fn raw(&self, key: &str) -> &'t str {
        let place = self.table.place(key);
        place.and_then(|place| self.record.cells.get(place)).map_or("", |(cell, _)| cell.as_str())
    }

    /// The place of a cell: column index and physical line.
    fn at(&self, key: &str) -> (Option<usize>, u64) {
        let place = self.table.place(key);
        let line =
            place.and_then(|place| self.record.cells.get(place)).map_or(self.record.line, |cell| cell.1);
        (place, line)
    }

    /// Records a fault of a cell.
    pub(super) fn fault(&mut self, key: &str, problem: Problem) {
        let (place, line) = self.at(key);
        let fault = Fault::of_line(&self.table.file, line, self.record.row, problem);
        self.faults.push(Fault { column: place.map(|place| self.table.column(place)), ..fault });
    }

    /// Records a note on a cell.
    pub(super) fn note(&mut self, key: &str, remark: Remark) {
        let (place, line) = self.at(key);
        let column = place.map(|place| self.table.column(place));
        let (file, row) = (self.table.file.clone(), self.record.row);
        self.notes.push(Note { file, line, row, column, remark });
    }

    /// A text that may be empty.
    pub(super) fn text(&mut self, key: &str) -> String {
        let text = self.raw(key);
        let length = text.chars().count();
        if length > MAX_CELL_CHARS {
            self.fault(key, Problem::CellTooLong { found: length, limit: MAX_CELL_CHARS });
        }
        if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            self.fault(key, Problem::ControlCharacter { code: u32::from(c) });
        }
        if looks_like_formula(text) {
            self.note(key, Remark::FormulaAsText { found: short(text) });
        }
        text.to_owned()
    }

    /// A text that must not be empty.
    pub(super) fn required(&mut self, key: &str) -> Option<String> {
        let text = self.text(key);
        if text.is_empty() {
            self.fault(key, Problem::EmptyCell);
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// A required cell, read by `read`; `problem` says what is wrong when it cannot be.
    fn read<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&str) -> Option<T>,
        problem: impl FnOnce(String) -> Problem,
    ) -> Option<T> {
        let text = self.raw(key);
        if text.is_empty() {
            self.fault(key, Problem::EmptyCell);
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.fault(key, problem(short(text)));
        }
        value
    }

    /// A required phone number, as typed.
    pub(super) fn phone(&mut self, key: &str) -> Option<String> {
        self.read(key, |text| values::phone(text, 7), |found| Problem::BadPhone { found })
    }

    /// A required amount, not negative.
    pub(super) fn money(&mut self, key: &str, currency: Currency) -> Option<Money> {
        self.read(key, |text| values::money(text, currency), |found| Problem::BadMoney { found })
    }

    /// A required whole number.
    pub(super) fn number(&mut self, key: &str, max: u32) -> Option<u32> {
        let read = |text: &str| narrow(text).parse().ok().filter(|number| *number <= max);
        self.read(key, read, |found| Problem::BadNumber { found, max })
    }

    /// A required short code.
    pub(super) fn code(&mut self, key: &str) -> Option<String> {
        self.read(key, values::code, |found| Problem::BadCode { found })
    }

    /// A required word from a list.
    pub(super) fn word<T: Copy>(&mut self, key: &str, list: &'static [Word<T>]) -> Option<T> {
        let problem = |found| Problem::UnknownWord { found, allowed: words::allowed(list) };
        self.read(key, |text| words::find(list, text), problem)
    }

    /// A required time or time window; a time alone gets `lone_minutes`.
    pub(super) fn window(&mut self, key: &str, lone_minutes: i64) -> Option<Window> {
        self.read(key, |text| values::window(text, lone_minutes), |found| Problem::BadTime { found })
    }

    /// A date that may be empty. `None` only when it is wrong.
    pub(super) fn date(&mut self, key: &str) -> Option<Option<NaiveDate>> {
        if self.raw(key).is_empty() {
            return Some(None);
        }
        let read = |text: &str| {
            let (date, rest) = values::date(text)?;
            rest.is_empty().then_some(date)
        };
        self.read(key, read, |found| Problem::BadDate { found }).map(Some)
    }

    /// A text in the three languages from three columns, all required.
    pub(super) fn three(&mut self, zh_hant: &str, zh_hans: &str, en: &str) -> Option<Text> {
        let (zh_hant, zh_hans, en) = (self.required(zh_hant), self.required(zh_hans), self.required(en));
        Some(Text { zh_hant: zh_hant?, zh_hans: zh_hans?, en: en? })
    }
}

/// The beginning of a cell, as a message quotes it.
fn short(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// Whether a spreadsheet would calculate the cell. A signed number or phone is no formula.
fn looks_like_formula(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('=' | '@') => true,
        Some('+' | '-') => chars.as_str().chars().any(|c| c.is_alphabetic() && c.is_ascii()),
        _ => false,
    }
}
