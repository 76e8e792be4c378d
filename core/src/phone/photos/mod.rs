//! Photos on the phone: taken with their fact or not at all, shown in their slots, and sent in a lane of their own.

mod folder;
mod machine;
mod plan;
mod slots;
pub(crate) mod table;
#[cfg(test)]
pub(crate) mod tests;

use std::path::Path;

use rusqlite::{Connection, Transaction};

pub(crate) use self::folder::Folder;
pub use self::folder::PhotoSize;
pub use self::machine::{PhotoMachine, PhotoStep, SendReport};
pub use self::plan::SendPlan;
pub use self::slots::{PhotoShown, PhotoSlot};
pub use self::table::{PhotoCounts, PhotoState};

use super::error::{PhoneError, Result};
use super::front::Phone;
use super::media::{self, PhotoError, Prepared, Watermark};
use super::sync::Transport;
use super::views;
use super::write::Recorded;
use crate::domain::command::Command;
use crate::domain::ids::{Digest, ItemId, OrderId};
use crate::domain::order::signing::Ink;
use crate::domain::order::visit::PhotoMoment;
use crate::domain::policy::Photos;

impl Phone {
    /// Makes a photo from a camera's file and records it for a checklist item. When this returns, the photo and its fact
    /// are on the disk; the camera's file may be removed.
    ///
    /// # Errors
    /// [`PhoneError::Photo`](super::PhoneError::Photo) when the file cannot be taken; [`PhoneError::Refused`](super::PhoneError::Refused) with the rule;
    /// [`PhoneError::StorageFull`](super::PhoneError::StorageFull) and others. Nothing is kept then.
    pub fn take_photo(
        &self,
        order: OrderId,
        item: &ItemId,
        moment: PhotoMoment,
        file: &Path,
    ) -> Result<Recorded> {
        let photo = self.prepare(order, file)?;
        let folder = self.run(|store| Ok(store.photos().clone()))?;
        let kept = folder.keep(&photo);
        let command = Command::TakePhoto {
            item: item.clone(),
            moment,
            picture: photo.digest,
            thumbnail: Some(Ink::from_bytes(photo.thumbnail)),
        };
        let bytes = photo.full.len() as u64;
        let recorded = kept.and_then(|()| {
            self.record_with(order, command, |tx| table::add(tx, photo.digest, order.as_bytes(), bytes))
        });
        if recorded.is_err() {
            // The same picture may have been recorded before: that one's files stay.
            let known = self.run(|store| store.read(|conn| table::state(conn, photo.digest)));
            if known == Ok(None) {
                folder.discard(photo.digest);
            }
        }
        recorded
    }

    /// A picture of a photo, as JPEG.
    ///
    /// # Errors
    /// [`PhoneError::NotFound`] when it is not on this phone.
    pub fn photo(&self, picture: Digest, size: PhotoSize) -> Result<Vec<u8>> {
        let found = self.run(|store| store.photos().read(picture, size))?;
        found.ok_or_else(|| PhoneError::NotFound(format!("photo {picture}")))
    }

    /// How many photos are how far.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn photo_counts(&self) -> Result<PhotoCounts> {
        self.run(|store| store.read(table::counts))
    }

    /// Sends photos as far as the plan and the policy allow. Facts never wait for it: [`Self::sync`] is another lane.
    ///
    /// # Errors
    /// As [`Self::sync`]. What was sent before stays sent, also the begun half of a photo; the next call goes on there.
    pub fn send_photos(&self, transport: &dyn Transport, plan: SendPlan) -> Result<SendReport> {
        let mut machine = self.photo_machine(plan);
        loop {
            match machine.next()? {
                PhotoStep::Request(request) => machine.answer(transport.send(request))?,
                PhotoStep::Done(report) => return Ok(report),
            }
        }
    }

    /// The machine alone, for a driver of the platform's own.
    #[must_use]
    pub fn photo_machine(&self, plan: SendPlan) -> PhotoMachine {
        PhotoMachine::new(self.clone(), plan)
    }

    fn prepare(&self, order: OrderId, file: &Path) -> Result<Prepared> {
        let rulebook = self.run(|store| store.rulebook())?;
        let policy = &rulebook.policy.photos;
        if !policy.watermark {
            return Ok(media::from_path(file, policy, None)?);
        }
        let font = self.watermark_font().ok_or_else(|| PhotoError::Font("the app gave none".to_owned()))?;
        let text = self.mark(order)?;
        Ok(media::from_path(file, policy, Some(&Watermark { text: &text, font }))?)
    }

    /// The order's number, or while it has none the first part of its id, and the time here.
    fn mark(&self, order: OrderId) -> Result<String> {
        let found = self.run(|store| store.read(|conn| views::shown(conn, order)))?;
        let number = found.and_then(|(_, order, _)| order.number);
        let id = order.to_string();
        let name = number.as_deref().or(id.get(..8)).unwrap_or_default();
        Ok(format!("{name} {}", self.clock().now().minute_text()))
    }
}

/// Removes files a lost power line left without a fact.
pub(crate) fn sweep(conn: &Connection, folder: &Folder) -> Result<()> {
    folder.sweep(|digest| Ok(table::state(conn, digest)?.is_some()))
}

/// Takes the photos found beside a fresh file as ones to send: the file that knew them is gone.
pub(crate) fn adopt(tx: &Transaction<'_>, folder: &Folder) -> Result<()> {
    for (digest, bytes) in folder.photos()? {
        table::add(tx, digest, &[], bytes)?;
    }
    Ok(())
}

/// When photos verified before then may leave, in UTC milliseconds.
fn leave_before(policy: &Photos, now_ms: i64) -> i64 {
    now_ms.saturating_sub(i64::from(policy.keep_days) * 24 * 60 * 60 * 1000)
}
