//! A visit of sixty facts: what it costs on the wire, and how many of them a second one firm may hand in.

use std::cell::{Cell, RefCell};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::domain::order::signing::{Capacity, Signed};
use doorstep_core::domain::policy::Phase;
use doorstep_core::domain::seal::ink::Stroke;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::{PROTOCOL, SyncRequest};
use doorstep_core::journal::{Entry, packing};

use super::crowd::{Crowd, at_once};
use super::load::Via;
use super::meter::Meter;
use super::{Figure, ROUNDS, median, round};
use crate::dice::Dice;
use crate::office::{CHAN, DESK, Office};
use crate::phones::Handset;
use crate::play::{self, Hand};
use crate::text;

/// How many facts a visit states.
const FACTS: usize = 60;
/// How many of them a paid repair as it is played has.
const PLAYED: usize = 34;
/// zstd's last level, with what both sides have.
const HARDEST: i32 = 22;
static DICTIONARY: &[u8] = include_bytes!("../../../core/src/journal/dictionary/1.zdict");
/// Phones of one firm that hand in a visit each at the same moment.
const PHONES: usize = 50;

/// A hand as people have them: each tap takes its time, and a signature has some 110 points.
struct Person<'a> {
    hand: &'a dyn Hand,
    dice: RefCell<Dice>,
    now: Cell<Stamp>,
}

impl<'a> Person<'a> {
    fn new(hand: &'a dyn Hand, number: usize) -> Self {
        let dice = RefCell::new(Dice(number as u64));
        Self { hand, dice, now: Cell::new(text::at("2026-11-25T08:30")) }
    }
}

impl Hand for Person<'_> {
    fn order(&self, id: OrderId) -> Order {
        self.hand.order(id)
    }
    fn rulebook(&self) -> Rulebook {
        self.hand.rulebook()
    }
    fn clock(&self, now: Stamp) {
        self.now.set(now);
        self.hand.clock(now);
    }
    fn tries(&self, id: OrderId, command: Command) -> Result<(), String> {
        let took = 2_000 + self.dice.borrow_mut().below(20_000);
        let now = self.now.get();
        self.clock(Stamp::new(now.utc_ms + took as i64, now.offset_min));
        self.hand.tries(id, command)
    }
    fn sign(&self, id: OrderId, paper: &Paper, name: &str, capacity: Capacity, _: &[Stroke]) -> Signed {
        let number = self.dice.borrow_mut().below(usize::MAX) as u64;
        self.hand.sign(id, paper, name, capacity, &super::load::name(number))
    }
}

/// A paid repair from the call to the copy, with readings taken again and a note now and then: [`FACTS`] facts.
fn visit(hand: &dyn Hand, id: OrderId, number: usize) {
    let hand = &Person::new(hand, number);
    play::arrive(hand, id);
    play::look(hand, id);
    let rulebook = hand.rulebook();
    let before: Vec<_> =
        rulebook.policy.items("plumbing").filter(|item| item.phase == Phase::Before).collect();
    for number in 0..FACTS - PLAYED {
        if number % 5 == 0 {
            hand.does(id, Command::AddNote { text: text::intake(number).fault });
            continue;
        }
        let item = before[number % before.len()];
        let remark = format!("水壓 0.{number} MPa");
        hand.does(id, Command::AnswerItem { item: item.id.clone(), value: play::good(item), remark });
    }
    play::quote(hand, id);
    play::answer_quote(hand, id, true);
    play::work(hand, id);
    play::pay_and_sign(hand, id);
}

fn facts(journal: &[Entry]) -> usize {
    journal.iter().map(|entry| entry.facts.len()).sum()
}

/// The body of a request with these entries.
fn body(entries: &[Entry]) -> Vec<u8> {
    let mut request = SyncRequest {
        protocol: PROTOCOL,
        epoch: 1,
        cursor: 400,
        first: 1,
        entries: entries.iter().map(|entry| Exact(entry.encode().expect("an entry"))).collect(),
        ..SyncRequest::default()
    };
    request.arrange();
    cbor4ii::serde::to_vec(Vec::new(), &request).expect("CBOR")
}

/// An order of the register that the office gave to the technician.
fn given(office: &Office) -> OrderId {
    let orders = office.orders();
    let found = orders.iter().find(|stored| stored.order.work_type() == "plumbing");
    let id = found.expect("one for a plumber").id;
    office.does(DESK, id, Command::Accept { materials: "請備好購買憑證".to_owned() });
    let assignment = Assignment { technician: CHAN.into(), helpers: Vec::new() };
    office.does(DESK, id, Command::Assign(assignment));
    id
}

/// `visit_60_bytes`: the request that hands in a visit of sixty facts, in bytes, without what is content-addressed: strokes
/// and thumbnails. Floor: the same request packed as hard as zstd can with the same dictionary. `bytes_up` is the whole sync
/// with four signatures' strokes, on the wire.
pub fn bytes() -> Figure {
    let office = Office::emerald_lake();
    let phone = Handset::enrol(&office, CHAN);
    let id = given(&office);
    phone.heal();
    visit(&phone, id, 7);
    let read = || -> Vec<Entry> {
        phone.journal().iter().map(|written| Entry::decode(&written.bytes).expect("mine")).collect()
    };
    let entries = read();
    assert_eq!(facts(&entries), FACTS);
    let without_ink: Vec<Entry> =
        entries.iter().map(|entry| Entry { inks: Vec::new(), ..entry.clone() }).collect();
    let plain = body(&without_ink);
    let mut packer = zstd::bulk::Compressor::with_dictionary(HARDEST, DICTIONARY).expect("a packer");
    let hardest = packer.compress(&plain).expect("packed").len() as f64;
    eprintln!(
        "visit: {} entries of {FACTS} facts; {} bytes, packed {hardest} at best",
        entries.len(),
        plain.len()
    );
    let (sent, encoding) = packing::pack(plain).expect("packed");
    assert_eq!(encoding, Some(packing::WITH_DICTIONARY), "a visit is small enough for the dictionary");
    let meter = Meter::to(office.addr);
    let via = Via::new(meter.url());
    let reading = meter.of(|| phone.phone.sync(&via).expect("a push")).1;
    phone.check_against(&office);
    let value = sent.len() as f64;
    Figure {
        name: "visit_60_bytes",
        value,
        unit: "B",
        floor: Some(hardest),
        ratio: Some(round(value / hardest)),
        requests: Some(reading.requests),
        bytes_up: Some(reading.up),
        bytes_down: Some(reading.down),
        rounds: 1,
        ..Figure::default()
    }
}

/// `org_pushes_60`: pushes of a whole visit that one firm's server judges, stores and answers in a second, from fifty phones
/// at once.
pub fn pushes() -> Figure {
    let crowd = Crowd::gather(PHONES);
    let mut lines = crowd.lines();
    let mut rates = Vec::new();
    for time in 0..ROUNDS + 4 {
        let mut pushed = Vec::new();
        for (at, probe) in crowd.probes.iter().enumerate() {
            let id = OrderId::new();
            probe.does(id, Command::Register(text::intake(time * PHONES + at)));
            visit(probe, id, time * PHONES + at);
            pushed.push(super::crowd::request(probe));
        }
        let (answers, ms) = at_once(&mut lines, &pushed);
        for (probe, answer) in crowd.probes.iter().zip(&answers) {
            let answer = super::crowd::read(answer);
            assert_eq!((answer.verdicts.len(), answer.echoes.len()), (0, 1), "all of it was applied");
            probe.take(&answer);
        }
        if time > 0 {
            rates.push(PHONES as f64 / (ms / 1000.0));
        }
    }
    Figure {
        name: "org_pushes_60",
        value: round(median(&mut rates)),
        unit: "pushes/s",
        requests: Some(PHONES as u64),
        peak_rss_mb: crowd.served.peak_rss_mb().map(round),
        rounds: rates.len(),
        ..Figure::default()
    }
}
