//! Photos from phones: what is missing, uploads that go on where they were cut, and the office's look at them.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use doorstep_core::domain::ids::Digest;
use doorstep_core::domain::order::visit::Visit;
use doorstep_core::journal::blobs::{
    BlobState, MAX_BLOB_BYTES, MAX_BLOBS_ASKED, Missing, MissingRequest, MissingResponse,
};

use super::orders::{find, id_of};
use crate::auth::{self, SignedIn};
use crate::blobs::{BlobKey, BlobStore, Turn, Upload, on_threads};
use crate::error::Failure;
use crate::http::given::Given;
use crate::http::lanes::Lane;
use crate::http::patience::is_too_slow;
use crate::state::AppState;

/// How many bytes of a body are gathered before they are written.
const PIECE: usize = 128 * 1024;

/// `POST /v1/blobs/missing`
pub(crate) async fn missing(
    State(state): State<AppState>,
    headers: HeaderMap,
    Given(asked): Given<MissingRequest>,
) -> Result<Json<MissingResponse>, Failure> {
    let (org, device) = auth::device(&state, &headers).await?;
    let _place = state.lanes().enter(Lane::Blob).await?;
    if asked.sha256.len() > MAX_BLOBS_ASKED as usize {
        return Err(Failure::Malformed(format!("at most {MAX_BLOBS_ASKED} are asked for at once")));
    }
    let store = state.blobs();
    let asking = Arc::clone(&store);
    let look = move || -> std::io::Result<Vec<Missing>> {
        let mut missing = Vec::new();
        let sizes = asking.sizes(&org, &asked.sha256)?;
        for (digest, size) in asked.sha256.into_iter().zip(sizes) {
            if size.is_none() {
                let key = BlobKey { org: org.clone(), device: device.id, digest };
                missing.push(Missing { sha256: digest, offset: asking.offset(&key)? });
            }
        }
        Ok(missing)
    };
    let missing = blocking(&*store, look).await?;
    Ok(Json(MissingResponse { missing }))
}

/// `PUT /v1/blobs/{sha256}`
pub(crate) async fn put(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(sha256): Path<String>,
    body: Body,
) -> Result<Json<BlobState>, Failure> {
    let (org, device) = auth::device(&state, &headers).await?;
    let digest: Digest = sha256.parse().map_err(|_| Failure::Malformed("not a SHA-256".to_owned()))?;
    let range = Range::of(&headers)?;
    let key = BlobKey { org, device: device.id, digest };
    let _place = state.lanes().enter(Lane::Blob).await?;
    let _turn: Turn = state.uploads().turn(&key).await.ok_or(Failure::Busy(2))?;
    let store = state.blobs();
    let (opening, into, from) = (key.clone(), Arc::clone(&store), range.from);
    let begun = blocking(&*store, move || match into.size(&opening.org, opening.digest)? {
        Some(_) => Ok(None),
        None => into.upload(&opening, from).map(Some),
    });
    let Some(upload) = begun.await? else {
        // Known already. The body is read all the same: a connection closed before that is an error to the phone.
        let _ = axum::body::to_bytes(body, MAX_BLOB_BYTES as usize).await;
        return Ok(Json(BlobState { verified: true, offset: range.total }));
    };
    let upload = receive(&*store, upload, body, range.to).await?;
    let offset = upload.offset();
    if offset < range.to {
        return Err(Failure::Malformed("the body ended early".to_owned()));
    }
    if offset < range.total {
        return Ok(Json(BlobState { verified: false, offset }));
    }
    if blocking(&*store, move || upload.finish()).await? {
        Ok(Json(BlobState { verified: true, offset }))
    } else {
        Err(Failure::WrongHash)
    }
}

/// Writes a body as it comes. What came before it broke off stays. No thread waits for the line: eight slow photos would
/// otherwise hold up every sync.
async fn receive(
    store: &dyn BlobStore,
    mut upload: Box<dyn Upload>,
    mut body: Body,
    to: u64,
) -> Result<Box<dyn Upload>, Failure> {
    use http_body_util::BodyExt as _;
    let mut broken = None;
    let mut piece = Vec::new();
    loop {
        let frame = match body.frame().await {
            Some(Ok(frame)) => frame,
            Some(Err(error)) if is_too_slow(&error) => {
                broken = Some(Failure::TooSlow);
                break;
            }
            Some(Err(_)) => {
                broken = Some(Failure::Malformed("the body ended early".to_owned()));
                break;
            }
            None => break,
        };
        let Ok(bytes) = frame.into_data() else { continue };
        piece.extend_from_slice(&bytes);
        if piece.len() >= PIECE {
            upload = write(store, upload, std::mem::take(&mut piece), to).await?;
        }
    }
    upload = write(store, upload, piece, to).await?;
    broken.map_or(Ok(upload), Err)
}

async fn write(
    store: &dyn BlobStore,
    mut upload: Box<dyn Upload>,
    piece: Vec<u8>,
    to: u64,
) -> Result<Box<dyn Upload>, Failure> {
    let write = move || {
        if upload.offset() + piece.len() as u64 > to {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        upload.write(&piece)?;
        Ok(upload)
    };
    blocking(store, write).await
}

/// Which bytes of the photo the body holds.
struct Range {
    from: u64,
    to: u64,
    total: u64,
}

impl Range {
    /// `content-range: bytes FROM-LAST/TOTAL`, or without it the whole photo by `content-length`.
    fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let bad = || Failure::Malformed("content-range is `bytes FROM-LAST/TOTAL`".to_owned());
        let range = match text(header::CONTENT_RANGE) {
            Some(range) => {
                let (span, total) =
                    range.strip_prefix("bytes ").and_then(|range| range.split_once('/')).ok_or_else(bad)?;
                let (from, last) = span.split_once('-').ok_or_else(bad)?;
                let number = |text: &str| text.trim().parse::<u64>().map_err(|_| bad());
                Self { from: number(from)?, to: number(last)?.saturating_add(1), total: number(total)? }
            }
            None => {
                let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
                let total =
                    length.ok_or_else(|| Failure::Malformed("content-length is missing".to_owned()))?;
                Self { from: 0, to: total, total }
            }
        };
        if range.total > MAX_BLOB_BYTES {
            return Err(Failure::TooLarge(MAX_BLOB_BYTES as usize));
        }
        if range.total == 0 || range.from >= range.to || range.to > range.total {
            return Err(bad());
        }
        Ok(range)
    }
}

/// `GET /v1/orders/{id}/photos/{digest}`: a photo of the order, or the thumbnail of one.
pub(crate) async fn photo(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let stored = find(&state, &signed, id_of(&id)?).await?;
    let none = Failure::NotFound("photo");
    let Ok(digest) = digest.parse::<Digest>() else { return Err(none) };
    let photos = || stored.order.visits.values().flat_map(|visit: &Visit| visit.photos.values());
    let bytes = if photos().any(|photo| photo.picture == digest) {
        let (store, org) = (state.blobs(), signed.org.clone());
        let reading = Arc::clone(&store);
        blocking(&*store, move || reading.read(&org, digest)).await?
    } else if photos().any(|photo| photo.thumbnail == Some(digest)) {
        state.storage().ink(signed.org.clone(), stored.id, digest).await?
    } else {
        None
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        // Named by its content: it never changes. It shows a home: no proxy keeps it.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        // The bytes are a phone's: a browser takes them for a picture or for nothing.
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, bytes.ok_or(none)?).into_response())
}

async fn blocking<T: Send + 'static>(
    store: &dyn BlobStore,
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    on_threads(store, work).await.map_err(failed)
}

fn failed(error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::InvalidInput => {
            Failure::Conflict("the upload is at another byte: ask what is missing")
        }
        // What came of it is kept: the phone asks again and goes on.
        std::io::ErrorKind::NotConnected => {
            tracing::error!(%error, "the photo store cannot be asked");
            Failure::Busy(Lane::Blob.again())
        }
        std::io::ErrorKind::FileTooLarge => {
            Failure::Malformed("more bytes than content-range says".to_owned())
        }
        _ => {
            tracing::error!(%error, "the photo store failed");
            Failure::Internal
        }
    }
}
