//! A device no phone would be: it sends entries of newer versions, broken ones, too large ones and ones it may not make.
//! The server keeps each, apart and for the right reason, and none delays another (I27, I29).

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, EntryId, OrderId, PersonId};
use doorstep_core::domain::order::NoteKind;
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::limits::MAX_ENTRY_BYTES;
use doorstep_core::journal::wire::{
    ChainAnswer, EnrolRequest, EnrolResponse, PROTOCOL, SyncRequest, SyncResponse,
};
use doorstep_core::journal::{ChainHash, Entry};
use doorstep_core::phone::HttpRequest;
use doorstep_tests::dice::Dice;
use doorstep_tests::office::LEUNG;
use ed25519_dalek::SigningKey;

use crate::faults::Fault;
use crate::servers::{Held, Servers};

/// The device.
pub(crate) struct Odd {
    pub(crate) device: DeviceId,
    key: SigningKey,
    token: String,
    /// Every entry, with what the server must say of it: a verdict's code, or what it begins with.
    pub(crate) journal: Vec<(Vec<u8>, &'static str)>,
    acked: usize,
    epoch: u64,
    cursor: u64,
}

impl Odd {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&dice.roll().to_le_bytes());
        let key = SigningKey::from_bytes(&secret);
        let (device, token, journal) = (DeviceId::new(), String::new(), Vec::new());
        Self { device, key, token, journal, acked: 0, epoch: 0, cursor: 0 }
    }

    /// Enrols as somebody's phone.
    pub(crate) fn enrol(&mut self, servers: &Servers) {
        let qr = servers.code(0, LEUNG).expect("a code");
        let code: doorstep_core::journal::EnrolCode = qr.parse().expect("a code");
        let public = self.key.verifying_key().to_bytes();
        let asked = EnrolRequest {
            code: code.code,
            device: self.device,
            public_key: public.iter().map(|byte| format!("{byte:02x}")).collect(),
            app: "odd".to_owned(),
        };
        let body = serde_json::to_vec(&asked).expect("JSON");
        let answer = self.post(servers, 0, "/v1/enrol", &[("content-type", "application/json")], body);
        let given: EnrolResponse = serde_json::from_slice(&answer.1).expect("an enrolment");
        self.token = given.token;
    }

    fn post(
        &self,
        servers: &Servers,
        node: usize,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (u16, Vec<u8>) {
        let mut all = vec![("authorization".to_owned(), format!("Bearer {}", self.token))];
        all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (method, path) = ("POST", path.to_owned());
        let request = HttpRequest { server: String::new(), method, path, headers: all, body };
        let answer = servers.request(node, &request, &mut || Held::GoOn).expect("an answer");
        (answer.status, answer.body)
    }

    fn entry(&self, order: OrderId, now_ms: i64, text: &str) -> Entry {
        Entry {
            id: EntryId::new(),
            n: self.journal.len() as u64 + 1,
            seen: self.cursor,
            order,
            visit: 0,
            actor: Actor { person: PersonId::from(LEUNG), role: Role::Technician },
            at: Stamp::new(now_ms, 480),
            mono_ms: 0,
            boot: None,
            skew_ms: None,
            app: "odd".to_owned(),
            facts: vec![Fact::NoteAdded { kind: NoteKind::Note, text: text.to_owned() }],
            inks: Vec::new(),
        }
    }

    /// Makes an entry that is odd in one way, and a good one behind it.
    pub(crate) fn makes(&mut self, fault: Fault, order: OrderId, now_ms: i64, word: u64) {
        let good = self.entry(order, now_ms, &format!("odd {word}"));
        let plain = good.encode().expect("an entry");
        let (bytes, verdict) = match fault {
            Fault::UnknownKind => (replaced(&plain, b"note_added", b"not_yet_in"), "parked:unknown_kind"),
            Fault::UnknownField => {
                let mut bytes = plain;
                bytes[0] += 1;
                bytes.extend_from_slice(b"\x62zz\x83\x01\x02\x63new");
                (bytes, "")
            }
            Fault::Malformed => (vec![0xa3, 0x61, 0x69, 0xff, 0x00, 0x13, 0x37], "parked:malformed"),
            Fault::Oversized => {
                let mut bytes = plain;
                bytes.resize(MAX_ENTRY_BYTES + 1, 0);
                (bytes, "parked:too_large")
            }
            Fault::WrongNumber => {
                let entry = Entry { n: good.n + 7, ..good };
                (entry.encode().expect("an entry"), "parked:out_of_order")
            }
            _ => {
                let actor = Actor { person: PersonId::from("G002"), role: Role::Supervisor };
                (Entry { actor, ..good }.encode().expect("an entry"), "parked:not_yours")
            }
        };
        self.journal.push((bytes, verdict));
        let behind = self.entry(order, now_ms, &format!("behind odd {word}"));
        self.journal.push((behind.encode().expect("an entry"), ""));
    }

    /// Sends everything that is not acknowledged; what the server did not take now it is sent another time.
    pub(crate) fn sync(&mut self, servers: &Servers, node: usize) -> String {
        for _ in 0..4 {
            let (before, pending) = self.journal.split_at(self.acked.min(self.journal.len()));
            let hash = before.iter().fold(ChainHash::default(), |hash, (bytes, _)| hash.then(bytes));
            let request = SyncRequest {
                protocol: PROTOCOL,
                epoch: self.epoch,
                cursor: self.cursor,
                first: if pending.is_empty() { 0 } else { self.acked as u64 + 1 },
                before: (!pending.is_empty()).then_some(hash.0),
                entries: pending.iter().map(|(bytes, _)| Exact(bytes.clone())).collect(),
                ..SyncRequest::default()
            };
            let body = cbor4ii::serde::to_vec(Vec::new(), &request).expect("CBOR");
            let (status, bytes) =
                self.post(servers, node, "/v1/sync", &[("accept-encoding", "identity")], body);
            if status != 200 {
                return format!("told {status}");
            }
            let answer: SyncResponse = cbor4ii::serde::from_slice(&bytes).expect("an answer");
            assert_ne!(answer.chain, Some(ChainAnswer::Fork), "nobody else has this name");
            (self.epoch, self.cursor) = (answer.epoch, answer.seq);
            self.acked = usize::try_from(answer.acked).expect("a journal in memory");
            if self.acked == self.journal.len() && !answer.more {
                break;
            }
        }
        format!("{} of {} sent", self.acked, self.journal.len())
    }

    /// Whether everything was acknowledged.
    pub(crate) fn is_done(&self) -> bool {
        self.acked == self.journal.len()
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).expect("the name of a fact");
    let mut out = bytes.to_vec();
    out[at..at + to.len()].copy_from_slice(to);
    out
}
