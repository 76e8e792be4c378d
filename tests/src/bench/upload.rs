//! Photos over a line where three connections in ten are cut: whether all arrive, and what the cuts cost.

use std::net::SocketAddr;
use std::sync::Mutex;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::ItemId;
use doorstep_core::domain::order::visit::PhotoMoment;
use doorstep_core::phone::{HttpRequest, HttpResponse, PhoneError, SendPlan, Transport, TransportError};

use super::meter::Meter;
use super::{Figure, round};
use crate::camera::shoot;
use crate::dice::Dice;
use crate::office::{CHAN, Office};
use crate::phones::{Handset, line};
use crate::play::{self, Hand as _};
use crate::text;

const PHOTOS: u64 = 40;
/// More tries than any luck needs.
const MOST_TRIES: u32 = 400;

/// Every request on a connection of its own, through the metered line.
struct OneByOne {
    through: SocketAddr,
}

impl Transport for OneByOne {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        line().send(HttpRequest { server: format!("http://{}", self.through), ..request })
    }
}

/// `photo_upload_cut30`: bytes from the phone, with headers, for each byte of a photo. Floor: the photos' own bytes.
pub fn run() -> Figure {
    let office = Office::emerald_lake();
    let chan = Handset::enrol(&office, CHAN);
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(1)));
    play::arrive(&chan, id);
    chan.heal();
    let camera = tempfile::tempdir().expect("a folder");
    for number in 0..PHOTOS {
        let file = shoot(camera.path(), number, 1600, 60);
        chan.phone.take_photo(id, &ItemId::from("tidied"), PhotoMoment::After, &file).expect("a photo");
    }
    let bytes = chan.phone.photo_counts().expect("storage").waiting_bytes;
    let dice = Mutex::new((Dice(30), 0_u64, 0_u64));
    let mean = usize::try_from(bytes / PHOTOS).unwrap_or(1);
    let meter = Meter::deciding(office.addr, move || {
        let mut held = dice.lock().expect("the dice");
        let (dice, connections, cut) = &mut *held;
        *connections += 1;
        if dice.below(100) >= 30 {
            return (u64::MAX, u64::MAX);
        }
        *cut += 1;
        // Anywhere: in the head, in the photo, or when the photo is through and the answer is on its way.
        let at = dice.below(mean * 5 / 4) as u64;
        if dice.one_in(4) { (u64::MAX, at % 200) } else { (at, u64::MAX) }
    });
    let through = OneByOne { through: meter.addr };
    let plan = SendPlan { is_wifi: true, now: false };
    let (_, reading) = meter.of(|| {
        for _ in 0..MOST_TRIES {
            match chan.phone.send_photos(&through, plan) {
                Ok(_) => return,
                Err(PhoneError::Offline(_) | PhoneError::NotOurServer(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        panic!("photos do not arrive");
    });
    let counts = chan.phone.photo_counts().expect("storage");
    assert_eq!((counts.waiting, counts.verified, counts.lost), (0, PHOTOS, 0), "all arrive");
    let ratio = reading.up as f64 / bytes as f64;
    Figure {
        name: "photo_upload_cut30",
        value: round(reading.up as f64 / 1e6),
        unit: "MB up",
        floor: Some(round(bytes as f64 / 1e6)),
        ratio: Some((ratio * 1000.0).round() / 1000.0),
        requests: Some(reading.requests),
        bytes_up: Some(reading.up),
        bytes_down: Some(reading.down),
        rounds: 1,
        ..Figure::default()
    }
}
