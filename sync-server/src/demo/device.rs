//! A technician's device: a real phone on its own file, its walking clock, and its line to the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{ItemId, OrderId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::visit::PhotoMoment;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::{HttpTransport, Phone, PhoneConfig, PhoneError, SendPlan, SyncReport, Trust};

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
    /// Where its camera leaves a picture.
    camera: PathBuf,
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
        let camera = folder.join(format!("{}.camera.jpg", owner.code));
        Ok(Self { owner: owner.clone(), phone, clock, line, camera })
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

    /// A picture for a checklist item, from the camera's file.
    pub(super) fn photographs(
        &self,
        id: OrderId,
        item: &ItemId,
        moment: PhotoMoment,
        picture: &[u8],
    ) -> Result<(), DemoError> {
        self.clock.pass(TAP);
        std::fs::write(&self.camera, picture)?;
        let taken = self.phone.take_photo(id, item, moment, &self.camera);
        taken.map(|_| ()).map_err(|why| DemoError::Step { step: "take_photo", why })
    }

    /// Sends the photos, back on the firm's Wi-Fi; how many still wait.
    pub(super) fn send_photos(&self) -> Result<u64, DemoError> {
        self.phone.send_photos(&self.line, SendPlan { is_wifi: true, now: false })?;
        Ok(self.phone.photo_counts()?.waiting)
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
