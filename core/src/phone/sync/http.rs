//! The shipped transport: reqwest with rustls and ring. Connections are reused; trust is the app's explicit choice.

use std::sync::OnceLock;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Method};

use super::transport::{Cancel, HttpRequest, HttpResponse, Transport, TransportError};

const CONNECT: Duration = Duration::from_secs(10);
/// A first pull over a slow network takes a while; a dead connection shows by its silence.
const WHOLE: Duration = Duration::from_secs(120);

/// Whose certificates are trusted.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The platform's. On Android the platform verifier has to be initialised by the app first.
    Platform,
    /// These roots alone, as PEM.
    Roots(Vec<u8>),
}

/// HTTP over the network.
#[derive(Debug)]
pub struct HttpTransport {
    trust: Trust,
    plain: OnceLock<Client>,
    secure: OnceLock<Client>,
}

impl HttpTransport {
    /// A transport. Nothing is opened until the first request; plain `http` needs no trust and loads none.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self { trust, plain: OnceLock::new(), secure: OnceLock::new() }
    }

    fn client(&self, is_secure: bool) -> Result<&Client, TransportError> {
        let slot = if is_secure { &self.secure } else { &self.plain };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        // Whoever was first installed a provider; any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = match (&self.trust, is_secure) {
            (_, false) => builder().tls_certs_only([]),
            (Trust::Platform, true) => builder(),
            (Trust::Roots(pem), true) => {
                builder().tls_certs_only(Certificate::from_pem_bundle(pem).map_err(unusable)?)
            }
        };
        let client = builder.build().map_err(unusable)?;
        Ok(slot.get_or_init(|| client))
    }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .redirect(Policy::none())
        .tcp_nodelay(true)
        .no_proxy()
        .pool_idle_timeout(Duration::from_secs(90))
}

fn unusable(error: reqwest::Error) -> TransportError {
    TransportError::Unusable(with_causes(&error))
}

/// The whole chain of causes: the first alone says only that the request failed.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}

fn failed(error: reqwest::Error) -> TransportError {
    // The address is in the text; what a person typed or the token is not.
    let text = with_causes(&error);
    if error.is_timeout() {
        TransportError::Timeout
    } else if error.is_builder() {
        TransportError::Unusable(text)
    } else if text.contains("certificate") {
        TransportError::Untrusted(text)
    } else {
        TransportError::Unreachable(text)
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        send(self.client(is_secure(&request))?, request)
    }

    /// The request is made on a thread of its own. When it is called off that thread ends by itself, at the latest when
    /// the request's own time is over; nobody waits for it.
    fn send_until(&self, request: HttpRequest, cancel: &Cancel) -> Result<HttpResponse, TransportError> {
        const LOOK: Duration = Duration::from_millis(20);
        let client = self.client(is_secure(&request))?.clone();
        let (give, take) = std::sync::mpsc::sync_channel(1);
        let made = std::thread::Builder::new().name("doorstep-request".to_owned()).spawn(move || {
            let _ = give.send(send(&client, request));
        });
        made.map_err(|e| TransportError::Unusable(e.to_string()))?;
        loop {
            if cancel.is_set() {
                return Err(TransportError::Cancelled);
            }
            match take.recv_timeout(LOOK) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(TransportError::Unreachable(
                        "the request ended without an answer".to_owned(),
                    ));
                }
            }
        }
    }
}

fn is_secure(request: &HttpRequest) -> bool {
    request.server.starts_with("https:")
}

fn send(client: &Client, request: HttpRequest) -> Result<HttpResponse, TransportError> {
    let method =
        Method::from_bytes(request.method.as_bytes()).map_err(|e| TransportError::Unusable(e.to_string()))?;
    let mut building = client.request(method, format!("{}{}", request.server, request.path));
    for (name, value) in &request.headers {
        building = building.header(name, value);
    }
    let bytes_up = size_up(&request);
    let response = building.body(request.body).send().map_err(failed)?;
    let status = response.status();
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let body = response.bytes().map_err(failed)?.to_vec();
    let line = "HTTP/1.1 200 \r\n\r\n".len() + status.canonical_reason().unwrap_or_default().len();
    let bytes_down = (line + size(&headers) + body.len()) as u64;
    Ok(HttpResponse { status: status.as_u16(), headers, body, bytes_up, bytes_down })
}

fn size(headers: &[(String, String)]) -> usize {
    headers.iter().map(|(name, value)| name.len() + value.len() + ": \r\n".len()).sum()
}

/// What goes over the wire: the request's line, its headers, those the client adds, and the body.
fn size_up(request: &HttpRequest) -> u64 {
    let host = request.server.split_once("://").map_or("", |(_, host)| host);
    let line = format!("{} {} HTTP/1.1\r\nhost: {host}\r\n\r\n", request.method, request.path).len();
    let length = format!("content-length: {}\r\n", request.body.len()).len();
    let accept =
        if request.headers.iter().any(|(name, _)| name == "accept") { 0 } else { "accept: */*\r\n".len() };
    (line + length + accept + size(&request.headers) + request.body.len()) as u64
}
