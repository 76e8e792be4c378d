//! `GET /v1/orgs/{org}/keys` and `/keys/{org}`: the public keys of a firm's phones, for whoever checks a copy without asking
//! this server whether it holds. Nothing here is secret, and nothing says whose phone it is.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use doorstep_core::domain::ids::{Digest, OrgId};
use doorstep_core::domain::lang::Text;
use doorstep_core::evidence::copy::key_id;
use serde::Serialize;

use super::caller::{Caller, page};
use super::shop::names;
use crate::error::Failure;
use crate::pages::frame::Frame;
use crate::pages::words::ui::ui;
use crate::pages::words::verify::{Verify, verify as words};
use crate::state::AppState;

/// A firm's keys.
#[derive(Serialize)]
pub(crate) struct Keys {
    org: OrgId,
    org_name: Text,
    keys: Vec<Key>,
}

/// The key of one phone. A copy sealed while it was in use holds for ever, also after it was revoked.
#[derive(Serialize)]
struct Key {
    /// Ed25519, 64 hexadecimal digits, as in a copy.
    key: String,
    key_id: String,
    /// When the phone was enrolled, and when it was revoked: UTC, RFC 3339.
    since: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
}

/// `GET /v1/orgs/{org}/keys`
pub(crate) async fn keys(
    State(state): State<AppState>,
    Path(org): Path<OrgId>,
) -> Result<Json<Keys>, Failure> {
    read(&state, org).await.map(Json)
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    frame: Frame,
    words: &'static Verify,
    keys: Keys,
    name: String,
}

/// `GET /keys/{org}`
pub(crate) async fn keys_page(
    State(state): State<AppState>,
    caller: Caller,
    Path(org): Path<OrgId>,
) -> Response {
    let result = read(&state, org).await.map(|keys| {
        let words = words(caller.lang);
        let name = keys.org_name.get(caller.lang).to_owned();
        page(
            StatusCode::OK,
            &KeysPage { frame: caller.frame(String::new()).titled(ui(caller.lang).keys), words, keys, name },
        )
    });
    caller.answer(result)
}

async fn read(state: &AppState, org: OrgId) -> Result<Keys, Failure> {
    if !state.storage().orgs().await?.contains(&org) {
        return Err(Failure::NotFound("firm"));
    }
    let moment = |ms| DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default().to_rfc3339();
    let devices = state.storage().devices(org.clone()).await?;
    let keys = devices.into_iter().map(|known| {
        let key = known.device.public_key;
        Key {
            key_id: key_id(&key),
            key: Digest(key).to_string(),
            since: moment(known.enrolled_ms),
            revoked: known.revoked_ms.map(moment),
        }
    });
    Ok(Keys { org_name: names(state, &org).await?, keys: keys.collect(), org })
}
