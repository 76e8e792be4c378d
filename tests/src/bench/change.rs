//! The everyday syncs: one order changed here, one changed at the office, nothing at all.

use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::phone::Transport;
use rusqlite::Connection;

use super::bulk::pushed;
use super::load::{Load, Via, this_program};
use super::meter::Meter;
use super::process::Served;
use super::{Figure, floor, timed};
use crate::office::CHAN;
use crate::phones::{Handset, line};
use crate::play::Hand as _;
use crate::probe::client;

const TIMES: usize = 60;

/// Two phones of one person with everything on them, their server, and the bare server beside it.
struct Bench {
    _folder: tempfile::TempDir,
    load: Arc<Load>,
    served: Served,
    one: Handset,
    other: Handset,
    bare: Served,
    bare_db: Connection,
    http: reqwest::blocking::Client,
    turn: std::cell::Cell<u32>,
}

impl Bench {
    fn new(load: &Arc<Load>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = pushed(load, folder.path());
        let served = load.serve(&data);
        let one = Handset::open(&folder.path().join("pushing.db"), CHAN, Arc::new(line()));
        one.heal();
        let file = folder.path().join("other.db");
        load.empty_phone(&file);
        let other = Handset::open(&file, CHAN, Arc::new(line()));
        other.heal();
        let bare = Served::start(&this_program(), "--floor", &folder.path().join("floor"), None);
        let bare_db = floor::open(&folder.path().join("floor.db"));
        let http = client();
        Self {
            _folder: folder,
            load: Arc::clone(load),
            served,
            one,
            other,
            bare,
            bare_db,
            http,
            turn: std::cell::Cell::new(0),
        }
    }

    /// The first phone changes an order.
    fn change(&self) {
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        let id = self.load.ids[turn as usize * 7 % self.load.ids.len()];
        let to = format!("139{turn:08}");
        self.one.does(id, Command::EditField { field: SharedField::Phone, to });
    }

    fn post(&self, path: &str, body: Vec<u8>) -> Vec<u8> {
        let request = self.http.post(format!("{}{path}", self.bare.url())).body(body);
        request.send().expect("an answer").bytes().expect("a body").to_vec()
    }

    /// Stores what came, as a phone has to.
    fn keep(&self, body: &[u8]) {
        let mut insert =
            self.bare_db.prepare_cached("INSERT INTO item (body) VALUES (?1)").expect("an insert");
        insert.execute([body]).expect("a row");
    }

    /// Times one thing against its floor, then counts it once over a metered line.
    fn figure(
        &self,
        name: &'static str,
        prepare: impl Fn(),
        work: impl Fn(&dyn Transport),
        least: impl Fn(),
    ) -> Figure {
        let (mut value, mut floor) = (Vec::new(), Vec::new());
        let line = line();
        for time in 0..TIMES + 5 {
            prepare();
            let a = timed(|| work(&line)).1;
            let b = timed(&least).1;
            // The first connect and prepare.
            if time >= 5 {
                value.push(a);
                floor.push(b);
            }
        }
        let meter = Meter::to(self.served.addr);
        let via = Via::new(meter.url());
        prepare();
        let reading = meter.of(|| work(&via)).1;
        Figure {
            requests: Some(reading.requests),
            bytes_up: Some(reading.up),
            bytes_down: Some(reading.down),
            ..Figure::timed(name, &mut value, &mut floor)
        }
    }
}

/// `change_push`, `change_pull` and `noop`. The floors post bodies of the same size; what has to be stored is stored as
/// one row: at the server for a push, at the phone for its acknowledgement and for a pull.
pub fn run(load: &Arc<Load>, wanted: &dyn Fn(&str) -> bool) {
    let bench = Bench::new(load);
    let sync = |phone: &Handset, line: &dyn Transport| {
        phone.phone.sync(line).expect("a sync");
    };
    let body = vec![0x5a; 260];
    if wanted("change_push") {
        let least = || {
            let answer = bench.post("/put", body.clone());
            bench.keep(&answer);
        };
        bench.figure("change_push", || bench.change(), |line| sync(&bench.one, line), least).print();
    }
    if wanted("change_pull") {
        bench.other.heal();
        let state = vec![0x5a; 1_600];
        bench.post("/put", state);
        let least = || {
            let answer = bench.post("/latest", body[..60].to_vec());
            bench.keep(&answer);
        };
        let prepare = || {
            bench.change();
            bench.one.heal();
        };
        bench.figure("change_pull", prepare, |line| sync(&bench.other, line), least).print();
    }
    if wanted("noop") {
        bench.one.heal();
        let least = || {
            bench.post("/noop", body[..40].to_vec());
        };
        bench.figure("noop", || {}, |line| sync(&bench.one, line), least).print();
    }
}
