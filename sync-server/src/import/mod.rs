//! An office's own files, read strictly: every mistake is named with its file, line and column, and nothing is guessed.
//!
//! The office keeps its units, prices, people and repair register in spreadsheets. This module turns such files
//! into rows the server can store. It is pure apart from [`read_folder`], which only reads; it never stores.
//! All faults of a file are collected, so that an office corrects a file once and not twenty times.

mod cell;
mod columns;
mod fault;
mod folder;
mod message;
mod org;
mod people;
mod prices;
mod registrations;
mod report;
mod rows;
mod table;
mod text;
mod units;
mod values;
mod words;

#[cfg(test)]
mod tests;

pub use self::columns::{ColumnSpec, PEOPLE, PRICES, REGISTRATIONS, UNITS};
pub use self::fault::{Column, Fault, Note, Parsed, Problem, Remark};
pub use self::folder::{
    ImportError, ORG_FILE, Office, OfficeFiles, PEOPLE_FILE, PRICES_FILE, REGISTRATIONS_FILE, UNITS_FILE,
    read_folder,
};
pub use self::org::{OrgFile, REGIONS, parse_org};
pub use self::people::{PersonRow, parse_people};
pub use self::prices::{PriceKind, PriceRow, parse_prices};
pub use self::registrations::{LONE_TIME_MINUTES, RegistrationRow, parse_registrations};
pub use self::report::report_text;
pub use self::units::{ResidentKind, UnitRow, parse_units, unit_key};

/// The largest file read. Forty thousand units with long notes take about half of it.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;
/// The most rows read from one file.
pub const MAX_ROWS: usize = 50_000;
/// The longest cell, in characters.
pub const MAX_CELL_CHARS: usize = 2_000;
/// The zone every office here keeps, in minutes east of UTC (China, Hong Kong, Macau, Taiwan).
pub const OFFICE_OFFSET_MIN: i16 = 480;
