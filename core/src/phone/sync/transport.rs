//! What carries requests: the platform's own, the shipped one, or a test's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::phone::error::PhoneError;

/// A request to make.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HttpRequest {
    /// The server: scheme, host and port, no slash at the end.
    pub server: String,
    /// The method.
    pub method: &'static str,
    /// The path, from its slash.
    pub path: String,
    /// Header names, in small letters, and values. The token is among them: never log them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body, as it was sent: not decompressed.
    pub body: Vec<u8>,
    /// Bytes that went up for it, with the request's line and headers; 0 when the transport does not count.
    pub bytes_up: u64,
    /// Bytes that came down, with the status line and headers; 0 when the transport does not count.
    pub bytes_down: u64,
}

impl HttpResponse {
    /// A header's value, by its name in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Why nothing came back.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TransportError {
    /// The server cannot be reached.
    #[error("{0}")]
    Unreachable(String),
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
    /// The server could not prove who it is.
    #[error("the connection is not trusted: {0}")]
    Untrusted(String),
    /// The request cannot be made at all: a bad address or setting.
    #[error("{0}")]
    Unusable(String),
    /// Somebody does not want to wait for it any more.
    #[error("called off")]
    Cancelled,
}

impl From<TransportError> for PhoneError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Untrusted(why) => Self::NotOurServer(why),
            TransportError::Unusable(why) => Self::BadInput(why),
            other => Self::Offline(other.to_string()),
        }
    }
}

/// Makes one request and waits for the answer. A redirect is an answer, not to be followed.
pub trait Transport: Send + Sync {
    /// Makes the request.
    ///
    /// # Errors
    /// When no answer came.
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;

    /// Makes the request, and gives up waiting when it is called off. What the server does with it meanwhile is known by
    /// the next request. One that cannot be called off once it is made is made only if it was not called off before.
    ///
    /// # Errors
    /// [`TransportError::Cancelled`]; when no answer came.
    fn send_until(&self, request: HttpRequest, cancel: &Cancel) -> Result<HttpResponse, TransportError> {
        if cancel.is_set() { Err(TransportError::Cancelled) } else { self.send(request) }
    }
}

/// Calls off what is under way, from any thread. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Calls it off.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it was called off.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
