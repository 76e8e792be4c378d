//! `people.csv`: the firm's people, their roles and certificates (R46). Passwords are never in a file.

use chrono::NaiveDate;
use doorstep_core::domain::ids::PersonId;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::Role;

use super::cell::Cells;
use super::columns::PEOPLE;
use super::fault::Parsed;
use super::rows::rows_of;
use super::table::Table;
use super::words::{LANGUAGES, ROLES};

/// A member of staff.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonRow {
    /// The physical line it stands on.
    pub line: u64,
    /// The staff code 員工編號, also the name to sign in with.
    pub code: PersonId,
    /// The person's name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The phone, as typed.
    pub phone: String,
    /// The language the person reads.
    pub lang: Lang,
    /// The certificate 上崗證; may be empty.
    pub certificate: String,
    /// The last day the certificate is valid, when it has one.
    pub certificate_expires: Option<NaiveDate>,
}

/// Reads the people file. `file` is the name faults show.
#[must_use]
pub fn parse_people(file: &str, bytes: &[u8]) -> Parsed<Vec<PersonRow>> {
    rows_of(Table::read(file, bytes, PEOPLE), "code", read_row)
}

fn read_row(cells: &mut Cells<'_>, line: u64) -> Option<PersonRow> {
    let code = cells.code("code");
    let name = cells.required("name");
    let role = cells.word("role", ROLES);
    let phone = cells.phone("phone");
    let lang = cells.word("lang", LANGUAGES);
    let certificate = cells.text("certificate");
    let expires = cells.date("expires");
    Some(PersonRow {
        line,
        code: PersonId(code?),
        name: name?,
        role: role?,
        phone: phone?,
        lang: lang?,
        certificate,
        certificate_expires: expires?,
    })
}
