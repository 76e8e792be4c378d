//! What is wrong in a file, and where: precise enough to put a finger on the cell.

use doorstep_core::domain::lang::{Lang, Text};

/// A column as the office sees it in its spreadsheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// The header as the file writes it.
    pub name: String,
    /// The letter Excel shows above it: `A`, `B` … `AA`.
    pub letter: String,
}

impl Column {
    /// The column at a zero-based index.
    #[must_use]
    pub fn at(index: usize, name: &str) -> Self {
        let (mut rest, mut letters) = (index + 1, Vec::new());
        while rest > 0 {
            let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
            letters.insert(0, char::from(b'A' + digit));
            rest = (rest - 1) / 26;
        }
        Self { name: name.to_owned(), letter: letters.into_iter().collect() }
    }
}

/// Something in a file that must be corrected before it can be imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The physical line in the file, from 1; 0 when the whole file is meant.
    pub line: u64,
    /// The row number Excel shows; less than `line` after cells that hold line breaks.
    pub row: u64,
    /// The column, when one cell is meant.
    pub column: Option<Column>,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong. The words for it are in `message`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// A file the folder must hold is not there.
    MissingFile,
    /// The file could not be opened or read.
    Unreadable {
        /// What the system said.
        detail: String,
    },
    /// The file is larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// More rows than the limit.
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// A workbook (.xlsx, .xls), not a text file.
    Workbook,
    /// UTF-16 text ("Unicode text" in Excel).
    Utf16,
    /// Not UTF-8: most often GBK or Big5, which Excel writes for plain "CSV".
    NotUtf8,
    /// NUL bytes in the line.
    NulByte,
    /// A quotation mark opens here and never closes.
    OpenQuote,
    /// Nothing in the file, not even headers.
    NoHeader,
    /// A column the import needs is not there.
    MissingColumn {
        /// Its name in each language.
        name: Text,
    },
    /// Two columns mean the same.
    RepeatedColumn {
        /// The letter of the first.
        first: String,
    },
    /// The line has another number of cells than the header.
    CellCount {
        /// Cells in the line.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A required cell is empty.
    EmptyCell,
    /// A cell is too long.
    CellTooLong {
        /// Its characters.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// A control character in a cell.
    ControlCharacter {
        /// Its code.
        code: u32,
    },
    /// Not a phone number.
    BadPhone {
        /// What stands there.
        found: String,
    },
    /// Not a date with a time.
    BadTime {
        /// What stands there.
        found: String,
    },
    /// Not a date.
    BadDate {
        /// What stands there.
        found: String,
    },
    /// Not an amount of money.
    BadMoney {
        /// What stands there.
        found: String,
    },
    /// Not a whole number in range.
    BadNumber {
        /// What stands there.
        found: String,
        /// The largest number allowed.
        max: u32,
    },
    /// Not a short code (letters, digits, `-`, `_`, `.`).
    BadCode {
        /// What stands there.
        found: String,
    },
    /// Not one of the words allowed here.
    UnknownWord {
        /// What stands there.
        found: String,
        /// The words allowed, in each language.
        allowed: Text,
    },
    /// The same key stands on an earlier line.
    Duplicate {
        /// The key.
        found: String,
        /// The line of the first.
        first_line: u64,
    },
    /// A registration names a unit that the unit file does not have.
    UnknownUnit {
        /// What stands there.
        found: String,
    },
    /// The unit is let to a company, so the company's name is required (R4).
    CompanyWanted {
        /// The unit.
        unit: String,
    },
    /// `org.toml` is not valid TOML or holds an unknown key.
    BadToml {
        /// What the reader said.
        detail: String,
    },
    /// `org.toml` lacks a key.
    MissingKey {
        /// The key.
        key: &'static str,
    },
}

impl Fault {
    /// A fault of the whole file.
    #[must_use]
    pub fn of_file(file: &str, problem: Problem) -> Self {
        Self::of_line(file, 0, 0, problem)
    }

    /// A fault of a whole line.
    #[must_use]
    pub fn of_line(file: &str, line: u64, row: u64, problem: Problem) -> Self {
        Self { file: file.to_owned(), line, row, column: None, problem }
    }

    /// The problem's stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// What is wrong and what would be right, without the place.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        self.problem.text().get(lang).to_owned()
    }

    /// Where it is: `units.csv 第 5 行 E 欄「聯絡電話」`.
    #[must_use]
    pub fn place(&self, lang: Lang) -> String {
        super::message::place(&self.file, self.line, self.row, self.column.as_ref(), lang)
    }
}

/// Something worth knowing that does not stand in the way of importing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The file's name.
    pub file: String,
    /// The physical line.
    pub line: u64,
    /// The row number Excel shows.
    pub row: u64,
    /// The column.
    pub column: Option<Column>,
    /// What it is.
    pub remark: Remark,
}

/// What a note says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remark {
    /// A column the import does not know; its cells are not imported.
    UnknownColumn,
    /// A cell that a spreadsheet would take for a formula; kept as text.
    FormulaAsText {
        /// What stands there.
        found: String,
    },
    /// An eligibility tag the import does not know; kept as written.
    UnknownTag {
        /// What stands there.
        found: String,
    },
}

impl Note {
    /// The note's stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.remark {
            Remark::UnknownColumn => "unknown_column",
            Remark::FormulaAsText { .. } => "formula_as_text",
            Remark::UnknownTag { .. } => "unknown_tag",
        }
    }

    /// What it says, without the place.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        self.remark.text().get(lang).to_owned()
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self, lang: Lang) -> String {
        super::message::place(&self.file, self.line, self.row, self.column.as_ref(), lang)
    }
}

/// What a file gave: the rows without a fault, and everything found on the way.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Parsed<T> {
    /// The rows that are right. Store them only when `faults` is empty.
    pub rows: T,
    /// What must be corrected, in the order of the file.
    pub faults: Vec<Fault>,
    /// What is worth knowing.
    pub notes: Vec<Note>,
}

impl<T> Parsed<T> {
    /// Whether the file may be imported.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
}
