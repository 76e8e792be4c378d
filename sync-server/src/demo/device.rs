//! A technician's device: a real phone on its own file, its walking clock, and its line to the server.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::{HttpTransport, Phone, PhoneConfig, PhoneError, SyncReport, Trust};

use super::DemoError;
use super::clock::WalkingClock;
use crate::import::PersonRow;
use crate::office::OfficeError;

/// Seconds from one tap to the next.
const TAP: i64 = 20;

/// A device in somebody's hand.
pub(super) struct Device {
    pub(super) owner: PersonRow,
    pub(super) phone: Phone,
    pub(super) clock: Arc<WalkingClock>,
    line: HttpTransport,
}

/// What one sync of one device cost.
#[derive(Clone, Debug)]
pub(super) struct Cost {
    pub(super) name: String,
    pub(super) report: SyncReport,
    pub(super) ms: f64,
}

impl Device {
    /// Opens a phone in a folder and enrols it with the text of an enrolment code. It has not synced yet.
    pub(super) fn enrol(
        folder: &Path,
        owner: &PersonRow,
        qr_text: &str,
        now: Stamp,
    ) -> Result<Self, DemoError> {
        let clock = WalkingClock::at(now);
        let path = folder.join(format!("{}.db", owner.code));
        let phone = Phone::open(PhoneConfig { clock: clock.clone(), ..PhoneConfig::new(path, "demo") })?;
        let line = HttpTransport::new(Trust::Platform);
        phone.enrol(&line, qr_text)?;
        Ok(Self { owner: owner.clone(), phone, clock, line })
    }

    /// Syncs over HTTP.
    pub(super) fn sync(&self) -> Result<Cost, DemoError> {
        let began = Instant::now();
        let report = self.phone.sync(&self.line)?;
        Ok(Cost { name: self.owner.name.clone(), report, ms: began.elapsed().as_secs_f64() * 1000.0 })
    }

    /// A tap: decided, saved and shown, without network.
    pub(super) fn does(&self, id: OrderId, command: Command) -> Result<(), DemoError> {
        let step = command.kind().code();
        self.clock.pass(TAP);
        self.phone.record(id, command).map(|_| ()).map_err(|why| DemoError::Step { step, why })
    }

    pub(super) fn order(&self, id: OrderId) -> Result<Order, DemoError> {
        Ok(self.phone.order(id)?.order)
    }
}

/// What the procedure says no to is told and the day goes on; anything else stops the demo.
pub(super) fn told_no(done: Result<(), DemoError>) -> Result<Option<String>, DemoError> {
    match done {
        Ok(()) => Ok(None),
        Err(DemoError::Step { step, why: PhoneError::Refused(no) }) => Ok(Some(format!("{step}: {no}"))),
        Err(DemoError::Act { step, why: OfficeError::Refused(no) }) => Ok(Some(format!("{step}: {no}"))),
        Err(other) => Err(other),
    }
}
