//! Importing an office's folder: its reference data replaces what was there, its register becomes numbered orders.

use std::collections::HashSet;
use std::path::Path;

use doorstep_core::domain::calendar::CalendarError;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{Digest, OrderId, OrgId, PersonId};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::policy::PolicyError;
use doorstep_core::domain::refusal::{Reason, Refusal};

use super::{documents, operator};
use crate::error::Failure;
use crate::import::{Office, RegistrationRow};
use crate::office::{self, OfficeError};
use crate::state::AppState;
use crate::storage::{NewDocument, StorageError};

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No pack of this name ships with Doorstep, and none lies beside the files.
    #[error("there is no policy pack `{0}`; put the firm's own beside its files as policy.toml")]
    NoSuchPack(String),
    /// The pack is wrong.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The calendar is wrong.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A pack that cannot be read or written.
    #[error("the policy pack or calendar cannot be used: {0}")]
    Pack(String),
    /// The org could not be made.
    #[error(transparent)]
    Org(#[from] Failure),
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What an import did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// The org.
    pub org: Option<OrgId>,
    /// Documents that changed, withdrawn ones among them.
    pub documents: usize,
    /// Orders that were registered: line of the register and id.
    pub registered: Vec<(u64, OrderId)>,
    /// Lines that were registered by an earlier import.
    pub known: usize,
    /// Lines a rule said no to.
    pub refused: Vec<(u64, Refusal)>,
}

/// Imports an office whose files have no fault. Importing the same folder again changes nothing.
///
/// # Errors
/// Before anything is written when pack or calendar are wrong; else when storage fails.
pub async fn import(state: &AppState, office: &Office, folder: &Path) -> Result<Imported, ImportError> {
    let org = &office.org.id;
    let mut documents = documents::of(office, folder)?;
    super::init(state, org).await?;
    withdraw(state, org, &mut documents).await?;
    let mut done = Imported { org: Some(org.clone()), ..Imported::default() };
    done.documents = state.storage().put_documents(org.clone(), documents).await?;
    let desk = registrar(office);
    for row in &office.registrations {
        let id = order_id(org, row);
        match office::execute(state, org, &desk, id, Command::Register(row.intake.clone())).await {
            Ok(order) => done.registered.push((row.line, order.id)),
            Err(OfficeError::Refused(no)) if no.reason == Reason::AlreadyRegistered => done.known += 1,
            Err(OfficeError::Refused(no)) => done.refused.push((row.line, *no)),
            Err(OfficeError::Storage(error)) => return Err(error.into()),
            Err(other) => return Err(ImportError::Org(other.into())),
        }
    }
    let what = format!("import: {} documents, {} orders", done.documents, done.registered.len());
    state.storage().audit(org.clone(), state.now_ms(), operator().person, what).await?;
    Ok(done)
}

/// What the firm had and its files have no longer is withdrawn, so that phones hear of it.
async fn withdraw(
    state: &AppState,
    org: &OrgId,
    documents: &mut Vec<NewDocument>,
) -> Result<(), StorageError> {
    let now: HashSet<(&'static str, String)> =
        documents.iter().map(|document| (document.kind, document.key.clone())).collect();
    for kind in ["unit", "price", "person"] {
        for kept in state.storage().documents(org.clone(), kind.to_owned()).await? {
            if !now.contains(&(kind, kept.key.clone())) {
                documents.push(NewDocument { kind, key: kept.key, body: Vec::new() });
            }
        }
    }
    Ok(())
}

/// Whoever is at the front desk wrote the register.
fn registrar(office: &Office) -> Actor {
    let desk = office.people.iter().find(|person| person.role == Role::FrontDesk);
    let person = desk.map_or_else(|| PersonId::from("(import)"), |person| person.code.clone());
    Actor { person, role: Role::FrontDesk }
}

/// The same line of the same firm's register is the same order, however often it is imported.
pub(crate) fn order_id(org: &OrgId, row: &RegistrationRow) -> OrderId {
    let mark = if row.reference.is_empty() {
        format!("{org}\n{:?}", row.intake)
    } else {
        format!("{org}\n{}", row.reference)
    };
    let Digest(hash) = Digest::of(mark.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    let wished = row.intake.wished.map_or(0, |window| window.start.utc_ms);
    let millis = u64::try_from(wished).unwrap_or(0);
    OrderId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
