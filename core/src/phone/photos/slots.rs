//! The slots for photos: what each checklist item asks for, with what was taken before and after side by side.

use rusqlite::{Connection, OptionalExtension as _};

use super::folder::{Folder, PhotoSize};
use super::table::{self, PhotoState};
use crate::domain::ids::{Digest, FactId, ItemId, OrderId};
use crate::domain::lang::Text;
use crate::domain::order::visit::{Photo, PhotoMoment};
use crate::domain::policy::{Phase, PhotoNeed};
use crate::phone::error::{PhoneError, Result};
use crate::phone::front::Phone;
use crate::phone::views;

/// The photos of a checklist item on the current visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhotoSlot {
    /// The item.
    pub item: ItemId,
    /// The item's label; empty for one the policy no longer has.
    pub label: Text,
    /// What it asks for.
    pub need: PhotoNeed,
    /// Nothing it asks for is missing (R84).
    pub is_complete: bool,
    /// Taken before the work, oldest first.
    pub before: Vec<PhotoShown>,
    /// Taken after it.
    pub after: Vec<PhotoShown>,
}

/// A photo as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhotoShown {
    /// The fact that recorded it.
    pub fact: FactId,
    /// SHA-256 of the photo.
    pub picture: Digest,
    /// A very small picture as JPEG; it came with the fact, whoever took the photo.
    pub thumbnail: Option<Vec<u8>>,
    /// How far it is; `None` for one that was not taken on this phone.
    pub state: Option<PhotoState>,
    /// Whether the picture for a screen is here: [`Phone::photo`] gives it.
    pub has_preview: bool,
    /// Whether the photo in full is here.
    pub has_full: bool,
}

impl Phone {
    /// The photos of the current visit, in the order of the checklists: what is asked for and what was taken.
    ///
    /// # Errors
    /// [`PhoneError::NotFound`] when the order is not on this phone; when the storage fails.
    pub fn photo_slots(&self, order: OrderId) -> Result<Vec<PhotoSlot>> {
        self.run(|store| {
            let folder = store.photos();
            let rulebook = store.rulebook()?;
            store.read(|conn| {
                let found = views::shown(conn, order)?;
                let (_, order, _) = found.ok_or_else(|| PhoneError::NotFound(format!("order {order}")))?;
                let visit = order.visits.get(&order.visit_number());
                let taken: Vec<(&FactId, &Photo)> = visit.iter().flat_map(|visit| &visit.photos).collect();
                let items = rulebook.policy.items(order.work_type());
                let mut slots: Vec<PhotoSlot> = items
                    .filter(|item| item.phase != Phase::Preparation && item.photo != PhotoNeed::None)
                    .map(|item| PhotoSlot::new(item.id.clone(), item.label.clone(), item.photo))
                    .collect();
                for (fact, photo) in taken {
                    let shown = shown(conn, folder, *fact, photo)?;
                    let at = slots.iter().position(|slot| slot.item == photo.item);
                    let slot = match at.and_then(|at| slots.get_mut(at)) {
                        Some(slot) => slot,
                        None => {
                            slots.push(PhotoSlot::new(photo.item.clone(), Text::default(), PhotoNeed::None));
                            let Some(slot) = slots.last_mut() else { continue };
                            slot
                        }
                    };
                    match photo.moment {
                        PhotoMoment::Before => slot.before.push(shown),
                        PhotoMoment::After => slot.after.push(shown),
                    }
                }
                slots.iter_mut().for_each(PhotoSlot::check);
                Ok(slots)
            })
        })
    }
}

impl PhotoSlot {
    fn new(item: ItemId, label: Text, need: PhotoNeed) -> Self {
        Self { item, label, need, is_complete: false, before: Vec::new(), after: Vec::new() }
    }

    fn check(&mut self) {
        self.is_complete = self.need.is_met(!self.before.is_empty(), !self.after.is_empty());
    }
}

fn shown(conn: &Connection, folder: &Folder, fact: FactId, photo: &Photo) -> Result<PhotoShown> {
    let thumbnail = match photo.thumbnail {
        Some(digest) => {
            let mut find = conn.prepare_cached("SELECT bytes FROM ink WHERE digest = ?1")?;
            find.query_row([digest.0], |row| row.get(0)).optional()?
        }
        None => None,
    };
    Ok(PhotoShown {
        fact,
        picture: photo.picture,
        thumbnail,
        state: table::state(conn, photo.picture)?,
        has_preview: folder.has(photo.picture, PhotoSize::Preview),
        has_full: folder.has(photo.picture, PhotoSize::Full),
    })
}
