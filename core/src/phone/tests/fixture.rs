//! What the tests share: a clock that is set, a phone on a real file, and answers as the wire types say them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use uuid::Uuid;

use crate::domain::command::Command;
use crate::domain::fact::Fact;
use crate::domain::ids::{DeviceId, EntryId, OrderId, OrgId, PersonId};
use crate::domain::order::Order;
use crate::domain::order::intake::Intake;
use crate::domain::person::Role;
use crate::domain::time::Stamp;
use crate::journal::bytes::State;
use crate::journal::packing;
use crate::journal::wire::{
    ChainAnswer, Echo, EnrolRequest, EnrolResponse, ParkReason, Row, SyncRequest, SyncResponse, Verdict,
    echo_check,
};
use crate::journal::{ChainHash, Entry};
use crate::phone::{Clock, HttpRequest, HttpResponse, Phone, PhoneConfig, Transport, TransportError};

pub(crate) const ORG: &str = "harbour";
pub(crate) const ME: &str = "T01";
pub(crate) const CODE: &str = "doorstep:http://127.0.0.1:9#harbour.7K2M9QXA";

/// A clock that stands still until it is set.
pub(crate) struct TestClock(pub(crate) Mutex<Stamp>);

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Stamp::parse("2026-11-24T09:00:00+08:00").unwrap())))
    }

    pub(crate) fn set(&self, text: &str) {
        *self.0.lock().unwrap() = Stamp::parse(text).unwrap();
    }
}

impl Clock for TestClock {
    fn now(&self) -> Stamp {
        *self.0.lock().unwrap()
    }
    fn mono_ms(&self) -> u64 {
        1
    }
    fn boot(&self) -> Option<Uuid> {
        Some(Uuid::from_u128(7))
    }
}

/// A phone in a folder of its own.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) phone: Phone,
}

impl Fixture {
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("phone.db")
    }

    pub(crate) fn config(&self) -> PhoneConfig {
        config(self.path(), &self.clock)
    }

    /// Closes the phone and opens it again.
    pub(crate) fn reopen(&mut self) {
        self.phone.close();
        self.phone = Phone::open(self.config()).unwrap();
    }

    pub(crate) fn register(&self, unit: &str) -> OrderId {
        let id = self.phone.new_order_id();
        self.phone.record(id, Command::Register(intake(unit))).unwrap();
        id
    }

    pub(crate) fn note(&self, id: OrderId, text: &str) {
        self.phone.record(id, Command::AddNote { text: text.to_owned() }).unwrap();
    }
}

fn config(path: PathBuf, clock: &Arc<TestClock>) -> PhoneConfig {
    PhoneConfig { clock: clock.clone(), ..PhoneConfig::new(path, "1.0") }
}

/// A phone that was never enrolled.
pub(crate) fn fresh() -> Fixture {
    let folder = TempDir::new().unwrap();
    let clock = TestClock::new();
    let phone = Phone::open(config(folder.path().join("phone.db"), &clock)).unwrap();
    Fixture { folder, clock, phone }
}

/// A phone enrolled for technician `ME`.
pub(crate) fn enrolled() -> Fixture {
    let fixture = fresh();
    fixture.phone.enrol(&Answers::default(), CODE).unwrap();
    fixture
}

pub(crate) fn intake(unit: &str) -> Intake {
    Intake {
        unit: unit.to_owned(),
        resident: "陳美玲".to_owned(),
        phone: "+852 9123-4567".to_owned(),
        fault: "冷氣漏水".to_owned(),
        symptom: "水滴到牀上".to_owned(),
        work_type: "plumbing".to_owned(),
        ..Intake::default()
    }
}

/// An order as the office registered and assigned it.
pub(crate) fn office_order(unit: &str, number: u64) -> Order {
    let mut order = Order::default();
    let entry = office_entry(
        OrderId::new(),
        vec![
            Fact::Registered(intake(unit)),
            Fact::RequestAccepted(String::new()),
            Fact::Assigned(crate::domain::order::intake::Assignment {
                technician: PersonId::from(ME),
                helpers: vec![],
            }),
            Fact::Numbered(format!("WO-{number:06}")),
        ],
    );
    entry.fold_into(&mut order, &OrgId::from(ORG), None);
    order
}

pub(crate) fn office_entry(order: OrderId, facts: Vec<Fact>) -> Entry {
    Entry {
        id: EntryId::new(),
        n: 0,
        seen: 0,
        order,
        visit: 0,
        actor: crate::domain::person::Actor { person: PersonId::from("F01"), role: Role::FrontDesk },
        at: Stamp::parse("2026-11-24T08:00:00+08:00").unwrap(),
        mono_ms: 0,
        boot: None,
        skew_ms: None,
        app: String::new(),
        facts,
        inks: vec![],
    }
}

/// What the next answer does beside what the protocol says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Odd {
    /// The answer is lost after it was acted on.
    pub(crate) lost: bool,
    /// Echoes carry a wrong check.
    pub(crate) wrong_echo: bool,
    /// Rows instead of echoes.
    pub(crate) rows_only: bool,
    /// Every entry of the push is parked.
    pub(crate) park: bool,
    /// Only this many entries are taken.
    pub(crate) take: Option<usize>,
    /// The bodies of rows cannot be read.
    pub(crate) garbled: bool,
}

#[derive(Default)]
pub(crate) struct Book {
    pub(crate) epoch: u64,
    pub(crate) seq: u64,
    pub(crate) orders: BTreeMap<OrderId, (Order, u64)>,
    pub(crate) gone: BTreeSet<OrderId>,
    /// What each device pushed: bytes by number from 1.
    pub(crate) journals: BTreeMap<DeviceId, Vec<Vec<u8>>>,
    pub(crate) known: BTreeSet<EntryId>,
    /// The device that registered last: whose token comes.
    pub(crate) device: Option<DeviceId>,
    pub(crate) odd: Odd,
    /// The firm's public rescue key, given at enrolment.
    pub(crate) rescue: Option<String>,
    pub(crate) requests: Vec<SyncRequest>,
    numbers: u64,
}

/// Answers made by hand from the wire types: folds what is pushed, and can be told to say something odd.
#[derive(Default)]
pub(crate) struct Answers(pub(crate) Mutex<Book>);

impl Answers {
    pub(crate) fn odd(&self, odd: Odd) {
        self.0.lock().unwrap().odd = odd;
    }

    pub(crate) fn put(&self, id: OrderId, order: Order) {
        let mut book = self.0.lock().unwrap();
        book.seq += 1;
        let seq = book.seq;
        book.gone.remove(&id);
        book.orders.insert(id, (order, seq));
    }

    pub(crate) fn take_away(&self, id: OrderId) {
        self.0.lock().unwrap().gone.insert(id);
    }

    pub(crate) fn state(&self, id: OrderId) -> Option<Order> {
        self.0.lock().unwrap().orders.get(&id).map(|(order, _)| order.clone())
    }
}

pub(crate) fn marked(status: u16, body: Vec<u8>) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("doorstep".to_owned(), "1".to_owned())],
        body,
        ..HttpResponse::default()
    }
}

/// Reads a sync request as it was sent.
pub(crate) fn read_request(request: &HttpRequest) -> SyncRequest {
    let encoding = request.headers.iter().find(|(name, _)| name == "content-encoding");
    let body = match encoding {
        Some((_, encoding)) => packing::unpack(encoding, &request.body, usize::MAX / 2).unwrap(),
        None => request.body.clone(),
    };
    let mut asked: SyncRequest = cbor4ii::serde::from_slice(&body).unwrap();
    asked.entries = asked.take_entries().unwrap();
    asked
}

impl Transport for Answers {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut book = self.0.lock().unwrap();
        if request.path == "/v1/enrol" || request.path == "/v1/incarnation" {
            let asked: EnrolRequest = serde_json::from_slice(&request.body).unwrap();
            book.device = Some(asked.device);
            let given = EnrolResponse {
                token: format!("token-{}", asked.device),
                org: OrgId::from(ORG),
                person: PersonId::from(ME),
                role: Role::Technician,
                rescue: book.rescue.clone(),
            };
            return Ok(marked(200, serde_json::to_vec(&given).unwrap()));
        }
        let asked = read_request(&request);
        book.requests.push(asked.clone());
        let answer = book.answer(&asked);
        let odd = std::mem::take(&mut book.odd);
        if odd.lost {
            return Err(TransportError::Timeout);
        }
        Ok(marked(200, cbor4ii::serde::to_vec(Vec::new(), &answer).unwrap()))
    }
}

impl Book {
    fn answer(&mut self, asked: &SyncRequest) -> SyncResponse {
        let cursor = if asked.epoch == self.epoch { asked.cursor } else { 0 };
        let mut answer = SyncResponse { epoch: self.epoch, now_ms: 1, ..Default::default() };
        let mut touched: BTreeMap<OrderId, (u64, Option<String>)> = BTreeMap::new();
        let mut odd_orders = BTreeSet::new();
        self.push(asked, &mut answer, &mut touched, &mut odd_orders);
        answer.seq = self.seq;
        for (id, (order, seq)) in &self.orders {
            let had = touched.get(id).is_none_or(|(_, number)| number.is_some()) || cursor > 0;
            if self.gone.contains(id) {
                answer.gone.push(*id);
            } else if let Some((n, number)) = touched.get(id).filter(|_| had && !self.odd.rows_only)
                && !odd_orders.contains(id)
                && !asked.whole.contains(id)
            {
                let check = if self.odd.wrong_echo { b"".as_slice() } else { &order.to_bytes() };
                answer.echoes.push(Echo {
                    n: *n,
                    seq: *seq,
                    number: number.clone(),
                    check: echo_check(check),
                });
            } else if *seq > cursor || asked.whole.contains(id) || touched.contains_key(id) {
                let state = if self.odd.garbled { vec![0xff, 0x00] } else { order.to_bytes() };
                answer.rows.push(Row { order: *id, seq: *seq, state: State(state) });
            }
        }
        answer
    }

    fn push(
        &mut self,
        asked: &SyncRequest,
        answer: &mut SyncResponse,
        touched: &mut BTreeMap<OrderId, (u64, Option<String>)>,
        odd_orders: &mut BTreeSet<OrderId>,
    ) {
        let device = self.device.expect("registered first");
        let journal = self.journals.entry(device).or_default();
        let have = journal.len() as u64;
        answer.acked = have;
        if asked.entries.is_empty() {
            return;
        }
        if asked.first > have + 1 {
            answer.chain = Some(ChainAnswer::Behind { have });
            return;
        }
        let mut chain = ChainHash::default();
        let known = usize::try_from(asked.first - 1).unwrap();
        for bytes in &journal[..known] {
            chain = chain.then(bytes);
        }
        let same = journal[known..].iter().zip(&asked.entries).all(|(a, b)| *a == b.0);
        if asked.before.map_or(ChainHash::default(), ChainHash) != chain || !same {
            answer.chain = Some(ChainAnswer::Fork);
            answer.acked = 0;
            return;
        }
        let limit = self.odd.take.unwrap_or(usize::MAX);
        for (n, bytes) in (asked.first..).zip(&asked.entries).take(limit) {
            if n <= have {
                continue;
            }
            journal.push(bytes.0.clone());
            let entry = Entry::decode(&bytes.0).unwrap();
            assert_eq!(entry.n, n, "an entry says its number");
            if self.odd.park {
                answer.verdicts.push((n, Verdict::Parked(ParkReason::NotYours)));
                odd_orders.insert(entry.order);
                continue;
            }
            if !self.known.insert(entry.id) {
                answer.verdicts.push((n, Verdict::Duplicate));
                odd_orders.insert(entry.order);
                continue;
            }
            self.seq += 1;
            let known = self.orders.entry(entry.order).or_default();
            entry.fold_into(&mut known.0, &OrgId::from(ORG), Some(device));
            known.1 = self.seq;
            let told = touched.entry(entry.order).or_default();
            told.0 = n;
            if known.0.number.is_none() {
                self.numbers += 1;
                let number = format!("WO-9{:05}", self.numbers);
                known.0.number = Some(number.clone());
                told.1 = Some(number);
            }
        }
        answer.acked = journal.len() as u64;
    }
}
