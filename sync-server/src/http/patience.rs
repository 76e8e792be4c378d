//! Patience with bodies: one that comes too slowly is given up, so that nobody holds a connection and its memory for ever.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long a body may take whatever its size: a lift, a stairwell.
const GRACE: Duration = Duration::from_secs(60);
/// Bytes a second beyond that: less than the worst line a phone still calls one.
const SLOWEST: u64 = 512;

/// Why a body was given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub(crate) struct TooSlow;

/// A body that has until the end of the grace, and for each byte that came a little longer.
pub(crate) fn patient(body: Body) -> Body {
    Body::new(Patient::new(body, GRACE))
}

/// Whether this is why a body ended.
pub(crate) fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|error| error.is::<TooSlow>())
}

struct Patient {
    body: Body,
    /// Set when somebody first waits: most bodies are there with their headers.
    timer: Option<Pin<Box<Sleep>>>,
    until: Instant,
}

impl Patient {
    fn new(body: Body, grace: Duration) -> Self {
        Self { body, timer: None, until: Instant::now() + grace }
    }
}

impl HttpBody for Patient {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                let came = match &frame {
                    Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                    _ => 0,
                };
                self.until += Duration::from_millis(came as u64 * 1000 / SLOWEST);
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                let until = self.until;
                let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
                if timer.deadline() != until {
                    timer.as_mut().reset(until);
                }
                timer.as_mut().poll(context).map(|()| Some(Err(TooSlow.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn a_body_that_stops_coming_is_given_up_and_says_so() {
        let (give, take) = tokio::sync::mpsc::channel::<Bytes>(1);
        let body = Body::new(Coming(take));
        give.send(Bytes::from_static(b"a beginning")).await.unwrap();
        let mut patient = Patient::new(body, Duration::from_millis(20));
        let first = patient.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, b"a beginning".as_slice());
        let error = patient.frame().await.unwrap().unwrap_err();
        assert!(is_too_slow(&*error), "{error}");
        // What comes in time is not touched.
        let whole = patient_bytes(b"all of it at once").await;
        assert_eq!(whole, b"all of it at once".as_slice());
    }

    async fn patient_bytes(bytes: &'static [u8]) -> Bytes {
        patient(Body::from(bytes)).collect().await.unwrap().to_bytes()
    }

    #[test]
    fn it_is_found_among_the_causes() {
        let wrapped = axum::Error::new(TooSlow);
        assert!(is_too_slow(&wrapped));
        assert!(!is_too_slow(&axum::Error::new(std::io::Error::other("cut"))));
    }

    struct Coming(tokio::sync::mpsc::Receiver<Bytes>);

    impl HttpBody for Coming {
        type Data = Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
        }
    }
}
