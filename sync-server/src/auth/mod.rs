//! Who is asking: phones by bearer token, the office by session. Secrets are random, shown once, kept as hashes.
//!
//! Every secret begins with its org and a dot, so that it is looked up among that org's rows and no other's.

mod enrol;
mod password;
mod session;
pub(crate) mod throttle;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_core::domain::ids::{Digest, OrgId};

use crate::error::Failure;
use crate::state::AppState;
use crate::storage::Device;

pub use self::enrol::{CODE_MINUTES, make_code};
pub(crate) use self::enrol::{enrol, incarnate};
pub use self::password::hash_password;
pub use self::session::{COOKIE, SignInError, SignedIn, clear_cookie, cookie, sign_in, sign_out};
pub(crate) use self::session::{login, logout, signed_in};

/// A secret: what is shown, and what is kept of it.
pub(crate) struct Secret {
    pub(crate) text: String,
    pub(crate) hash: Digest,
}

impl Secret {
    /// 16 random bytes for an org: nobody guesses them, and an idle phone pays for each.
    pub(crate) fn new(org: &OrgId) -> Result<Self, Failure> {
        Ok(Self::of(format!("{org}.{}", URL_SAFE_NO_PAD.encode(random::<16>()?))))
    }

    pub(crate) fn of(text: String) -> Self {
        let hash = Digest::of(text.as_bytes());
        Self { text, hash }
    }
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "no random bytes");
        Failure::Internal
    })?;
    Ok(bytes)
}

/// The org a secret names, and the hash it is looked up by.
pub(crate) fn split(secret: &str) -> Option<(OrgId, Digest)> {
    let (org, _) = secret.rsplit_once('.').filter(|_| secret.len() <= 128)?;
    Some((OrgId::from(org), Digest::of(secret.as_bytes())))
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION).map(HeaderValue::to_str)?.ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// How long a token is good without being used, and how long its use is not written down again.
const GOOD_FOR_MS: i64 = 30 * 24 * 3_600_000;
const NOTED_FOR_MS: i64 = 12 * 3_600_000;

/// What a phone that is known may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// Everything.
    Full,
    /// Hand in what it holds, and hear what became of it: what happened at a resident's door is never turned away.
    UploadOnly,
}

/// What a phone may do now. Its token counts as used when it may do everything.
pub(crate) async fn standing(state: &AppState, org: &OrgId, device: &Device) -> Result<Standing, Failure> {
    let now = state.now_ms();
    let unused_ms = now.saturating_sub(device.used_ms);
    if device.revoked || unused_ms > GOOD_FOR_MS {
        return Ok(Standing::UploadOnly);
    }
    if unused_ms > NOTED_FOR_MS {
        state.storage().use_token(org.clone(), device.id, now).await?;
    }
    Ok(Standing::Full)
}

/// The enrolled phone that asks, unless it asks too often.
pub(crate) async fn device(state: &AppState, headers: &HeaderMap) -> Result<(OrgId, Device), Failure> {
    let (org, hash) = bearer(headers).and_then(split).ok_or(Failure::Unauthorized)?;
    let device = state.storage().device_by_token(org.clone(), hash).await?;
    let device = device.ok_or(Failure::Unauthorized)?;
    state.rates().count(&org, device.id)?;
    Ok((org, device))
}
