//! Photos on the phone: file and fact together or neither, and nothing removed that the server does not have.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::*;
use crate::domain::ids::{Digest, FactId};
use crate::domain::lang::Lang;
use crate::domain::order::visit::ItemValue;
use crate::domain::policy::{Phase, PhotoNeed};
use crate::phone::tests::fixture::{Fixture, enrolled};
use crate::phone::tests::reads::booked;
use crate::phone::{Phone, PhoneError};
use crate::sheet::{Copy, Layout, PaperKind};

/// A camera's file.
fn camera(fixture: &Fixture, name: &str, light: u8) -> PathBuf {
    let path = fixture.folder.path().join(name);
    let mut out = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut out, 90);
    encoder.encode(&vec![light; 400 * 300 * 3], 400, 300, jpeg_encoder::ColorType::Rgb).unwrap();
    fs::write(&path, out).unwrap();
    path
}

/// An order whose technician is on site.
fn on_site(fixture: &Fixture) -> OrderId {
    let id = booked(fixture, "3-1502", "2026-11-25T15:00:00+08:00", "2026-11-25T16:00:00+08:00");
    fixture.clock.set("2026-11-25T14:30:00+08:00");
    for item in fixture.phone.rulebook().unwrap().policy.items("plumbing") {
        if item.phase == Phase::Preparation {
            let value =
                [ItemValue::Done, ItemValue::Yes].into_iter().find(|value| item.takes(value)).unwrap();
            let command = Command::AnswerItem { item: item.id.clone(), value, remark: String::new() };
            fixture.phone.record(id, command).unwrap();
        }
    }
    fixture.phone.record(id, Command::SetOut).unwrap();
    fixture.phone.record(id, Command::Arrive).unwrap();
    id
}

fn files(fixture: &Fixture) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = match fs::read_dir(format!("{}.photos", fixture.path().display())) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    files.sort();
    files
}

#[test]
fn a_photo_is_in_its_slot_with_its_file_and_its_thumbnail() {
    let fixture = enrolled();
    let id = on_site(&fixture);
    let slots = fixture.phone.photo_slots(id).unwrap();
    let asked = slots.iter().find(|slot| slot.need == PhotoNeed::Paired).unwrap().clone();
    assert!(!asked.is_complete && !asked.label.en.is_empty());
    let camera_file = camera(&fixture, "IMG_1.jpg", 90);
    let recorded = fixture.phone.take_photo(id, &asked.item, PhotoMoment::Before, &camera_file).unwrap();
    fs::remove_file(camera_file).unwrap();
    let half = fixture.phone.photo_slots(id).unwrap().into_iter().find(|s| s.item == asked.item).unwrap();
    assert!(!half.is_complete && half.before.len() == 1 && half.after.is_empty(), "half a pair");
    let second = camera(&fixture, "IMG_2.jpg", 200);
    fixture.phone.take_photo(id, &asked.item, PhotoMoment::After, &second).unwrap();
    let whole = fixture.phone.photo_slots(id).unwrap().into_iter().find(|s| s.item == asked.item).unwrap();
    assert!(whole.is_complete);
    let shown = &whole.before[0];
    assert_eq!(shown.fact, FactId(recorded.entry, 0));
    assert_eq!(shown.state, Some(PhotoState::Kept));
    let full = fixture.phone.photo(shown.picture, PhotoSize::Full).unwrap();
    assert_eq!((Digest::of(&full), shown.has_full, shown.has_preview), (shown.picture, true, true));
    assert!(fixture.phone.photo(shown.picture, PhotoSize::Preview).unwrap().starts_with(b"\xff\xd8"));
    assert!(shown.thumbnail.as_ref().unwrap().starts_with(b"\xff\xd8"));
    let other = fixture.phone.photo(Digest::of(b"another"), PhotoSize::Full);
    assert!(matches!(other, Err(PhoneError::NotFound(_))));
    let (kind, copy, layout) = (PaperKind::Service, Copy::Resident, Layout::A4);
    let sheet = fixture.phone.sheet(id, kind, copy, Lang::ZhHant, layout).unwrap();
    assert_eq!(sheet.matches("data:image/jpeg").count(), 2, "the pair stands on the sheet");
    let counts = fixture.phone.photo_counts().unwrap();
    assert_eq!((counts.waiting, counts.verified), (2, 0));
    assert!(counts.waiting_bytes > 1000);
}

#[test]
fn what_is_refused_leaves_nothing() {
    let fixture = enrolled();
    let id = on_site(&fixture);
    let waiting = fixture.phone.status().unwrap().waiting;
    let take = |item: &str, path: &Path| {
        fixture.phone.take_photo(id, &ItemId::from(item), PhotoMoment::Before, path)
    };
    let good = camera(&fixture, "IMG_1.jpg", 90);
    assert!(matches!(take("no such item", &good), Err(PhoneError::Refused(_))));
    let text = fixture.folder.path().join("notes.jpg");
    fs::write(&text, "not a picture").unwrap();
    assert_eq!(take("tidied", &text), Err(PhoneError::Photo(PhotoError::NotAPicture)));
    assert!(matches!(
        take("tidied", Path::new("/nowhere")),
        Err(PhoneError::Photo(PhotoError::Unreadable(_)))
    ));
    assert_eq!(files(&fixture), Vec::<PathBuf>::new());
    assert_eq!(fixture.phone.status().unwrap().waiting, waiting);
    // The same picture taken before keeps its files when it is refused elsewhere.
    take("tidied", &good).unwrap();
    assert!(take("no such item", &good).is_err());
    assert_eq!(files(&fixture).len(), 2);
}

#[test]
#[cfg(unix)]
fn a_full_disk_keeps_neither_file_nor_fact() {
    let fixture = enrolled();
    let id = on_site(&fixture);
    let good = camera(&fixture, "IMG_1.jpg", 90);
    let photo =
        media::from_path(&good, &fixture.phone.run(|s| s.rulebook()).unwrap().policy.photos, None).unwrap();
    // The file about to be written leads to a device without room.
    let part = PathBuf::from(format!("{}.photos/{}.jpg.part", fixture.path().display(), photo.digest));
    fs::create_dir_all(part.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let take = || fixture.phone.take_photo(id, &ItemId::from("tidied"), PhotoMoment::Before, &good);
    assert_eq!(take(), Err(PhoneError::StorageFull));
    assert_eq!(files(&fixture), Vec::<PathBuf>::new());
    assert_eq!(fixture.phone.photo_counts().unwrap(), PhotoCounts::default());
    take().unwrap();
}

#[test]
fn a_plug_pulled_between_file_and_fact_leaves_an_orphan_that_is_swept() {
    let mut fixture = enrolled();
    let id = on_site(&fixture);
    fixture
        .phone
        .take_photo(id, &ItemId::from("tidied"), PhotoMoment::After, &camera(&fixture, "1", 40))
        .unwrap();
    let known = files(&fixture);
    // What `take_photo` does before its transaction, and no further.
    let photo = fixture.phone.prepare(id, &camera(&fixture, "2", 50)).unwrap();
    let folder = fixture.phone.run(|store| Ok(store.photos().clone())).unwrap();
    folder.keep(&photo).unwrap();
    fs::write(format!("{}.photos/{}.jpg.part", fixture.path().display(), photo.digest), b"half").unwrap();
    assert_eq!(files(&fixture).len(), known.len() + 3);
    fixture.reopen();
    assert_eq!(files(&fixture).len(), known.len() + 3, "another process may be about to record them");
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    for path in files(&fixture) {
        File::options().append(true).open(path).unwrap().set_modified(long_ago).unwrap();
    }
    fixture.reopen();
    assert_eq!(files(&fixture), known);
}

#[test]
fn photos_outlive_a_lost_file() {
    let fixture = enrolled();
    let id = on_site(&fixture);
    fixture
        .phone
        .take_photo(id, &ItemId::from("tidied"), PhotoMoment::After, &camera(&fixture, "1", 40))
        .unwrap();
    let known = files(&fixture);
    fixture.phone.close();
    fs::write(fixture.path(), b"torn").unwrap();
    let phone = Phone::open(fixture.config()).unwrap();
    assert!(phone.open_report().damage.is_some());
    assert_eq!(files(&fixture), known);
    assert_eq!(phone.photo_counts().unwrap().waiting, 1, "it is still to be sent");
}

#[test]
fn only_a_verified_photo_may_leave() {
    let fixture = enrolled();
    let id = on_site(&fixture);
    fixture
        .phone
        .take_photo(id, &ItemId::from("tidied"), PhotoMoment::After, &camera(&fixture, "1", 40))
        .unwrap();
    let to = |state: i64| {
        fixture.phone.run(|store| store.write(|tx, _| Ok(tx.execute("UPDATE blob SET state = ?1", [state])?)))
    };
    assert!(to(3).is_err(), "kept is not verified");
    to(2).unwrap();
    to(3).unwrap();
    let delete = fixture.phone.run(|store| store.write(|tx, _| Ok(tx.execute("DELETE FROM blob", [])?)));
    assert!(delete.is_err());
}

/// Takes a photo on a new order; gives its name.
#[cfg(feature = "sqlcipher")]
pub(crate) fn photographed(fixture: &Fixture) -> Digest {
    let id = on_site(fixture);
    let file = camera(fixture, "IMG_9.jpg", 70);
    fixture.phone.take_photo(id, &ItemId::from("tidied"), PhotoMoment::After, &file).unwrap();
    let slots = fixture.phone.photo_slots(id).unwrap();
    slots.iter().find_map(|slot| slot.after.first()).unwrap().picture
}
