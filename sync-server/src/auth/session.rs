//! Sessions of the office: signed in with a password, in a browser by cookie or in a program by bearer token.

use std::net::IpAddr;

use axum::Json;
use axum::extract::{Extension, FromRequestParts, OptionalFromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_core::domain::ids::{OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::{Actor, Role};
use serde::{Deserialize, Serialize};

use super::{Secret, bearer, password, random, split};
use crate::error::Failure;
use crate::http::given::Given;
use crate::http::serve::Peer;
use crate::state::AppState;
use crate::storage::NewSession;

/// The cookie's name.
pub const COOKIE: &str = "doorstep_session";
/// How long a session lasts: a working day.
const HOURS: i64 = 12;
/// Wrong passwords for one person, and from one address, before they have to wait.
const MOST_FOR_PERSON: u32 = 8;
const MOST_FOR_ADDRESS: u32 = 50;

/// Who is signed in. As an extractor it answers 401 to everybody else; `Option<SignedIn>` lets them through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedIn {
    /// The org.
    pub org: OrgId,
    /// The staff code.
    pub person: PersonId,
    /// The role, as it is now.
    pub role: Role,
    /// The name.
    pub name: String,
    /// The language of the person's pages.
    pub lang: Lang,
    /// What every form of this session carries.
    pub csrf: String,
    /// Signed in by cookie: then every change needs the token of the session's forms.
    pub by_cookie: bool,
}

impl SignedIn {
    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { person: self.person.clone(), role: self.role }
    }

    /// Whether a form came from this session's own page.
    ///
    /// # Errors
    /// [`Failure::Forbidden`] when it did not.
    pub fn check_form(&self, token: &str) -> Result<(), Failure> {
        if self.by_cookie && self.csrf != token {
            return Err(Failure::Forbidden("the form is not from this session; reload the page"));
        }
        Ok(())
    }

    /// The same for a call of the interface: a browser sends the token as `x-csrf-token`.
    pub(crate) fn check_call(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let token = headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
        self.check_form(token.unwrap_or_default())
    }
}

fn cookie_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// Whoever a request's session belongs to.
pub(crate) async fn signed_in(state: &AppState, headers: &HeaderMap) -> Result<Option<SignedIn>, Failure> {
    let (secret, by_cookie) = match bearer(headers) {
        Some(token) => (Some(token), false),
        None => (cookie_of(headers), true),
    };
    let Some((org, hash)) = secret.and_then(split) else { return Ok(None) };
    let session = state.storage().session(org.clone(), hash, state.now_ms()).await?;
    Ok(session.map(|session| SignedIn {
        org,
        person: session.user.person,
        role: session.user.role,
        name: session.user.name,
        lang: session.user.lang,
        csrf: session.csrf,
        by_cookie,
    }))
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        signed_in(state, &parts.headers).await?.ok_or(Failure::Unauthorized)
    }
}

impl OptionalFromRequestParts<AppState> for SignedIn {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, Failure> {
        signed_in(state, &parts.headers).await
    }
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The name or the password.
    #[error("the staff code or the password is wrong")]
    Wrong,
    /// Tried too often.
    #[error("too many tries: wait {0} seconds")]
    TooMany(u64),
    /// The server.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::Unauthorized,
            SignInError::TooMany(seconds) => Self::TooMany(seconds),
            SignInError::Failed(failure) => failure,
        }
    }
}

/// Signs somebody in; gives the session's secret, for a cookie or as a bearer token. `org` may be left out where the
/// server has one.
///
/// # Errors
/// See [`SignInError`].
pub async fn sign_in(
    state: &AppState,
    address: IpAddr,
    org: Option<OrgId>,
    person: PersonId,
    given: String,
) -> Result<String, SignInError> {
    let org = match org.filter(|org| !org.as_str().is_empty()) {
        Some(org) => org,
        None => only_org(state).await?.ok_or(SignInError::Wrong)?,
    };
    let keys = [
        (format!("sign-in {org} {person}"), MOST_FOR_PERSON),
        (format!("sign-in {address}"), MOST_FOR_ADDRESS),
    ];
    if let Some(seconds) = keys.iter().find_map(|(key, most)| state.failures().wait(key, *most)) {
        return Err(SignInError::TooMany(seconds));
    }
    let user = state.storage().user(org.clone(), person.clone()).await.map_err(Failure::from)?;
    let hash = user.as_ref().map(|user| user.password.clone());
    if !password::verify(state, given, hash).await? {
        keys.iter().for_each(|(key, _)| state.failures().failed(key));
        return Err(SignInError::Wrong);
    }
    state.failures().passed(&keys[0].0);
    let secret = Secret::new(&org)?;
    let csrf = URL_SAFE_NO_PAD.encode(random::<24>()?);
    let now = state.now_ms();
    let expires_ms = now + HOURS * 3_600_000;
    let session = NewSession { token: secret.hash, person, csrf, expires_ms };
    state.storage().put_session(org, session, now).await.map_err(Failure::from)?;
    Ok(secret.text)
}

async fn only_org(state: &AppState) -> Result<Option<OrgId>, Failure> {
    let mut orgs = state.storage().orgs().await?;
    Ok(if orgs.len() == 1 { orgs.pop() } else { None })
}

/// Ends the session a request came with.
///
/// # Errors
/// When storage fails.
pub async fn sign_out(state: &AppState, headers: &HeaderMap) -> Result<(), Failure> {
    let secret = bearer(headers).or_else(|| cookie_of(headers));
    if let Some((org, hash)) = secret.and_then(split) {
        state.storage().end_session(org, hash).await?;
    }
    Ok(())
}

/// The `set-cookie` value of a session's secret.
#[must_use]
pub fn cookie(state: &AppState, secret: &str) -> HeaderValue {
    let secure = if state.public_url().starts_with("https:") { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", HOURS * 3600);
    HeaderValue::from_str(&text).unwrap_or_else(|_| clear_cookie())
}

/// The `set-cookie` value that removes it.
#[must_use]
pub fn clear_cookie() -> HeaderValue {
    HeaderValue::from_static("doorstep_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[derive(Deserialize)]
pub(crate) struct Login {
    #[serde(default)]
    org: Option<OrgId>,
    person: PersonId,
    password: String,
}

#[derive(Serialize)]
pub(crate) struct LoggedIn {
    token: String,
}

/// `POST /v1/login`
pub(crate) async fn login(
    State(state): State<AppState>,
    Extension(Peer(peer)): Extension<Peer>,
    Given(asked): Given<Login>,
) -> Result<Json<LoggedIn>, Failure> {
    let token = sign_in(&state, peer.ip(), asked.org, asked.person, asked.password).await?;
    Ok(Json(LoggedIn { token }))
}

/// `POST /v1/logout`
pub(crate) async fn logout(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
) -> Result<StatusCode, Failure> {
    signed.check_call(&headers)?;
    sign_out(&state, &headers).await?;
    Ok(StatusCode::NO_CONTENT)
}
