//! Sync: a machine that says which request to make and takes the answer, and the driver that ships with it.

pub(crate) mod answer;
mod apply;
pub(crate) mod bootstrap;
mod echo;
mod http;
mod machine;
pub(crate) mod pace;
pub(crate) mod plan;
mod push;
pub(crate) mod rows;
#[cfg(test)]
mod tests;
pub mod transport;

pub use bootstrap::Loaded;
pub use http::{HttpTransport, Trust};
pub use machine::{Step, SyncMachine, SyncProgress, SyncReport};
pub use pace::Pace;
pub use plan::{Network, Plan, Why};
pub use transport::{Cancel, HttpRequest, HttpResponse, Transport, TransportError};

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

    /// Like [`Self::sync`], telling how far it is after every answer. When it is called off, also in the middle of a
    /// request, it gives the report of what was done, with `more` set; nothing is lost, and the next sync goes on.
    ///
    /// # Errors
    /// As [`Self::sync`].
    pub fn sync_watched(
        &self,
        transport: &dyn Transport,
        cancel: &Cancel,
        mut tell: impl FnMut(SyncProgress),
    ) -> Result<SyncReport> {
        let mut machine = self.sync_machine();
        tell(machine.progress()?);
        loop {
            match machine.next()? {
                Step::Request(request) => match transport.send_until(request, cancel) {
                    Err(TransportError::Cancelled) => {
                        return Ok(SyncReport { more: true, ..machine.report().clone() });
                    }
                    answer => machine.answer(answer)?,
                },
                Step::Done(report) => return Ok(report),
            }
            tell(machine.progress()?);
        }
    }

    /// The machine alone, for a driver of the platform's own.
    #[must_use]
    pub fn sync_machine(&self) -> SyncMachine {
        SyncMachine::new(self.clone())
    }
}
