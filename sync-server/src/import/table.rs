//! From bytes to rows of cells: encoding, separator, quoting and the physical line of every cell.

use super::columns::ColumnSpec;
use super::fault::{Column, Fault, Note, Problem, Remark};
use super::text::{fold, line_breaks, tidy};
use super::{MAX_FILE_BYTES, MAX_ROWS};

/// One line of the file below the header.
pub(super) struct Record {
    /// The physical line it begins on.
    pub(super) line: u64,
    /// The row Excel shows.
    pub(super) row: u64,
    /// The tidied cells, each with its own physical line.
    pub(super) cells: Vec<(String, u64)>,
    /// Whether it has as many cells as the header.
    pub(super) whole: bool,
}

/// A file's rows, with the place of each known column.
pub(super) struct Table {
    pub(super) file: String,
    specs: &'static [ColumnSpec],
    header: Vec<String>,
    places: Vec<Option<usize>>,
    pub(super) records: Vec<Record>,
    pub(super) faults: Vec<Fault>,
    pub(super) notes: Vec<Note>,
}

impl Table {
    /// Reads a file. A file that cannot be read as a table has faults and no records.
    pub(super) fn read(file: &str, bytes: &[u8], specs: &'static [ColumnSpec]) -> Self {
        let mut table = Self {
            file: file.to_owned(),
            specs,
            header: Vec::new(),
            places: vec![None; specs.len()],
            records: Vec::new(),
            faults: Vec::new(),
            notes: Vec::new(),
        };
        let data = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        table.faults = refusals(file, data);
        if !table.faults.is_empty() {
            return table;
        }
        let separator = separator(data, specs);
        if let Some(at) = open_quote(data, separator) {
            let line = 1 + line_breaks(data.get(..at).unwrap_or(data));
            table.faults.push(Fault::of_line(file, line, 0, Problem::OpenQuote));
            return table;
        }
        let mut records = records(data, separator);
        let Some(header) = records.next() else {
            table.faults.push(Fault::of_file(file, Problem::NoHeader));
            return table;
        };
        table.take_header(&header);
        if table.faults.is_empty() {
            table.take_records(records);
        }
        table
    }

    /// Where a column stands, by the import's name for it.
    pub(super) fn place(&self, key: &str) -> Option<usize> {
        let spec = self.specs.iter().position(|spec| spec.key == key)?;
        self.places.get(spec).copied().flatten()
    }

    /// The column at a place, as faults name it.
    pub(super) fn column(&self, place: usize) -> Column {
        Column::at(place, self.header.get(place).map_or("", String::as_str))
    }

    fn take_header(&mut self, header: &Record) {
        self.header =
            header.cells.iter().map(|(name, _)| name.trim_start_matches('\u{feff}').to_owned()).collect();
        // Empty columns at the end are only the spreadsheet's used range.
        while self.header.last().is_some_and(String::is_empty) {
            self.header.pop();
        }
        for (place, name) in self.header.iter().enumerate() {
            let at = |problem| Fault {
                column: Some(Column::at(place, name)),
                ..Fault::of_line(&self.file, header.line, header.row, problem)
            };
            let Some(spec) = self.specs.iter().position(|spec| spec.is(name)) else {
                let column = Some(Column::at(place, name));
                let (file, line, row) = (self.file.clone(), header.line, header.row);
                self.notes.push(Note { file, line, row, column, remark: Remark::UnknownColumn });
                continue;
            };
            match self.places.get_mut(spec) {
                Some(Some(first)) => {
                    let first = Column::at(*first, "").letter;
                    self.faults.push(at(Problem::RepeatedColumn { first }));
                }
                Some(free) => *free = Some(place),
                None => {}
            }
        }
        for (spec, place) in self.specs.iter().zip(&self.places) {
            if spec.required && place.is_none() {
                let problem = Problem::MissingColumn { name: spec.name() };
                self.faults.push(Fault::of_line(&self.file, header.line, header.row, problem));
            }
        }
    }

    fn take_records(&mut self, records: impl Iterator<Item = Record>) {
        let expected = self.header.len();
        for mut record in records {
            if self.records.len() == MAX_ROWS {
                let problem = Problem::TooManyRows { limit: MAX_ROWS };
                self.faults.push(Fault::of_line(&self.file, record.line, record.row, problem));
                return;
            }
            while record.cells.len() > expected
                && record.cells.last().is_some_and(|(cell, _)| cell.is_empty())
            {
                record.cells.pop();
            }
            let found = record.cells.len();
            record.whole = found == expected;
            if !record.whole {
                let problem = Problem::CellCount { found, expected };
                self.faults.push(Fault::of_line(&self.file, record.line, record.row, problem));
            }
            self.records.push(record);
        }
    }
}

/// What makes the bytes no table at all.
fn refusals(file: &str, data: &[u8]) -> Vec<Fault> {
    let whole = |problem| vec![Fault::of_file(file, problem)];
    if data.len() > MAX_FILE_BYTES {
        return whole(Problem::TooLarge { limit: MAX_FILE_BYTES });
    }
    if data.starts_with(b"PK\x03\x04") || data.starts_with(b"\xd0\xcf\x11\xe0") {
        return whole(Problem::Workbook);
    }
    let head = data.get(..1024).unwrap_or(data);
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    let marked = data.starts_with(b"\xff\xfe") || data.starts_with(b"\xfe\xff");
    // Latin text in UTF-16 is half zeros, Chinese text with its separators and line ends about a tenth;
    // in a damaged file they come in runs or alone.
    if marked || (data.len().is_multiple_of(2) && zeros * 10 > head.len() && alternating(head)) {
        return whole(Problem::Utf16);
    }
    if let Err(error) = std::str::from_utf8(data) {
        let line = 1 + line_breaks(data.get(..error.valid_up_to()).unwrap_or(data));
        return vec![Fault::of_line(file, line, 0, Problem::NotUtf8)];
    }
    let mut faults = Vec::new();
    for (index, line) in data.split(|byte| *byte == b'\n').enumerate() {
        if line.contains(&0) {
            let line = index as u64 + 1;
            faults.push(Fault::of_line(file, line, 0, Problem::NulByte));
        }
    }
    faults
}

/// Whether all zeros stand on even places, or all on odd ones.
fn alternating(head: &[u8]) -> bool {
    let on = |parity| head.iter().enumerate().filter(|(at, byte)| **byte == 0 && at % 2 == parity).count();
    (on(0) == 0) != (on(1) == 0)
}

/// The separator under which most headers are known; a comma when in doubt.
fn separator(data: &[u8], specs: &'static [ColumnSpec]) -> u8 {
    let known = |separator: u8| {
        let header = records(data, separator).next();
        header.map_or(0, |header| {
            header.cells.iter().filter(|(name, _)| specs.iter().any(|spec| spec.is(name))).count()
        })
    };
    // The last of the best wins, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|separator| known(*separator)).unwrap_or(b',')
}

/// Where a quotation mark opens that never closes. Follows the csv crate's reading of quotes.
fn open_quote(data: &[u8], separator: u8) -> Option<usize> {
    enum In {
        Start,
        Plain,
        Quoted(usize),
        /// After a mark inside quotes: the end of the quotes, or the first half of a doubled mark.
        Closing(usize),
    }
    let mut state = In::Start;
    for (at, &byte) in data.iter().enumerate() {
        let ends = byte == separator || byte == b'\n' || byte == b'\r';
        state = match state {
            In::Start if byte == b'"' => In::Quoted(at),
            In::Quoted(from) if byte == b'"' => In::Closing(from),
            In::Quoted(from) => In::Quoted(from),
            In::Closing(from) if byte == b'"' => In::Quoted(from),
            _ if ends => In::Start,
            _ => In::Plain,
        };
    }
    if let In::Quoted(from) = state { Some(from) } else { None }
}

/// The records of a file that hold anything, with their lines.
fn records(data: &[u8], separator: u8) -> impl Iterator<Item = Record> + '_ {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(data);
    let (mut counted, mut breaks, mut inner) = (0_usize, 0_u64, 0_u64);
    let mut raw = csv::ByteRecord::new();
    std::iter::from_fn(move || {
        while reader.read_byte_record(&mut raw).unwrap_or(false) {
            // csv begins a record where the last one stopped, before a `\n` or blank lines it then skips.
            let from = raw.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
            let skipped =
                data.get(from..).unwrap_or(&[]).iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            let start = from + skipped;
            breaks += line_breaks(data.get(counted..start).unwrap_or(&[]));
            counted = start;
            let line = breaks + 1;
            let row = line - inner;
            let mut below = 0;
            let mut cells = Vec::with_capacity(raw.len());
            for cell in &raw {
                cells.push((tidy(&String::from_utf8_lossy(cell)), line + below));
                below += line_breaks(cell);
            }
            inner += below;
            if cells.iter().any(|(cell, _)| !fold(cell).is_empty()) {
                return Some(Record { line, row, cells, whole: true });
            }
        }
        None
    })
}
