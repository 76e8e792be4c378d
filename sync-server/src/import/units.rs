//! `units.csv`: the units of an estate and who answers the door.

use std::collections::BTreeMap;

use super::cell::Cells;
use super::columns::UNITS;
use super::fault::{Parsed, Problem};
use super::table::Table;
use super::text::narrow;
use super::words::RESIDENT_KINDS;

/// What the resident is to the unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResidentKind {
    /// 業主.
    Owner,
    /// 租戶.
    Tenant,
}

impl ResidentKind {
    /// The name in data.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Tenant => "tenant",
        }
    }
}

/// A unit and its resident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitRow {
    /// The physical line it stands on.
    pub line: u64,
    /// The unit's number 房號, as the office writes it.
    pub unit: String,
    /// The building 樓棟.
    pub building: String,
    /// The floor, as text: offices write `3`, `G`, `B1`.
    pub floor: String,
    /// The resident's name.
    pub resident: String,
    /// The resident's phone, as typed.
    pub phone: String,
    /// Owner or tenant.
    pub kind: ResidentKind,
    /// The company that has the unit, empty for a household. Registrations must then name it (R4).
    pub company: String,
    /// How to get in; may be empty and may have several lines.
    pub access: String,
}

/// The form in which unit numbers are compared: `３-1202`, `3-1202` and `3 - 1202` are one unit.
#[must_use]
pub fn unit_key(unit: &str) -> String {
    narrow(unit).to_uppercase().chars().filter(|c| !c.is_whitespace()).collect()
}

/// What registrations are checked against.
#[derive(Default)]
pub(super) struct KnownUnits {
    /// Each unit number seen, also on lines with faults, with the company that has it and its access notes.
    pub(super) units: BTreeMap<String, (String, String)>,
}

/// Reads the unit file. `file` is the name faults show.
#[must_use]
pub fn parse_units(file: &str, bytes: &[u8]) -> Parsed<Vec<UnitRow>> {
    parse_known(file, bytes).0
}

pub(super) fn parse_known(file: &str, bytes: &[u8]) -> (Parsed<Vec<UnitRow>>, KnownUnits) {
    let mut table = Table::read(file, bytes, UNITS);
    let (mut faults, mut notes) = (std::mem::take(&mut table.faults), std::mem::take(&mut table.notes));
    let mut first_lines: BTreeMap<String, u64> = BTreeMap::new();
    let mut known = KnownUnits::default();
    let mut rows = Vec::new();
    for record in &table.records {
        let mut cells = Cells::new(&table, record);
        let unit = cells.required("unit");
        if let Some(unit) = &unit {
            let key = unit_key(unit);
            match first_lines.get(&key) {
                Some(&first_line) if record.whole => {
                    cells.fault("unit", Problem::Duplicate { found: unit.clone(), first_line });
                }
                Some(_) => {}
                None => {
                    first_lines.insert(key.clone(), record.line);
                    known
                        .units
                        .insert(key, (cells.raw("company").to_owned(), cells.raw("access").to_owned()));
                }
            }
        }
        if !record.whole {
            // The cells may have slipped, so only the count is reported, and the unit counts as known.
            continue;
        }
        let row = read_row(&mut cells, record.line, unit);
        let clean = cells.faults.is_empty();
        faults.append(&mut cells.faults);
        notes.append(&mut cells.notes);
        rows.extend(row.filter(|_| clean));
    }
    faults.sort_by_key(|fault| fault.line);
    (Parsed { rows, faults, notes }, known)
}

fn read_row(cells: &mut Cells<'_>, line: u64, unit: Option<String>) -> Option<UnitRow> {
    let building = cells.required("building");
    let floor = cells.required("floor");
    let resident = cells.required("resident");
    let phone = cells.phone("phone");
    let kind = cells.word("kind", RESIDENT_KINDS);
    let company = cells.text("company");
    let access = cells.text("access");
    Some(UnitRow {
        line,
        unit: unit?,
        building: building?,
        floor: floor?,
        resident: resident?,
        phone: phone?,
        kind: kind?,
        company,
        access,
    })
}
