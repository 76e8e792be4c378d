//! `GET /v1/live`: phones and the office's pages hear at once that something changed, and fetch it the usual way.
//!
//! Server-sent events: a hint carries the org's seq and nothing else. Many thousand idle listeners wait on one process,
//! so a stream is a seat in a list and a waker, without a task or timer of its own.

mod hub;
mod seat;
mod stream;
mod watch;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use doorstep_core::domain::ids::OrgId;
use doorstep_core::journal::live::Hint;

pub(crate) use self::hub::Hub;
pub(crate) use self::hub::Listener;
pub(crate) use self::watch::watch;
use crate::auth::{self, Standing};
use crate::error::Failure;
use crate::state::AppState;
use crate::storage::Clock;

/// Between comments that keep a stream open: proxies commonly close one that is silent for a minute.
const BEAT_SECONDS: u64 = 45;
/// How many comments long a stream lasts, half an hour: then whoever listens asks again, and is looked at again.
const BEATS: u16 = 40;

impl From<Clock> for Hint {
    fn from(clock: Clock) -> Self {
        Self { epoch: clock.epoch, seq: clock.seq }
    }
}

/// `GET /v1/live`
pub(crate) async fn live(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Failure> {
    let (org, listener) = who(&state, &headers).await?;
    let now = state.storage().clock(org.clone()).await?.into();
    let ticket = state.hub().sit(org, listener, now)?;
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // What nginx understands: pass each event on at once.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, Body::new(stream::Stream::new(ticket, now))).into_response())
}

/// A phone by its token, or somebody of the office by their session.
async fn who(state: &AppState, headers: &HeaderMap) -> Result<(OrgId, Listener), Failure> {
    match auth::device(state, headers).await {
        Ok((org, device)) => match auth::standing(state, &org, &device).await? {
            Standing::Full => Ok((org, Listener::Device(device.id))),
            Standing::UploadOnly => Err(Failure::Forbidden("the phone may only hand in what it holds")),
        },
        Err(Failure::Unauthorized) => {
            let signed = auth::signed_in(state, headers).await?.ok_or(Failure::Unauthorized)?;
            Ok((signed.org, Listener::Person(signed.person)))
        }
        Err(failure) => Err(failure),
    }
}
