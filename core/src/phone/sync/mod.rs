//! Sync: a machine that says which request to make and takes the answer, and the driver that ships with it.

pub(crate) mod answer;
mod apply;
mod echo;
mod http;
mod machine;
mod push;
pub(crate) mod rows;
#[cfg(test)]
mod tests;
pub mod transport;

pub use http::{HttpTransport, Trust};
pub use machine::{Step, SyncMachine, SyncReport};
pub use transport::{HttpRequest, HttpResponse, Transport, TransportError};

use super::error::Result;
use super::front::Phone;

impl Phone {
    /// Exchanges everything with the server: pushes what is unsent, pulls what is new. Call it as often as you like.
    ///
    /// # Errors
    /// [`PhoneError::Offline`](super::PhoneError::Offline), [`PhoneError::NotOurServer`](super::PhoneError::NotOurServer),
    /// [`PhoneError::SignInAgain`](super::PhoneError::SignInAgain) and others: what was exchanged before stays, nothing
    /// is lost, and the next call goes on from there.
    pub fn sync(&self, transport: &dyn Transport) -> Result<SyncReport> {
        let mut machine = self.sync_machine();
        loop {
            match machine.next()? {
                Step::Request(request) => machine.answer(transport.send(request))?,
                Step::Done(report) => return Ok(report),
            }
        }
    }

    /// The machine alone, for a driver of the platform's own.
    #[must_use]
    pub fn sync_machine(&self) -> SyncMachine {
        SyncMachine::new(self.clone())
    }
}
