//! Enrolling a phone: a one-time code from the office's screen is exchanged for a token.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use doorstep_core::domain::ids::{Digest, OrgId, PersonId};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::journal::wire::{EnrolRequest, EnrolResponse};

use super::{Secret, random, split};
use crate::error::Failure;
use crate::http::given::Given;
use crate::http::serve::Peer;
use crate::rescue;
use crate::state::AppState;
use crate::storage::{Enrolment, NewDevice, NewEnrolCode};

/// How long a code is good.
pub const CODE_MINUTES: i64 = 15;
/// Wrong codes from one address before it has to wait.
const MOST_FAILURES: u32 = 20;

/// Makes a one-time code for a member of staff's phone. The code is shown once; only its hash is kept.
///
/// # Errors
/// [`Failure::NotFound`] when the firm has no such person, [`Failure::Forbidden`] for a technician.
pub async fn make_code(
    state: &AppState,
    org: &OrgId,
    actor: &Actor,
    person: &PersonId,
) -> Result<String, Failure> {
    if actor.role == Role::Technician {
        return Err(Failure::Forbidden("the office makes enrolment codes"));
    }
    let people = state.storage().people(org.clone()).await?;
    let found = people.into_iter().find(|known| &known.id == person);
    let role = found.ok_or(Failure::NotFound("person"))?.role;
    // Ten characters that are not mistaken for one another: fifty bits for fifteen minutes.
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letters = random::<10>()?.map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
    let secret = Secret::of(format!("{org}.{}", letters.iter().collect::<String>()));
    let now = state.now_ms();
    let expires_ms = now + CODE_MINUTES * 60_000;
    let code = NewEnrolCode { code: secret.hash, person: person.clone(), role, expires_ms };
    state.storage().put_enrol_code(org.clone(), code).await?;
    state.storage().audit(org.clone(), now, actor.person.clone(), format!("enrol code for {person}")).await?;
    Ok(secret.text)
}

/// `POST /v1/enrol`
pub(crate) async fn enrol(
    State(state): State<AppState>,
    Extension(Peer(peer)): Extension<Peer>,
    Given(asked): Given<EnrolRequest>,
) -> Result<Json<EnrolResponse>, Failure> {
    let key = format!("enrol {}", peer.ip());
    if let Some(seconds) = state.failures().wait(&key, MOST_FAILURES) {
        return Err(Failure::TooMany(seconds));
    }
    let (org, code) = split(asked.code.trim()).ok_or(Failure::Unauthorized)?;
    let (token, device) = new_device(&org, &asked)?;
    match state.storage().enrol(org.clone(), code, device, state.now_ms()).await? {
        Enrolment::Done(person, role) => welcome(&state, token, org, person, role).await,
        Enrolment::NoSuchCode => {
            state.failures().failed(&key);
            Err(Failure::Unauthorized)
        }
        Enrolment::DeviceTaken => {
            Err(Failure::Conflict("this device id is enrolled already: take a new one"))
        }
    }
}

/// `POST /v1/incarnation`: a phone that finds it was copied goes on under another device id, with the token it has.
pub(crate) async fn incarnate(
    State(state): State<AppState>,
    headers: HeaderMap,
    Given(asked): Given<EnrolRequest>,
) -> Result<Json<EnrolResponse>, Failure> {
    let (org, from) = super::device(&state, &headers).await?;
    let (token, device) = new_device(&org, &asked)?;
    match state.storage().incarnate(org.clone(), from.id, device, state.now_ms()).await? {
        Enrolment::Done(person, role) => welcome(&state, token, org, person, role).await,
        Enrolment::NoSuchCode => Err(Failure::Unauthorized),
        Enrolment::DeviceTaken => Err(TAKEN),
    }
}

async fn welcome(
    state: &AppState,
    token: Secret,
    org: OrgId,
    person: PersonId,
    role: Role,
) -> Result<Json<EnrolResponse>, Failure> {
    let rescue = rescue::public(state.storage(), &org).await?.map(|key| key.to_string());
    Ok(Json(EnrolResponse { token: token.text, org, person, role, rescue }))
}

const TAKEN: Failure = Failure::Conflict("this device id is enrolled already: take a new one");

/// A device with the token it will have.
fn new_device(org: &OrgId, asked: &EnrolRequest) -> Result<(Secret, NewDevice), Failure> {
    let key = asked.public_key.parse::<Digest>();
    let key = key.map_err(|_| Failure::Malformed("public_key is not 64 hexadecimal digits".to_owned()))?;
    let token = Secret::new(org)?;
    let app = asked.app.chars().take(64).collect();
    let device = NewDevice { id: asked.device, public_key: key.0, token: token.hash, app };
    Ok((token, device))
}
