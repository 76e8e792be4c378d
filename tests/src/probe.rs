//! A device that speaks the wire by hand: for bytes no phone would send, and as a second reading of the protocol.
//!
//! It keeps its journal and base in memory and does as little as the protocol allows.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::paper::{Paper, document};
use doorstep_core::domain::decide::{Case, Rulebook, decide};
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, EntryId, OrderId, OrgId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::signing::{Capacity, Signed, Signer};
use doorstep_core::domain::person::Actor;
use doorstep_core::domain::seal::ink::{self, Stroke};
use doorstep_core::domain::seal::seal;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::{
    EnrolRequest, EnrolResponse, PROTOCOL, SyncRequest, SyncResponse, Verdict, echo_check,
};
use doorstep_core::journal::{ChainHash, Entry};
use ed25519_dalek::SigningKey;

use crate::office::Office;
use crate::play::Hand;
use crate::text;

/// An HTTP client as a phone has one: connections are kept, nothing is followed.
pub fn client() -> reqwest::blocking::Client {
    // The second call finds it installed: that is all right.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::blocking::Client::builder().timeout(Duration::from_secs(60)).no_proxy();
    builder.redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// A device without a phone.
pub struct Probe {
    pub device: DeviceId,
    pub org: OrgId,
    pub actor: Actor,
    pub token: String,
    url: String,
    key: SigningKey,
    http: reqwest::blocking::Client,
    now: Cell<Stamp>,
    at: RefCell<Place>,
}

/// What it holds.
#[derive(Clone, Default)]
pub struct Place {
    /// Every entry, from number 1.
    pub journal: Vec<Vec<u8>>,
    pub acked: u64,
    pub epoch: u64,
    pub cursor: u64,
    /// The server's orders: seq and state.
    pub base: BTreeMap<OrderId, (u64, Vec<u8>)>,
    pub gone: Vec<OrderId>,
    pub verdicts: BTreeMap<u64, Verdict>,
}

impl Probe {
    pub fn enrol(office: &Office, person: &str) -> Self {
        Self::enrol_with(&office.url(), &office.code(person))
    }

    pub fn enrol_with(url: &str, code: &str) -> Self {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("random bytes");
        Self::enrol_as(url, code, secret, DeviceId::new())
    }

    /// A device of a name and a key that are known beforehand.
    pub fn enrol_as(url: &str, code: &str, secret: [u8; 32], device: DeviceId) -> Self {
        let (key, http) = (SigningKey::from_bytes(&secret), client());
        let public = key.verifying_key().to_bytes();
        let asked = EnrolRequest {
            code: code.to_owned(),
            device,
            public_key: public.iter().map(|byte| format!("{byte:02x}")).collect(),
            app: "probe".to_owned(),
        };
        let body = serde_json::to_vec(&asked).expect("JSON");
        let request = http.post(format!("{url}/v1/enrol")).header("content-type", "application/json");
        let answer = request.body(body).send().expect("an answer");
        let (status, bytes) = (answer.status(), answer.bytes().expect("a body"));
        assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&bytes));
        let EnrolResponse { token, org, person, role, rescue: _ } =
            serde_json::from_slice(&bytes).expect("an enrolment");
        Self {
            device,
            org,
            actor: Actor { person, role },
            token,
            url: url.to_owned(),
            key,
            http,
            now: Cell::new(text::at("2026-11-25T08:00")),
            at: RefCell::default(),
        }
    }

    pub fn place(&self) -> Place {
        self.at.borrow().clone()
    }

    /// Sends bytes to an address of the server; the status and the answer's bytes as they came.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> (u16, Vec<u8>) {
        let mut request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().expect("an answer");
        (answer.status().as_u16(), answer.bytes().expect("a body").to_vec())
    }

    /// One sync request as it is; the server must take it.
    pub fn ask(&self, request: &SyncRequest) -> SyncResponse {
        let body = cbor4ii::serde::to_vec(Vec::new(), request).expect("CBOR");
        let (status, bytes) = self.post("/v1/sync", &[("accept-encoding", "identity")], body);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        cbor4ii::serde::from_slice(&bytes).expect("an answer")
    }

    /// Puts bytes into the journal as the next entry, whatever they are.
    pub fn append(&self, bytes: Vec<u8>) -> u64 {
        let mut at = self.at.borrow_mut();
        at.journal.push(bytes);
        at.journal.len() as u64
    }

    /// An entry with these facts, numbered as the next.
    pub fn entry(&self, order: OrderId, facts: Vec<Fact>) -> Entry {
        let at = self.at.borrow();
        Entry {
            id: EntryId::new(),
            n: at.journal.len() as u64 + 1,
            seen: at.cursor,
            order,
            visit: fold(&at, &self.org, self.device, order).visit_number(),
            actor: self.actor.clone(),
            at: self.now.get(),
            mono_ms: 0,
            boot: None,
            skew_ms: None,
            app: "probe".to_owned(),
            facts,
            inks: Vec::new(),
        }
    }

    /// States facts without asking any rule.
    pub fn states(&self, order: OrderId, facts: Vec<Fact>) -> Entry {
        let entry = self.entry(order, facts);
        self.append(entry.encode().expect("an entry"));
        entry
    }

    /// The request that sends everything not acknowledged.
    pub fn request(&self) -> SyncRequest {
        let at = self.at.borrow();
        let acked = usize::try_from(at.acked).expect("a journal in memory");
        let (before, pending) = at.journal.split_at(acked.min(at.journal.len()));
        let hash = before.iter().fold(ChainHash::default(), |hash, bytes| hash.then(bytes));
        SyncRequest {
            protocol: PROTOCOL,
            epoch: at.epoch,
            cursor: at.cursor,
            first: if pending.is_empty() { 0 } else { at.acked + 1 },
            before: (!pending.is_empty()).then_some(hash.0),
            entries: pending.iter().cloned().map(Exact).collect(),
            ..SyncRequest::default()
        }
    }

    /// Takes an answer, checking each echo against its own fold.
    pub fn take(&self, answer: &SyncResponse) {
        let mut at = self.at.borrow_mut();
        if answer.epoch != at.epoch {
            at.base.clear();
        }
        let before = at.clone();
        at.verdicts.extend(answer.verdicts.iter().cloned());
        for echo in &answer.echoes {
            let entry =
                Entry::decode(&before.journal[usize::try_from(echo.n).expect("n") - 1]).expect("mine");
            let upto = Place {
                journal: before.journal[..usize::try_from(echo.n).expect("n")].to_vec(),
                ..before.clone()
            };
            let mut order = fold(&upto, &self.org, self.device, entry.order);
            if let Some(number) = &echo.number {
                order.number.get_or_insert_with(|| number.clone());
            }
            let state = order.to_bytes();
            assert_eq!(
                echo_check(&state),
                echo.check,
                "what the server folded is what the device folds (I19)"
            );
            at.base.insert(entry.order, (echo.seq, state));
        }
        for row in &answer.rows {
            at.base.insert(row.order, (row.seq, row.state.0.clone()));
        }
        for gone in &answer.gone {
            at.base.remove(gone);
            at.gone.push(*gone);
        }
        at.acked = answer.acked;
        at.epoch = answer.epoch;
        at.cursor = answer.seq;
    }

    /// Asks and takes until there is no more.
    pub fn sync(&self) -> SyncResponse {
        loop {
            let answer = self.ask(&self.request());
            assert_eq!(answer.chain, None, "the chain continues");
            self.take(&answer);
            if !answer.more {
                return answer;
            }
        }
    }
}

/// What a device shows of an order: the server's state with the device's own unacknowledged entries over it.
fn fold(at: &Place, org: &OrgId, device: DeviceId, id: OrderId) -> Order {
    let base = at.base.get(&id).map(|(_, state)| Order::from_bytes(state).expect("a state"));
    let mut order = base.unwrap_or_default();
    for bytes in &at.journal[usize::try_from(at.acked).expect("acked")..] {
        if let Ok(entry) = Entry::decode(bytes)
            && entry.order == id
        {
            entry.fold_into(&mut order, org, Some(device));
        }
    }
    order
}

impl Hand for Probe {
    fn order(&self, id: OrderId) -> Order {
        fold(&self.at.borrow(), &self.org, self.device, id)
    }

    fn rulebook(&self) -> Rulebook {
        Rulebook::builtin()
    }

    fn clock(&self, now: Stamp) {
        self.now.set(now);
    }

    fn tries(&self, id: OrderId, command: Command) -> Result<(), String> {
        let (order, rulebook) = (self.order(id), self.rulebook());
        let now = self.now.get();
        let case = Case {
            rulebook: &rulebook,
            order: &order,
            org: &self.org,
            order_id: id,
            actor: &self.actor,
            now,
        };
        let facts = decide(&case, &command).map_err(|refusal| refusal.to_string())?;
        let mut entry = self.entry(id, facts);
        entry.inks = command.inks().into_iter().map(|ink| Exact(ink.bytes.clone())).collect();
        self.append(entry.encode().map_err(|bad| bad.to_string())?);
        Ok(())
    }

    fn sign(&self, id: OrderId, paper: &Paper, name: &str, capacity: Capacity, strokes: &[Stroke]) -> Signed {
        let (order, rulebook) = (self.order(id), self.rulebook());
        let now = self.now.get();
        let case = Case {
            rulebook: &rulebook,
            order: &order,
            org: &self.org,
            order_id: id,
            actor: &self.actor,
            now,
        };
        let shown = document(&case, paper, Lang::ZhHant).expect("a paper");
        let ink = ink::encode(strokes).expect("ink");
        seal(&self.key, &shown, ink, Signer { name: name.to_owned(), capacity }, Lang::ZhHant, now)
    }
}
