//! Photos from the camera to the office: through lines that break anywhere, phones that restart and disks that fill up.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{Digest, ItemId, OrderId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::visit::PhotoMoment;
use doorstep_core::journal::blobs::BLOB_CHUNK_BYTES;
use doorstep_core::phone::{
    HttpRequest, HttpResponse, PhoneError, PhotoState, SendPlan, Transport, TransportError,
};
use doorstep_tests::camera::shoot;
use doorstep_tests::cut::{Cut, CuttingTransport};
use doorstep_tests::full::{MARK, SmallDisk};
use doorstep_tests::office::{CHAN, Office};
use doorstep_tests::phones::{Handset, line};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;

pub(super) const WIFI: SendPlan = SendPlan { is_wifi: true, now: false };

/// A phone on site, everything but its photos synced.
pub(super) fn on_site(office: &Office) -> (Handset, OrderId) {
    let chan = Handset::enrol(office, CHAN);
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(1)));
    play::arrive(&chan, id);
    chan.heal();
    (chan, id)
}

pub(super) fn take(chan: &Handset, id: OrderId, number: u64) -> Digest {
    let camera = tempfile::tempdir().unwrap();
    let file = shoot(camera.path(), number, 96, 40);
    let item = ItemId::from("tidied");
    let pictures = |order: Order| -> BTreeSet<Digest> {
        let photos = order.visits.into_values().flat_map(|visit| visit.photos.into_values());
        photos.map(|photo| photo.picture).collect()
    };
    let before = pictures(chan.detail(id).order);
    let after = pictures(chan.phone.take_photo(id, &item, PhotoMoment::After, &file).unwrap().order);
    *after.difference(&before).next().expect("a picture that was not there")
}

pub(super) fn state(chan: &Handset, id: OrderId, picture: Digest) -> Option<PhotoState> {
    let slots = chan.phone.photo_slots(id).unwrap();
    let mut shown = slots.iter().flat_map(|slot| slot.before.iter().chain(&slot.after));
    shown.find(|photo| photo.picture == picture).unwrap().state
}

/// Every photo the server has, each with the SHA-256 its name says.
pub(super) fn arrived(office: &Office) -> Vec<Digest> {
    let store = office.state().blobs();
    let photos = store.photos().unwrap().into_iter().filter(|photo| photo.org == office.org);
    let mut found: Vec<Digest> = photos.map(|photo| photo.digest).collect();
    for digest in &found {
        assert_eq!(Digest::of(&store.read(&office.org, *digest).unwrap().unwrap()), *digest);
    }
    found.sort_unstable();
    found
}

#[test]
fn photos_survive_every_cut_at_every_request_and_a_restart_after_each() {
    let office = Office::emerald_lake();
    let (mut chan, id) = on_site(&office);
    let mut taken = vec![take(&chan, id, 1), take(&chan, id, 2)];
    let whole = CuttingTransport::new([]);
    let report = chan.phone.send_photos(&whole, WIFI).unwrap();
    assert_eq!((whole.requests(), report.verified), (3, 2), "one question, then each photo in one request");
    let mut number = 2;
    for at in 0..3 {
        for cut in Cut::ALL {
            taken.extend([take(&chan, id, number + 1), take(&chan, id, number + 2)]);
            number += 2;
            let line = CuttingTransport::new([(at, cut)]);
            let mut tries = 0;
            while let Err(why) = chan.phone.send_photos(&line, WIFI) {
                assert!(
                    matches!(why, PhoneError::Offline(_) | PhoneError::NotOurServer(_)),
                    "{cut:?} at {at}: {why}"
                );
                chan.reopen();
                tries += 1;
                assert!(tries < 3, "{cut:?} at {at} does not heal: {why}");
            }
            assert_eq!(chan.phone.photo_counts().unwrap().waiting, 0, "{cut:?} at {at}");
        }
    }
    taken.sort_unstable();
    assert_eq!(arrived(&office), taken);
    chan.heal();
    chan.check_against(&office);
}

/// Lets a part of a request's body through and breaks.
pub(super) struct Half;

impl Transport for Half {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        use std::io::Write as _;
        if request.method == "POST" {
            return line().send(request);
        }
        let host = request.server.trim_start_matches("http://");
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        let mut head = format!("PUT {} HTTP/1.1\r\nhost: {host}\r\n", request.path);
        for (name, value) in &request.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", request.body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&request.body[..request.body.len() / 2]).unwrap();
        Err(TransportError::Unreachable("connection reset".to_owned()))
    }
}

#[test]
fn a_photo_goes_on_from_the_byte_where_it_was_cut_also_after_a_restart_of_both() {
    let mut office = Office::emerald_lake();
    let (mut chan, id) = on_site(&office);
    let picture = take(&chan, id, 1);
    assert_eq!(state(&chan, id, picture), Some(PhotoState::Kept));
    let bytes = chan.phone.photo_counts().unwrap().waiting_bytes;
    assert!(matches!(chan.phone.send_photos(&Half, WIFI), Err(PhoneError::Offline(_))));
    assert_eq!(state(&chan, id, picture), Some(PhotoState::Sending));
    chan.reopen();
    office.stop();
    office.start();
    let report = chan.phone.send_photos(&line(), WIFI).unwrap();
    assert_eq!((report.verified, report.bytes_up), (1, bytes - bytes / 2), "the other half alone");
    assert_eq!(state(&chan, id, picture), Some(PhotoState::Verified));
    assert_eq!(arrived(&office), [picture]);
}

#[test]
fn a_photo_that_came_whole_before_the_server_died_is_not_taken_for_lost() {
    let mut office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let picture = take(&chan, id, 1);
    office.stop();
    // It died between the last byte and the look at all of them.
    let bytes = fs::read(format!("{}.photos/{picture}.jpg", chan.path.display())).unwrap();
    let parts = office.data.join("blobs/emerald-lake/parts");
    fs::create_dir_all(&parts).unwrap();
    fs::write(parts.join(format!("{}-{picture}", chan.device())), &bytes).unwrap();
    office.start();
    let report = chan.phone.send_photos(&line(), WIFI).unwrap();
    assert_eq!((report.lost, report.verified, report.bytes_up), (0, 1, bytes.len() as u64));
    assert_eq!((state(&chan, id, picture), arrived(&office)), (Some(PhotoState::Verified), vec![picture]));
}

#[test]
fn text_never_waits_for_photos_and_photos_wait_for_wifi() {
    let office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let picture = take(&chan, id, 1);
    let report = chan.phone.send_photos(&line(), SendPlan::default()).unwrap();
    assert_eq!((report.requests, report.wait_for_wifi), (0, 1), "the policy wants Wi-Fi");
    // The store cannot take photos at all: entries go up all the same (I28), with the thumbnail beside the fact.
    let folder = office.data.join("blobs");
    fs::write(&folder, b"not a folder").unwrap();
    assert!(matches!(chan.phone.send_photos(&line(), WIFI), Err(PhoneError::Offline(_))));
    chan.heal();
    let photo = office.order(id).visits[&1].photos.values().next_back().cloned().unwrap();
    assert_eq!(photo.picture, picture);
    let thumbnail = office.ink(id, photo.thumbnail.unwrap()).unwrap();
    assert!(thumbnail.starts_with(b"\xff\xd8") && thumbnail.len() < 12 * 1024);
    fs::remove_file(&folder).unwrap();
    let by_hand = SendPlan { is_wifi: false, now: true };
    assert_eq!(chan.phone.send_photos(&line(), by_hand).unwrap().verified, 1);
    // A colleague's phone sees the thumbnail, and no file.
    let again = chan.phone.send_photos(&line(), WIFI).unwrap();
    assert_eq!(again.requests, 0, "nothing is left to say");
}

#[test]
fn a_photo_leaves_the_phone_when_the_policy_allows_and_the_server_still_has_it() {
    let office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let (first, second) = (take(&chan, id, 1), take(&chan, id, 2));
    chan.phone.send_photos(&line(), WIFI).unwrap();
    chan.clock.set(text::at("2026-12-08T10:00"));
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().left, 0, "not two weeks yet");
    // Meanwhile the server loses one, as after a restore.
    let name = second.to_string();
    let lost = office.data.join("blobs/emerald-lake").join(&name[..2]).join(&name);
    fs::remove_file(&lost).unwrap();
    chan.clock.set(text::at("2026-12-10T10:00"));
    let report = chan.phone.send_photos(&line(), WIFI).unwrap();
    assert_eq!((report.left, report.verified), (1, 1), "one leaves, the other is sent again");
    assert_eq!(
        (state(&chan, id, first), state(&chan, id, second)),
        (Some(PhotoState::Safe), Some(PhotoState::Verified))
    );
    let slots = chan.phone.photo_slots(id).unwrap();
    let shown: Vec<_> = slots.iter().flat_map(|slot| &slot.after).collect();
    assert!(shown.iter().all(|photo| photo.has_preview), "a preview stays");
    assert_eq!(shown.iter().filter(|photo| photo.has_full).count(), 1);
    assert!(lost.is_file());
}

#[test]
fn a_restored_server_gets_photos_again() {
    let mut office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let picture = take(&chan, id, 1);
    chan.phone.send_photos(&line(), WIFI).unwrap();
    chan.heal();
    office.stop();
    fs::remove_dir_all(office.data.join("blobs")).unwrap();
    office.start();
    office.was_restored();
    chan.heal();
    assert_eq!(state(&chan, id, picture), Some(PhotoState::Kept));
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().verified, 1);
    assert_eq!(arrived(&office), [picture]);
}

#[test]
fn a_file_that_changed_or_is_gone_is_said_to_be_lost() {
    let office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let (changed, gone, good) = (take(&chan, id, 1), take(&chan, id, 2), take(&chan, id, 3));
    let file = |digest: Digest| format!("{}.photos/{digest}.jpg", chan.path.display());
    let mut bytes = fs::read(file(changed)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file(changed), bytes).unwrap();
    fs::remove_file(file(gone)).unwrap();
    let report = chan.phone.send_photos(&line(), WIFI).unwrap();
    assert_eq!((report.lost, report.verified), (2, 1), "{report:?}");
    assert_eq!(arrived(&office), [good], "and the server keeps nothing of the wrong bytes");
    assert_eq!(chan.phone.photo_counts().unwrap().lost, 2);
}

#[test]
fn a_large_photo_goes_up_in_parts() {
    let office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let camera = tempfile::tempdir().unwrap();
    // Noise alone: nothing a camera sees is as large at this size.
    let file = shoot(camera.path(), 7, 1600, 255);
    chan.phone.take_photo(id, &ItemId::from("tidied"), PhotoMoment::After, &file).unwrap();
    let bytes = chan.phone.photo_counts().unwrap().waiting_bytes;
    let parts = bytes.div_ceil(BLOB_CHUNK_BYTES);
    let report = chan.phone.send_photos(&line(), WIFI).unwrap();
    assert_eq!((u64::from(report.requests), report.verified, report.bytes_up), (1 + parts, 1, bytes));
}

#[test]
fn a_full_disk_keeps_photo_and_fact_or_neither() {
    let office = Office::emerald_lake();
    let disk = SmallDisk::take();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{MARK}.db"));
    let chan = Handset::open(&path, CHAN, Arc::new(line()));
    chan.phone.enrol(&line(), &office.qr(CHAN)).unwrap();
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(1)));
    play::arrive(&chan, id);
    chan.heal();
    let photos = Path::new(&format!("{}.photos", path.display())).to_owned();
    let mut refused = 0;
    for writes in 0..60 {
        let file = shoot(folder.path(), writes, 64, 20);
        let files = || fs::read_dir(&photos).map_or(0, Iterator::count);
        let (before, known) = (chan.journal().len(), files());
        disk.holds(i64::try_from(writes).unwrap());
        let taken = chan.phone.take_photo(id, &ItemId::from("tidied"), PhotoMoment::After, &file);
        disk.frees();
        let more = match taken {
            Ok(_) => 1,
            Err(PhoneError::StorageFull) => {
                refused += 1;
                0
            }
            Err(other) => panic!("after {writes} writes: {other}"),
        };
        assert_eq!(
            (chan.journal().len(), files()),
            (before + more, known + 2 * more),
            "after {writes} writes"
        );
    }
    assert!((1..60).contains(&refused), "{refused} of 60 did not fit");
    chan.check();
}
