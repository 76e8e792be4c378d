//! Lines that break: at every request boundary, in every way a line, a gateway or a hotel's sign-in page breaks it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use doorstep_core::phone::{HttpRequest, HttpResponse, HttpTransport, Transport, TransportError};

use crate::phones::line;

/// A way to break one request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cut {
    /// Nothing reaches the server.
    Before,
    /// The server does it; the answer is lost.
    After,
    /// The server does it; the answer does not come in time.
    AfterTimeout,
    /// Half of the answer arrives, as if it were whole.
    Half,
    /// The answer arrives with its last byte changed.
    Flipped,
    /// A sign-in page answers in the server's place.
    Portal,
    /// A redirect to one.
    Redirect,
    /// Noise that bears the server's mark.
    Noise,
    /// A gateway says that it has nobody behind it.
    Gateway,
    /// The server does it, and the gateway says it failed.
    AfterGateway,
    /// Everything arrives, late.
    Slow,
}

impl Cut {
    pub const ALL: [Self; 11] = [
        Self::Before,
        Self::After,
        Self::AfterTimeout,
        Self::Half,
        Self::Flipped,
        Self::Portal,
        Self::Redirect,
        Self::Noise,
        Self::Gateway,
        Self::AfterGateway,
        Self::Slow,
    ];
}

/// A line that breaks at chosen requests, counted from 0.
pub struct CuttingTransport {
    inner: HttpTransport,
    cuts: Mutex<BTreeMap<usize, Cut>>,
    sent: AtomicUsize,
}

impl CuttingTransport {
    pub fn new(cuts: impl IntoIterator<Item = (usize, Cut)>) -> Self {
        let cuts = Mutex::new(cuts.into_iter().collect());
        Self { inner: line(), cuts, sent: AtomicUsize::new(0) }
    }

    /// How many requests were tried.
    pub fn requests(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }
}

fn page(status: u16, headers: &[(&str, &str)], body: &[u8]) -> HttpResponse {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    HttpResponse { status, headers, body: body.to_vec(), ..HttpResponse::default() }
}

impl Transport for CuttingTransport {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let at = self.sent.fetch_add(1, Ordering::SeqCst);
        let cut = self.cuts.lock().unwrap_or_else(PoisonError::into_inner).get(&at).copied();
        let Some(cut) = cut else { return self.inner.send(request) };
        let lost = |why: &str| Err(TransportError::Unreachable(why.to_owned()));
        match cut {
            Cut::Before => lost("no network"),
            Cut::After => {
                self.inner.send(request)?;
                lost("connection reset")
            }
            Cut::AfterTimeout => {
                self.inner.send(request)?;
                Err(TransportError::Timeout)
            }
            Cut::Half => {
                let mut answer = self.inner.send(request)?;
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            Cut::Flipped => {
                let mut answer = self.inner.send(request)?;
                // A broken frame: what comes behind the change cannot be read as what it was.
                if let Some(first) = answer.body.first_mut() {
                    *first ^= 0x80;
                }
                Ok(answer)
            }
            Cut::Portal => Ok(page(
                200,
                &[("content-type", "text/html")],
                b"<html><body>Welcome! Please sign in.</body></html>",
            )),
            Cut::Redirect => Ok(page(302, &[("location", "http://portal.invalid/")], b"")),
            Cut::Noise => Ok(page(200, &[("doorstep", "1")], &[0x9f, 0x13, 0x37, 0x00, 0xff])),
            Cut::Gateway => Ok(page(502, &[("content-type", "text/html")], b"<html>Bad gateway</html>")),
            Cut::AfterGateway => {
                self.inner.send(request)?;
                Ok(page(504, &[], b"gateway timeout"))
            }
            Cut::Slow => {
                std::thread::sleep(Duration::from_millis(40));
                let answer = self.inner.send(request);
                std::thread::sleep(Duration::from_millis(40));
                answer
            }
        }
    }
}
