//! Giving up what uses the network: the call returns at once, and an answer that still comes is let go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use doorstep_core::phone::{HttpRequest, HttpResponse, HttpTransport, Transport, TransportError};

/// Gives up calls that use the network. One can be given to several calls; once cancelled it stays so.
#[derive(Default, uniffi::Object)]
pub struct Cancel {
    is_cancelled: AtomicBool,
    /// Those who wait for an answer, to be woken.
    waiting: Mutex<Vec<Arc<Answer>>>,
}

#[uniffi::export]
impl Cancel {
    /// One that is not cancelled yet.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Cancels. What was exchanged before stays; whatever was recorded is kept. Never waits.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        for answer in self.waiting().drain(..) {
            answer.give(None);
        }
    }

    /// Whether it was.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }
}

impl Cancel {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Answer>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place an answer is put into: first come, first kept.
#[derive(Default)]
struct Answer {
    /// `Some(None)`: nobody waits for it any more.
    given: Mutex<Option<Option<Sent>>>,
    wake: Condvar,
}

type Sent = Result<HttpResponse, TransportError>;

impl Answer {
    fn give(&self, sent: Option<Sent>) {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.get_or_insert(sent);
        drop(given);
        self.wake.notify_all();
    }

    fn wait(&self) -> Option<Sent> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match given.take() {
                Some(sent) => return sent,
                None => given = self.wake.wait(given).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// The network as one call sees it, with what cancels that call.
pub(crate) struct Network<'a> {
    pub(crate) transport: &'a Arc<HttpTransport>,
    pub(crate) cancel: Option<&'a Cancel>,
}

impl Network<'_> {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(Cancel::is_cancelled)
    }
}

impl Transport for Network<'_> {
    /// A lost answer is harmless, so the thread that waits for it is left to itself.
    fn send(&self, request: HttpRequest) -> Sent {
        let Some(cancel) = self.cancel else { return self.transport.send(request) };
        let answer = Arc::new(Answer::default());
        cancel.waiting().push(answer.clone());
        // Looked at after it can be woken, or a cancel in between would be missed.
        if cancel.is_cancelled() {
            return Err(cancelled());
        }
        let (transport, place) = (self.transport.clone(), answer.clone());
        let begun = thread::Builder::new()
            .name("doorstep-request".to_owned())
            .spawn(move || place.give(Some(transport.send(request))));
        begun.map_err(|why| TransportError::Unreachable(format!("no thread for a request: {why}")))?;
        let sent = answer.wait();
        cancel.waiting().retain(|waiting| !Arc::ptr_eq(waiting, &answer));
        sent.unwrap_or_else(|| Err(cancelled()))
    }
}

fn cancelled() -> TransportError {
    TransportError::Unreachable("cancelled".to_owned())
}
