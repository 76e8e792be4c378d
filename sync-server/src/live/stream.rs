//! The body of one stream.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use doorstep_core::journal::live::Hint;
use hyper::body::Frame;

use super::hub::Ticket;
use super::seat::Say;

/// How long a browser waits before it listens again, milliseconds, at least; and how far listeners are spread, so that
/// they do not all come back in the same moment.
const RETRY_MS: u64 = 2_000;
const SPREAD_MS: u64 = 4_000;

/// Says where the org stands, then each change.
pub(super) struct Stream {
    ticket: Ticket,
    first: Option<Hint>,
}

impl Stream {
    pub(super) fn new(ticket: Ticket, now: Hint) -> Self {
        Self { ticket, first: Some(now) }
    }
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(now) = self.first.take() {
            let retry = RETRY_MS + self.ticket.id().wrapping_mul(2_654_435_761) % SPREAD_MS;
            return frame(format!("retry: {retry}\n{}", now.event()));
        }
        self.ticket.seat().poll(context).map(|say| {
            say.map(|say| match say {
                Say::Hint(hint) => Ok(Frame::data(hint.event().into())),
                Say::Beat => Ok(Frame::data(Bytes::from_static(b":\n\n"))),
            })
        })
    }
}

fn frame(text: String) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
    Poll::Ready(Some(Ok(Frame::data(text.into()))))
}
