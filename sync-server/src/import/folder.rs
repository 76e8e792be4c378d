//! Reading an office's folder as a whole, so that registrations are checked against the units beside them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use doorstep_core::domain::money::Currency;

use super::MAX_FILE_BYTES;
use super::fault::{Fault, Note, Parsed, Problem};
use super::org::{OrgFile, parse_org};
use super::people::{PersonRow, parse_people};
use super::prices::{PriceRow, parse_prices};
use super::registrations::{RegistrationRow, parse_against};
use super::units::{KnownUnits, UnitRow, parse_known};

/// The firm itself.
pub const ORG_FILE: &str = "org.toml";
/// Units and residents.
pub const UNITS_FILE: &str = "units.csv";
/// The price list.
pub const PRICES_FILE: &str = "price-list.csv";
/// The firm's people.
pub const PEOPLE_FILE: &str = "people.csv";
/// The repair register; the only file that may be absent.
pub const REGISTRATIONS_FILE: &str = "registrations.csv";

/// Why a folder could not be read at all. What is wrong inside its files is a [`Fault`].
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The path is not a folder.
    #[error("{0} is not a folder")]
    NotAFolder(PathBuf),
}

/// Everything a folder gave, with its faults.
#[derive(Clone, PartialEq, Debug)]
pub struct OfficeFiles {
    /// The folder.
    pub folder: PathBuf,
    /// The firm.
    pub org: Parsed<Option<OrgFile>>,
    /// Units and residents.
    pub units: Parsed<Vec<UnitRow>>,
    /// The price list.
    pub prices: Parsed<Vec<PriceRow>>,
    /// The firm's people.
    pub people: Parsed<Vec<PersonRow>>,
    /// The repair register.
    pub registrations: Parsed<Vec<RegistrationRow>>,
}

/// A folder without a fault: what may be stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Office {
    /// The firm.
    pub org: OrgFile,
    /// Units and residents.
    pub units: Vec<UnitRow>,
    /// The price list.
    pub prices: Vec<PriceRow>,
    /// The firm's people.
    pub people: Vec<PersonRow>,
    /// The repair register, empty when the folder has none.
    pub registrations: Vec<RegistrationRow>,
}

impl OfficeFiles {
    /// Every fault, file by file.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        let Self { org, units, prices, people, registrations, .. } = self;
        org.faults
            .iter()
            .chain(&units.faults)
            .chain(&prices.faults)
            .chain(&people.faults)
            .chain(&registrations.faults)
    }

    /// Every note, file by file.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        let Self { org, units, prices, people, registrations, .. } = self;
        org.notes
            .iter()
            .chain(&units.notes)
            .chain(&prices.notes)
            .chain(&people.notes)
            .chain(&registrations.notes)
    }

    /// The rows, when there is no fault anywhere; otherwise the files come back.
    ///
    /// # Errors
    /// The files themselves, boxed, when any of them has a fault.
    pub fn complete(self) -> Result<Office, Box<Self>> {
        if self.faults().next().is_some() {
            return Err(Box::new(self));
        }
        let Some(org) = self.org.rows.clone() else { return Err(Box::new(self)) };
        Ok(Office {
            org,
            units: self.units.rows,
            prices: self.prices.rows,
            people: self.people.rows,
            registrations: self.registrations.rows,
        })
    }
}

/// Reads an office's folder. It opens files for reading and changes nothing.
///
/// # Errors
/// [`ImportError`] when the path is not a folder.
pub fn read_folder(folder: &Path) -> Result<OfficeFiles, ImportError> {
    if !folder.is_dir() {
        return Err(ImportError::NotAFolder(folder.to_owned()));
    }
    let org = match load(folder, ORG_FILE) {
        Ok(bytes) => parse_org(ORG_FILE, &bytes),
        Err(problem) => faulty(ORG_FILE, problem),
    };
    // Without a readable currency the prices are still checked; the folder has a fault and is not stored.
    let currency = org.rows.as_ref().map_or(Currency::default(), |org| org.currency);
    let (units, known) = match load(folder, UNITS_FILE) {
        Ok(bytes) => {
            let (units, known) = parse_known(UNITS_FILE, &bytes);
            (units, Some(known))
        }
        Err(problem) => (faulty(UNITS_FILE, problem), None),
    };
    // When the unit file gave nothing at all, its own fault says so; forty unknown units would only hide it.
    let known = known.filter(|known: &KnownUnits| !known.units.is_empty() || units.is_clean());
    let prices = match load(folder, PRICES_FILE) {
        Ok(bytes) => parse_prices(PRICES_FILE, &bytes, currency),
        Err(problem) => faulty(PRICES_FILE, problem),
    };
    let people = match load(folder, PEOPLE_FILE) {
        Ok(bytes) => parse_people(PEOPLE_FILE, &bytes),
        Err(problem) => faulty(PEOPLE_FILE, problem),
    };
    let registrations = match load(folder, REGISTRATIONS_FILE) {
        Ok(bytes) => parse_against(REGISTRATIONS_FILE, &bytes, known.as_ref()),
        Err(Problem::MissingFile) => Parsed::default(),
        Err(problem) => faulty(REGISTRATIONS_FILE, problem),
    };
    Ok(OfficeFiles { folder: folder.to_owned(), org, units, prices, people, registrations })
}

fn faulty<T: Default>(file: &str, problem: Problem) -> Parsed<T> {
    Parsed { faults: vec![Fault::of_file(file, problem)], ..Parsed::default() }
}

/// A file's bytes: one more than the limit at most, so that an oversize file is noticed and not swallowed.
fn load(folder: &Path, name: &str) -> Result<Vec<u8>, Problem> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Problem::MissingFile,
        _ => Problem::Unreadable { detail: error.to_string() },
    };
    let file = std::fs::File::open(folder.join(name)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
