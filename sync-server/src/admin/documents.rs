//! An office's rows as the documents phones and pages read.

use std::path::Path;

use doorstep_core::domain::calendar::{Calendar, Region};
#[cfg(feature = "demo")]
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::policy::Policy;
use serde::Serialize;
use serde_json::json;

use super::import::ImportError;
use crate::import::{Office, PersonRow, PriceRow, UnitRow};
use crate::storage::{NewDocument, Person};

/// A firm's own pack, beside its files.
const POLICY_FILE: &str = "policy.toml";
/// A firm's own calendar, beside its files.
const CALENDAR_FILE: &str = "calendar.toml";

fn document(kind: &'static str, key: &str, body: &impl Serialize) -> NewDocument {
    // Plain data into memory: there is no failing path.
    NewDocument { kind, key: key.to_owned(), body: serde_json::to_vec(body).unwrap_or_default() }
}

fn text(kind: &'static str, body: String) -> NewDocument {
    NewDocument { kind, key: kind.to_owned(), body: body.into_bytes() }
}

/// All documents of an office.
pub(super) fn of(office: &Office, folder: &Path) -> Result<Vec<NewDocument>, ImportError> {
    let org = &office.org;
    let about = json!({
        "id": org.id,
        "name": org.name,
        "service_phone": org.service_phone,
        "complaint_line": org.complaint_line,
        "region": org.region,
        "currency": org.currency,
        "policy": org.policy,
    });
    let mut documents = vec![document("org", "org", &about)];
    documents.push(text("policy", policy(office, folder)?));
    documents.push(text("calendar", calendar(office, folder)?));
    documents.extend(office.units.iter().map(unit));
    documents.extend(office.prices.iter().map(price));
    documents.extend(office.people.iter().map(person));
    Ok(documents)
}

/// The rules an office's files will give, before they are imported.
#[cfg(feature = "demo")]
pub(crate) fn rulebook(office: &Office, folder: &Path) -> Result<Rulebook, ImportError> {
    let (policy, calendar) = (policy(office, folder)?, calendar(office, folder)?);
    Ok(Rulebook { policy: Policy::parse(&policy)?, calendar: Calendar::parse(&calendar)? })
}

/// The pack the firm names, or its own, with what its file says of the firm filled in (R23, R150).
fn policy(office: &Office, folder: &Path) -> Result<String, ImportError> {
    let own = own_file(folder, POLICY_FILE)?;
    let shipped = Policy::builtin_text(&office.org.policy).map(ToOwned::to_owned);
    let text = own.or(shipped).ok_or_else(|| ImportError::NoSuchPack(office.org.policy.clone()))?;
    let mut policy = Policy::parse(&text)?;
    if let Some(region) = Region::from_code(&office.org.region) {
        policy.region = region;
    }
    policy.currency = office.org.currency;
    let Policy { copies, .. } = &mut policy;
    if copies.service_phone.is_empty() {
        copies.service_phone.clone_from(&office.org.service_phone);
    }
    if copies.complaint_line.is_empty() {
        copies.complaint_line.clone_from(&office.org.complaint_line);
    }
    let text = toml::to_string(&policy).map_err(|e| ImportError::Pack(e.to_string()))?;
    // What phones will read is read here first.
    Policy::parse(&text)?;
    Ok(text)
}

fn calendar(office: &Office, folder: &Path) -> Result<String, ImportError> {
    let region = Region::from_code(&office.org.region).unwrap_or(Region::Mainland);
    let text = own_file(folder, CALENDAR_FILE)?;
    let text = text.unwrap_or_else(|| Calendar::builtin_text(region).to_owned());
    Calendar::parse(&text)?;
    Ok(text)
}

fn own_file(folder: &Path, name: &str) -> Result<Option<String>, ImportError> {
    match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ImportError::Pack(format!("{name}: {error}"))),
    }
}

fn unit(row: &UnitRow) -> NewDocument {
    let body = json!({
        "unit": row.unit,
        "building": row.building,
        "floor": row.floor,
        "resident": row.resident,
        "phone": row.phone,
        "kind": row.kind.code(),
        "company": row.company,
        "access": row.access,
    });
    document("unit", &row.unit, &body)
}

fn price(row: &PriceRow) -> NewDocument {
    let body = json!({
        "code": row.code,
        "name": row.name,
        "unit": row.unit,
        "price": row.price,
        "kind": row.kind.code(),
        "warranty_days": row.warranty_days,
    });
    document("price", &row.code, &body)
}

fn person(row: &PersonRow) -> NewDocument {
    let person = Person {
        id: row.code.clone(),
        name: row.name.clone(),
        role: row.role,
        phone: row.phone.clone(),
        lang: row.lang,
        certificate: row.certificate.clone(),
        certificate_expires: row.certificate_expires,
    };
    document("person", row.code.as_str(), &person)
}
