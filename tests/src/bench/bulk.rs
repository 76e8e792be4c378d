//! Ten thousand orders up, and down onto a fresh phone.

use std::path::Path;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::order::intake::SharedField;
use serde_bytes::ByteBuf;

use super::load::{Load, Via, Watched, this_program};
use super::meter::{Meter, Reading};
use super::process::Served;
use super::{Figure, ROUNDS, floor, median, timed};
use crate::office::CHAN;
use crate::phones::{Handset, line};
use crate::play::Hand as _;
use crate::probe::client;

fn measured(figure: Figure, reading: Reading, peak: Option<f64>) -> Figure {
    Figure {
        requests: Some(reading.requests),
        bytes_up: Some(reading.up),
        bytes_down: Some(reading.down),
        peak_rss_mb: peak.map(super::round),
        ..figure
    }
}

/// `push_10k`: one sync of a phone that holds everything. Floor: the same entries' bytes in one zstd request, each
/// inserted as a row in one transaction.
pub fn push(load: &Load) -> Figure {
    let (mut value, mut least, mut waited, mut peak) = (Vec::new(), Vec::new(), Vec::new(), 0.0_f64);
    let mut reading = Reading::default();
    for round in 0..=ROUNDS {
        let folder = tempfile::tempdir().expect("a folder");
        let (data, file) = (folder.path().join("server"), folder.path().join("phone.db"));
        load.server(&data);
        load.full_phone(&file);
        let served = load.serve(&data);
        let phone = Handset::open(&file, CHAN, Arc::new(line()));
        if round == ROUNDS {
            // Counted on a line of its own, not timed.
            let meter = Meter::to(served.addr);
            let via = Via::new(meter.url());
            reading = meter.of(|| phone.phone.sync(&via).expect("a push")).1;
            check(&phone);
            break;
        }
        let line = Watched::new();
        value.push(timed(|| phone.phone.sync(&line).expect("a push")).1);
        waited.push(line.waited_ms());
        check(&phone);
        peak = peak.max(served.peak_rss_mb().unwrap_or(0.0));
        let entries: Vec<ByteBuf> = phone.journal().into_iter().map(|e| ByteBuf::from(e.bytes)).collect();
        drop(served);

        let bare = Served::start(&this_program(), "--floor", &folder.path().join("floor"), None);
        let http = client();
        // A connection and a first request, as the phone's server has answered nothing either: both sides connect anew.
        least.push(
            timed(|| {
                let body = floor::pack(&entries, 1);
                let answer = http.post(format!("{}/push", bare.url())).body(body).send().expect("an answer");
                assert!(answer.status().is_success());
                answer.bytes().expect("a body");
            })
            .1,
        );
    }
    let figure = Figure::timed("push_10k", &mut value, &mut least);
    let waited_ms = Some(super::round(median(&mut waited)));
    measured(Figure { waited_ms, ..figure }, reading, Some(peak))
}

fn check(phone: &Handset) {
    let status = phone.phone.status().expect("storage");
    assert_eq!((status.waiting, status.parked), (0, 0), "everything was taken");
}

/// `pull_10k`: the first sync of a fresh phone. Floor: the same states and ink read from SQLite, sent as one zstd answer
/// and inserted as rows in one transaction.
pub fn pull(load: &Load) -> Figure {
    let folder = tempfile::tempdir().expect("a folder");
    let data = pushed(load, folder.path());
    let served = load.serve(&data);
    let items = rows(&data);
    let bare = Served::start(&this_program(), "--floor", &folder.path().join("floor"), None);
    let http = client();
    let body = floor::pack(&items, 1);
    http.post(format!("{}/push", bare.url())).body(body).send().expect("an answer");

    let (mut value, mut least, mut waited) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let file = folder.path().join(format!("phone-{round}.db"));
        load.empty_phone(&file);
        let phone = Handset::open(&file, CHAN, Arc::new(line()));
        let line = Watched::new();
        value.push(timed(|| phone.phone.sync(&line).expect("a pull")).1);
        waited.push(line.waited_ms());
        assert_eq!(phone.base().len(), super::load::ORDERS);
        let conn = floor::open(&folder.path().join(format!("floor-{round}.db")));
        let http = client();
        least.push(
            timed(|| {
                let answer = http.post(format!("{}/pull", bare.url())).send().expect("an answer");
                floor::insert_all(&conn, &floor::unpack(&answer.bytes().expect("a body")));
            })
            .1,
        );
    }
    let file = folder.path().join("phone-metered.db");
    load.empty_phone(&file);
    let phone = Handset::open(&file, CHAN, Arc::new(line()));
    let meter = Meter::to(served.addr);
    let via = Via::new(meter.url());
    let reading = meter.of(|| phone.phone.sync(&via).expect("a pull")).1;
    let peak = served.peak_rss_mb();
    let figure = Figure::timed("pull_10k", &mut value, &mut least);
    let waited_ms = Some(super::round(median(&mut waited)));
    measured(Figure { waited_ms, ..figure }, reading, peak)
}

/// `apply_10k`: ten thousand orders that a colleague changed, onto a phone that has them. Floor: as [`pull`]'s.
pub fn apply(load: &Load) -> Figure {
    let folder = tempfile::tempdir().expect("a folder");
    let data = pushed(load, folder.path());
    let served = load.serve(&data);
    let open = |name: &str| Handset::open(&folder.path().join(name), CHAN, Arc::new(line()));
    let one = open("pushing.db");
    load.empty_phone(&folder.path().join("other.db"));
    let other = open("other.db");
    let bare = Served::start(&this_program(), "--floor", &folder.path().join("floor"), None);
    let http = client();
    http.post(format!("{}/push", bare.url())).body(floor::pack(&rows(&data), 1)).send().expect("an answer");
    other.heal();
    let (mut value, mut least, mut waited) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for (at, id) in load.ids.iter().enumerate() {
            let to = format!("13{round}{at:08}");
            one.does(*id, Command::EditField { field: SharedField::Phone, to });
        }
        one.heal();
        let line = Watched::new();
        let (report, ms) = timed(|| other.phone.sync(&line).expect("a pull"));
        assert_eq!(report.orders_changed as usize, load.ids.len());
        value.push(ms);
        waited.push(line.waited_ms());
        let conn = floor::open(&folder.path().join(format!("floor-{round}.db")));
        let take = || {
            let answer = http.post(format!("{}/pull", bare.url())).send().expect("an answer");
            floor::insert_all(&conn, &floor::unpack(&answer.bytes().expect("a body")));
        };
        least.push(timed(take).1);
    }
    let peak = served.peak_rss_mb().map(super::round);
    let figure = Figure::timed("apply_10k", &mut value, &mut least);
    Figure { waited_ms: Some(super::round(median(&mut waited))), peak_rss_mb: peak, ..figure }
}

/// A server's folder after the push.
pub fn pushed(load: &Load, folder: &Path) -> std::path::PathBuf {
    let (data, file) = (folder.join("server"), folder.join("pushing.db"));
    load.server(&data);
    load.full_phone(&file);
    let served = load.serve(&data);
    let phone = Handset::open(&file, CHAN, Arc::new(line()));
    phone.heal();
    phone.phone.close();
    drop(served);
    data
}

/// What a fresh phone of that server gets: states and ink.
fn rows(data: &Path) -> Vec<ByteBuf> {
    let conn =
        rusqlite::Connection::open(data.join(doorstep_server::storage::sqlite::FILE)).expect("a database");
    let mut items = Vec::new();
    for sql in [r#"SELECT state FROM "order" WHERE technician = 'W101'"#, "SELECT bytes FROM ink"] {
        let mut find = conn.prepare(sql).expect("a select");
        let found = find.query_map([], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
        items.extend(found.map(|row| ByteBuf::from(row.expect("a row"))));
    }
    assert_eq!(items.len(), super::load::ORDERS + super::load::ORDERS / super::load::SIGNED_EVERY);
    items
}
