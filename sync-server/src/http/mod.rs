//! HTTP around the handlers: bodies in either encoding, the mark on every `/v1` answer, one log line for each request.

pub(crate) mod body;
mod doors;
pub(crate) mod given;
pub(crate) mod lanes;
pub(crate) mod patience;
pub(crate) mod rate;
pub(crate) mod serve;

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Failure;
use crate::metrics;

/// The header that tells a phone it speaks with a Doorstep server and not with a hotel's login page.
pub const MARK: HeaderName = HeaderName::from_static("doorstep");
/// The header with which a phone names its question.
const QUESTION: HeaderName = HeaderName::from_static("ask");

/// Marks `/v1` answers, forbids their keeping and writes the one log line: method, matched path, status, time, bytes. Nothing of a person.
pub(crate) async fn around(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let is_api = request.uri().path().starts_with("/v1/");
    let is_sync = request.uri().path() == "/v1/sync";
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let received = length(request.headers());
    let mark = is_api.then(|| mark(request.headers()));
    let mut response = next.run(request.map(patience::patient)).await;
    if let Some(mark) = mark {
        let is_good = response.status().is_success();
        let headers = response.headers_mut();
        headers.insert(MARK, mark);
        // No copy of an answer lies anywhere: what is kept for good says so itself. No cache keeps a sync's in any case: it
        // answers a POST and says nothing of its age, and an idle phone pays for every byte.
        if !is_sync || !is_good {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
    }
    let sent = http_size(&response);
    let took = start.elapsed();
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (path, status) = (path.as_ref().map_or("unmatched", MatchedPath::as_str), response.status().as_u16());
    metrics::request(path, status, took);
    if status >= 500 {
        tracing::error!(%method, path, status, ms, received, sent, "request");
    } else {
        tracing::info!(%method, path, status, ms, received, sent, "request");
    }
    response
}

/// The mark of an answer: the version, and the name the phone gave its question, so that an answer is taken once.
fn mark(headers: &axum::http::HeaderMap) -> HeaderValue {
    const LONGEST: usize = 16;
    let name = headers.get(QUESTION).and_then(|name| name.to_str().ok());
    let is_name = |name: &&str| {
        (1..=LONGEST).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let marked = name.filter(is_name).and_then(|name| HeaderValue::try_from(format!("1 {name}")).ok());
    marked.unwrap_or(HeaderValue::from_static("1"))
}

fn length(headers: &axum::http::HeaderMap) -> u64 {
    let text = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn http_size(response: &Response) -> u64 {
    use axum::body::HttpBody as _;
    response.body().size_hint().exact().unwrap_or(0)
}

/// No such address.
pub(crate) async fn nowhere(uri: Uri) -> Response {
    if uri.path().starts_with("/v1/") {
        Failure::NotFound("address").into_response()
    } else {
        (axum::http::StatusCode::NOT_FOUND, "Not found. 找不到此頁。\n").into_response()
    }
}

/// An address that exists, for other methods.
pub(crate) async fn wrong_method() -> Response {
    Failure::Method.into_response()
}

/// Whether the process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the database answers a read and the disk takes a write: whether requests should come here now. They should also
/// when only photos cannot be kept: work never waits for them.
pub(crate) async fn readyz(
    axum::extract::State(state): axum::extract::State<crate::state::AppState>,
) -> Result<&'static str, Failure> {
    if !state.is_ready().await {
        return Err(Failure::Busy(2));
    }
    Ok(if state.has_photos().await { "ready\n" } else { "ready, but for photos\n" })
}
