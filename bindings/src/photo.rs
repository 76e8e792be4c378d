//! Photos: taken with their fact, shown in their slots, sent in a lane of their own.

use std::path::Path;
use std::sync::Arc;

use doorstep_core::domain::ids::ItemId;
use doorstep_core::phone::{PhoneError, PhotoCounts, PhotoShown, PhotoSize, PhotoSlot, SendPlan, SendReport};

use crate::cancel::{Cancel, Network};
use crate::failure::{DoorstepException, Result, guard};
use crate::front::DoorstepPhone;
use crate::ids::read;
use crate::words::{Language, PhotoMoment, PhotoNeed, PhotoState};

/// The photos of a checklist item on the current visit.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's PhotoSlot")]
pub struct PhotoSlotShown {
    pub item: String,
    pub label: String,
    pub need: PhotoNeed,
    pub is_complete: bool,
    pub before: Vec<PhotoRecord>,
    pub after: Vec<PhotoRecord>,
}

/// A photo as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's PhotoShown")]
pub struct PhotoRecord {
    pub fact: String,
    pub sha256: String,
    pub thumbnail: Option<Vec<u8>>,
    pub state: Option<PhotoState>,
    pub has_preview: bool,
    pub has_full: bool,
}

/// How many photos are how far.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's PhotoCounts")]
pub struct PhotosKept {
    pub waiting: u64,
    pub waiting_bytes: u64,
    pub verified: u64,
    pub safe: u64,
    pub lost: u64,
}

/// What a run of sending photos did.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's SendReport")]
pub struct PhotosSent {
    pub requests: u32,
    pub bytes_up: u64,
    pub verified: u64,
    pub left: u64,
    pub lost: u64,
    pub wait_for_wifi: u64,
}

#[uniffi::export]
impl DoorstepPhone {
    /// Makes a photo from a camera's file (JPEG or PNG) and records it for a checklist item; gives the entry's number.
    /// When this returns, photo and fact are on the disk, and the camera's file may be removed. `lang`: of the text when
    /// the file cannot be taken.
    /// `item` is a checklist item, or `stamp` for the stamp beside a resident's signature (R87).
    ///
    /// # Errors
    /// `BadInput` when the file cannot be taken, `Refused` with the rule, `StorageFull`. Nothing is kept then.
    pub fn take_photo(
        &self,
        order: String,
        item: String,
        moment: PhotoMoment,
        file: String,
        lang: Language,
    ) -> Result<u64> {
        guard(|| {
            let taken = self.phone.take_photo(read(&order)?, &ItemId(item), moment.into(), Path::new(&file));
            match taken {
                Err(PhoneError::Photo(why)) => Err(DoorstepException::bad(why.text(lang.into()))),
                other => Ok(other?.n),
            }
        })
    }

    /// The photos of the current visit by checklist item: what is asked for, and before and after side by side.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn photo_slots(&self, order: String, lang: Language) -> Result<Vec<PhotoSlotShown>> {
        guard(|| {
            let slots = self.phone.photo_slots(read(&order)?)?;
            Ok(slots.into_iter().map(|slot| slot_shown(slot, lang)).collect())
        })
    }

    /// A picture of a photo as JPEG, by the photo's `sha256`: in full, or smaller for a screen.
    ///
    /// # Errors
    /// `NotFound` when it is not on this phone.
    pub fn photo(&self, sha256: String, full: bool) -> Result<Vec<u8>> {
        guard(|| {
            let picture = sha256.parse().map_err(|_| DoorstepException::bad("not the name of a photo"))?;
            let size = if full { PhotoSize::Full } else { PhotoSize::Preview };
            Ok(self.phone.photo(picture, size)?)
        })
    }

    /// How many photos are how far.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn photos_kept(&self) -> Result<PhotosKept> {
        guard(|| {
            let PhotoCounts { waiting, waiting_bytes, verified, safe, lost } = self.phone.photo_counts()?;
            Ok(PhotosKept { waiting, waiting_bytes, verified, safe, lost })
        })
    }

    /// Sends photos, as far as the policy allows on this network; `now` overrules its wish for Wi-Fi. Uses the network;
    /// what was sent before an error stays sent, and the next call goes on there. `sync` never waits for it. A cancelled
    /// call gives `Offline`.
    ///
    /// # Errors
    /// `Offline`, `SignInAgain`.
    #[uniffi::method(default(now = false, cancel = None))]
    pub fn send_photos(&self, is_wifi: bool, now: bool, cancel: Option<Arc<Cancel>>) -> Result<PhotosSent> {
        guard(|| {
            let network = Network { transport: &self.transport, cancel: cancel.as_deref() };
            let report = self.phone.send_photos(&network, SendPlan { is_wifi, now })?;
            let SendReport { requests, bytes_up, verified, left, lost, wait_for_wifi } = report;
            Ok(PhotosSent { requests, bytes_up, verified, left, lost, wait_for_wifi })
        })
    }
}

fn slot_shown(slot: PhotoSlot, lang: Language) -> PhotoSlotShown {
    let PhotoSlot { item, label, need, is_complete, before, after } = slot;
    let all = |photos: Vec<PhotoShown>| photos.into_iter().map(photo_record).collect();
    PhotoSlotShown {
        item: item.0,
        label: label.get(lang.into()).to_owned(),
        need: need.into(),
        is_complete,
        before: all(before),
        after: all(after),
    }
}

fn photo_record(photo: PhotoShown) -> PhotoRecord {
    let PhotoShown { fact, picture, thumbnail, state, has_preview, has_full } = photo;
    PhotoRecord {
        fact: fact.to_string(),
        sha256: picture.to_string(),
        thumbnail,
        state: state.map(Into::into),
        has_preview,
        has_full,
    }
}
