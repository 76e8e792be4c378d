//! What an operator does: make an org, import its files, add users, make enrolment codes. The demo does the same.

mod documents;
pub mod import;

use doorstep_core::domain::ids::{DeviceId, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::{Actor, Role};

#[cfg(feature = "demo")]
pub(crate) use self::documents::rulebook;
use crate::error::Failure;
use crate::state::AppState;
use crate::storage::User;
use crate::{api, auth};

/// Who acts when an operator does.
#[must_use]
pub fn operator() -> Actor {
    Actor { person: PersonId::from("(operator)"), role: Role::Director }
}

/// An epoch for an org that begins now. By chance, not by a clock: the same backup may be put back twice in a second, or
/// on a machine whose clock is behind, and phones must see a difference.
fn new_epoch() -> Result<u64, Failure> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "no random bytes");
        Failure::Internal
    })?;
    Ok(u64::from(u32::from_le_bytes(bytes) | 1))
}

/// Makes an org with nothing in it but its rescue key.
///
/// # Errors
/// When the id is no code, or storage fails.
pub async fn init(state: &AppState, org: &OrgId) -> Result<(), Failure> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if org.as_str().is_empty() || org.as_str().len() > 40 || !org.as_str().chars().all(good) {
        return Err(Failure::Malformed("an org's id is letters, digits, - and _, at most forty".to_owned()));
    }
    state.storage().create_org(org.clone(), new_epoch()?).await?;
    state.rescue_keys().ensure(state.storage(), org).await?;
    Ok(())
}

/// Adds somebody who may sign in, or changes their password. Role, name and language come from the firm's people;
/// `role` is for somebody who is not among them.
///
/// # Errors
/// [`Failure::NotFound`] when the firm has no such person and no role is given.
pub async fn add_user(
    state: &AppState,
    org: &OrgId,
    person: &PersonId,
    role: Option<Role>,
    password: &str,
) -> Result<Role, Failure> {
    let people = state.storage().people(org.clone()).await?;
    let known = people.into_iter().find(|known| &known.id == person);
    let (name, lang) =
        known.as_ref().map_or((person.to_string(), Lang::default()), |p| (p.name.clone(), p.lang));
    let role = role.or(known.map(|known| known.role)).ok_or(Failure::NotFound("person"))?;
    let password = auth::hash_password(password)?;
    let user = User { person: person.clone(), role, name, lang, password };
    state.storage().put_user(org.clone(), user).await?;
    state.storage().audit(org.clone(), state.now_ms(), operator().person, format!("user {person}")).await?;
    Ok(role)
}

/// Makes an enrolment code; gives the code and what its QR code says.
///
/// # Errors
/// [`Failure::NotFound`] when the firm has no such person.
pub async fn enrol_code(
    state: &AppState,
    org: &OrgId,
    person: &PersonId,
) -> Result<(String, String), Failure> {
    let code = auth::make_code(state, org, &operator(), person).await?;
    let qr = api::enrol_codes::qr_text(state, &code);
    Ok((code, qr))
}

/// Revokes a phone: from now on it may hand in what it holds, and hears and gets nothing more. False when there is no such
/// phone or it was revoked before.
///
/// # Errors
/// When storage fails.
pub async fn revoke_device(state: &AppState, org: &OrgId, device: DeviceId) -> Result<bool, Failure> {
    let (storage, now) = (state.storage(), state.now_ms());
    let revoked = storage.revoke_device(org.clone(), device, now).await?;
    state.hub().end(org, device);
    if revoked {
        storage.audit(org.clone(), now, operator().person, format!("revoked device {device}")).await?;
    }
    Ok(revoked)
}

/// Starts another epoch, after the data folder was restored from a backup: phones compare and send again.
///
/// # Errors
/// When storage fails.
pub async fn restored(state: &AppState, org: &OrgId) -> Result<(), Failure> {
    let storage = state.storage();
    let (before, mut epoch) = (storage.clock(org.clone()).await?.epoch, new_epoch()?);
    while epoch == before {
        epoch = new_epoch()?;
    }
    storage.start_epoch(org.clone(), epoch).await?;
    Ok(storage.audit(org.clone(), state.now_ms(), operator().person, "restored".to_owned()).await?)
}
