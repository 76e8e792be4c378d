//! `registrations.csv`: the repair register 報修登記表, with the fields R2, R4 and R12 ask for.

use doorstep_core::domain::order::intake::{Intake, Triage};

use super::cell::Cells;
use super::columns::REGISTRATIONS;
use super::fault::{Parsed, Problem, Remark};
use super::rows::rows_of;
use super::table::Table;
use super::units::{KnownUnits, unit_key};
use super::words::{self, CHANNELS, TAGS, TRIAGES, WORK_TYPES};

/// The window a wished time without an end stands for: the register says when, seldom how long.
pub const LONE_TIME_MINUTES: i64 = 60;

/// A line of the register.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegistrationRow {
    /// The physical line it stands on.
    pub line: u64,
    /// The office's own number in its register; may be empty. Not the order's number.
    pub reference: String,
    /// The registration. `access` is filled from the unit file when the folder is read as a whole.
    pub intake: Intake,
}

/// Reads the register. `file` is the name faults show. Units are not checked; [`super::read_folder`] does that.
#[must_use]
pub fn parse_registrations(file: &str, bytes: &[u8]) -> Parsed<Vec<RegistrationRow>> {
    parse_against(file, bytes, None)
}

/// Reads the register against the units the office has.
pub(super) fn parse_against(
    file: &str,
    bytes: &[u8],
    known: Option<&KnownUnits>,
) -> Parsed<Vec<RegistrationRow>> {
    let table = Table::read(file, bytes, REGISTRATIONS);
    rows_of(table, "reference", |cells, line| read_row(cells, line, known))
}

fn read_row(cells: &mut Cells<'_>, line: u64, known: Option<&KnownUnits>) -> Option<RegistrationRow> {
    let reference = cells.text("reference");
    let unit = cells.required("unit");
    let resident = cells.required("resident");
    let reporter = cells.required("reporter");
    let phone = cells.phone("phone");
    let company = cells.text("company");
    let fault = cells.required("fault");
    let symptom = cells.required("symptom");
    let work_type = cells.word("work_type", WORK_TYPES);
    let wished = cells.window("wished", LONE_TIME_MINUTES);
    let channel = cells.word("channel", CHANNELS);
    let triage =
        if cells.text("triage").is_empty() { Some(Triage::default()) } else { cells.word("triage", TRIAGES) };
    let tags = read_tags(cells);
    let remark = cells.text("remark");
    let access = check_unit(cells, unit.as_deref(), &company, known);
    Some(RegistrationRow {
        line,
        reference,
        intake: Intake {
            unit: unit?,
            resident: resident?,
            phone: phone?,
            company,
            reporter: reporter?,
            fault: fault?,
            symptom: symptom?,
            work_type: work_type?.to_owned(),
            wished: Some(wished?),
            channel: channel?,
            triage: triage?,
            tags,
            access,
            remark,
        },
    })
}

/// Checks the unit against the unit file; gives its access notes.
fn check_unit(
    cells: &mut Cells<'_>,
    unit: Option<&str>,
    company: &str,
    known: Option<&KnownUnits>,
) -> String {
    let (Some(unit), Some(known)) = (unit, known) else { return String::new() };
    let Some((tenant, access)) = known.units.get(&unit_key(unit)) else {
        cells.fault("unit", Problem::UnknownUnit { found: unit.to_owned() });
        return String::new();
    };
    if !tenant.is_empty() && company.is_empty() {
        cells.fault("company", Problem::CompanyWanted { unit: unit.to_owned() });
    }
    access.clone()
}

fn read_tags(cells: &mut Cells<'_>) -> Vec<String> {
    let text = cells.text("tags");
    let mut tags = Vec::new();
    for tag in
        text.split(['、', '，', ',', '；', ';', '/', '\n']).map(str::trim).filter(|tag| !tag.is_empty())
    {
        let known = words::find(TAGS, tag);
        if known.is_none() {
            cells.note("tags", Remark::UnknownTag { found: tag.to_owned() });
        }
        tags.push(known.unwrap_or(tag).to_owned());
    }
    tags
}
