//! Errors: why a server does not start, and why a request is not done.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use doorstep_core::domain::refusal::Refusal;
use doorstep_core::journal::wire::ApiError;

use crate::storage::StorageError;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The data folder.
    #[error("the data folder {path} cannot be used: {source}")]
    Data {
        /// The folder.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A backup is being put back into the data folder, or that was interrupted.
    #[error("a backup was not put back to the end into {0}: run the same `restore` again")]
    HalfRestored(std::path::PathBuf),
    /// The address.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address.
        addr: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The figures.
    #[error("figures cannot be counted: {0}")]
    Metrics(String),
    /// The bucket of photos.
    #[error("photos cannot be kept there: {0}")]
    Photos(#[from] crate::blobs::BucketError),
    /// What is stored.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a request is not done. Answered as [`ApiError`], always JSON.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No token, or none that is good.
    #[error("sign in: the token is missing, unknown or over")]
    Unauthorized,
    /// Signed in, and not allowed.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// A protocol version this server does not speak.
    #[error("this server speaks protocol {known}, not {asked}", known = doorstep_core::journal::wire::PROTOCOL)]
    Protocol {
        /// The version asked for.
        asked: u16,
    },
    /// More than is taken in one request.
    #[error("the request is larger than {0} bytes")]
    TooLarge(usize),
    /// The body did not come in time.
    #[error("the body came too slowly: send it again")]
    TooSlow,
    /// Not what was expected.
    #[error("the request cannot be read: {0}")]
    Malformed(String),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// This address exists, for other methods.
    #[error("this address does not take this method")]
    Method,
    /// A rule said no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// It takes an order away from somebody at the door: it is done when it is asked for again, knowing that.
    #[error("{0} Send it again with `confirmed=true` if it is to be done all the same.")]
    NeedsConfirm(String),
    /// It is taken or used already.
    #[error("{0}")]
    Conflict(&'static str),
    /// The bytes of a photo are not those its name says. Nothing of them was kept.
    #[error("the SHA-256 of what came is another: nothing was kept")]
    WrongHash,
    /// Tried or asked too often.
    #[error("too many tries: wait {0} seconds")]
    TooMany(u64),
    /// Try again in so many seconds.
    #[error("the server is busy: try again in {0} seconds")]
    Busy(u64),
    /// A fault of the server. What exactly stands in its log.
    #[error("the server made a mistake; its log says which")]
    Internal,
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Busy => Self::Busy(1),
            StorageError::NoOrg(_) => Self::Unauthorized,
            StorageError::Unreadable { .. } | StorageError::Database(_) => {
                tracing::error!(%error, "storage failed");
                Self::Internal
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl Failure {
    /// The status and the stable word.
    #[must_use]
    pub fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Protocol { .. } => (StatusCode::BAD_REQUEST, "protocol"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow"),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "not_found"),
            Self::Refused(_) => (StatusCode::CONFLICT, "refused"),
            Self::NeedsConfirm(_) => (StatusCode::CONFLICT, "needs_confirm"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Self::WrongHash => (StatusCode::UNPROCESSABLE_ENTITY, "wrong_hash"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "busy"),
            Self::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, word) = self.code();
        let message = self.to_string();
        let wait = match &self {
            Self::TooMany(seconds) | Self::Busy(seconds) => Some(*seconds),
            _ => None,
        };
        let refusal = match self {
            Self::Refused(refusal) => Some(*refusal),
            _ => None,
        };
        let body = ApiError { error: word.to_owned(), message, refusal };
        let mut response = (status, axum::Json(body)).into_response();
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
