//! A phone as small as it can be: a journal that only grows, a chain, a cursor, and the server's truth as it was told.

use std::collections::BTreeMap;

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::{Assignment, Intake};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::packing;
use doorstep_core::journal::wire::{
    EnrolRequest, EnrolResponse, SyncRequest, SyncResponse, Verdict, echo_check,
};
use doorstep_core::journal::{ChainHash, Entry};
use ed25519_dalek::SigningKey;

use crate::world::{Answer, Client, ORG, World};

pub(crate) struct Phone {
    pub(crate) id: DeviceId,
    pub(crate) key: SigningKey,
    pub(crate) actor: Actor,
    pub(crate) token: String,
    /// Entry n is at n - 1.
    pub(crate) journal: Vec<Vec<u8>>,
    pub(crate) acked: u64,
    pub(crate) epoch: u64,
    pub(crate) cursor: u64,
    pub(crate) base: BTreeMap<OrderId, (u64, Order)>,
    pub(crate) inks: BTreeMap<Digest, Vec<u8>>,
    pub(crate) documents: usize,
    pub(crate) client: Client,
}

impl Phone {
    pub(crate) fn enrol(world: &World, person: &str) -> Self {
        let (code, _) = world
            .runtime
            .block_on(doorstep_server::admin::enrol_code(
                world.state(),
                &OrgId::from(ORG),
                &PersonId::from(person),
            ))
            .unwrap();
        let id = DeviceId::new();
        let key = SigningKey::from_bytes(&Digest::of(id.as_bytes()).0);
        let asked = EnrolRequest {
            code,
            device: id,
            public_key: hex(key.verifying_key().as_bytes()),
            app: "test".to_owned(),
        };
        let mut client = world.client();
        let answer = client.json("POST", "/v1/enrol", "", &serde_json::to_string(&asked).unwrap());
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer: EnrolResponse = serde_json::from_slice(&answer.body).unwrap();
        Self {
            id,
            key,
            actor: Actor { person: answer.person, role: answer.role },
            token: answer.token,
            journal: Vec::new(),
            acked: 0,
            epoch: 0,
            cursor: 0,
            base: BTreeMap::new(),
            inks: BTreeMap::new(),
            documents: 0,
            client,
        }
    }

    /// An entry that would be next.
    pub(crate) fn entry(&self, order: OrderId, facts: Vec<Fact>) -> Entry {
        let base = self.base.get(&order);
        Entry {
            id: EntryId::new(),
            n: self.journal.len() as u64 + 1,
            seen: base.map_or(0, |(seq, _)| *seq),
            order,
            visit: base.map_or(0, |(_, order)| order.visit_number()),
            actor: self.actor.clone(),
            at: Stamp::parse("2026-11-25T10:00:00+08:00").unwrap(),
            mono_ms: 1,
            boot: None,
            skew_ms: None,
            app: "test".to_owned(),
            facts,
            inks: Vec::new(),
        }
    }

    pub(crate) fn record(&mut self, order: OrderId, facts: Vec<Fact>) -> EntryId {
        let entry = self.entry(order, facts);
        self.journal.push(entry.encode().unwrap());
        entry.id
    }

    pub(crate) fn register(&mut self, intake: Intake) -> OrderId {
        let order = OrderId::new();
        let own = Assignment { technician: self.actor.person.clone(), helpers: Vec::new() };
        let facts = vec![Fact::Registered(intake), Fact::RequestAccepted(String::new()), Fact::Assigned(own)];
        self.record(order, facts);
        order
    }

    fn before(&self, n: u64) -> ChainHash {
        let entries = self.journal.iter().take(n as usize - 1);
        entries.fold(ChainHash::default(), |chain, bytes| chain.then(bytes))
    }

    /// A request with the entries from `first`.
    pub(crate) fn request(&self, first: u64) -> SyncRequest {
        let entries: Vec<Exact> =
            self.journal.iter().skip(first as usize - 1).map(|bytes| Exact(bytes.clone())).collect();
        SyncRequest {
            protocol: 1,
            epoch: self.epoch,
            cursor: self.cursor,
            first: if entries.is_empty() { 0 } else { first },
            before: (first > 1 && !entries.is_empty()).then(|| self.before(first).0),
            entries,
            ..SyncRequest::default()
        }
    }

    pub(crate) fn post(&mut self, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        self.client.send("POST", "/v1/sync", &all, body)
    }

    pub(crate) fn exchange(&mut self, request: &SyncRequest) -> SyncResponse {
        let body = cbor4ii::serde::to_vec(Vec::new(), request).unwrap();
        let (body, encoding) = packing::pack(body).unwrap();
        let headers: Vec<_> = encoding.iter().map(|encoding| ("content-encoding", *encoding)).collect();
        let answer = self.post(&headers, &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("doorstep"), Some("1"));
        cbor4ii::serde::from_slice(&unpack(&answer)).unwrap()
    }

    /// Syncs until complete; gives the first answer.
    pub(crate) fn sync(&mut self) -> SyncResponse {
        let request = self.request(self.acked + 1);
        let first = self.exchange(&request);
        self.take(&first);
        let mut more = first.more;
        while more {
            let request = self.request(self.acked + 1);
            let answer = self.exchange(&request);
            self.take(&answer);
            more = answer.more;
        }
        first
    }

    /// Applies an answer: what an echo stands for is folded from the phone's own entries and must match.
    pub(crate) fn take(&mut self, answer: &SyncResponse) {
        for echo in &answer.echoes {
            let last = Entry::decode(&self.journal[echo.n as usize - 1]).unwrap();
            let mut order = self.base.get(&last.order).map(|(_, order)| order.clone()).unwrap_or_default();
            for bytes in &self.journal[self.acked as usize..echo.n as usize] {
                let entry = Entry::decode(bytes).unwrap();
                if entry.order == last.order {
                    entry.fold_into(&mut order, &OrgId::from(ORG), Some(self.id));
                }
            }
            if let Some(number) = &echo.number {
                order.number = Some(number.clone());
            }
            assert_eq!(echo_check(&order.to_bytes()), echo.check, "phone and server fold the same (I19)");
            self.base.insert(last.order, (echo.seq, order));
        }
        for row in &answer.rows {
            let order = Order::from_bytes(&row.state.0).unwrap();
            self.base.insert(row.order, (row.seq, order));
        }
        for ink in &answer.inks {
            self.inks.insert(Digest::of(&ink.ink.0), ink.ink.0.clone());
        }
        for gone in &answer.gone {
            self.base.remove(gone);
        }
        self.documents += answer.documents.len();
        if answer.chain.is_none() {
            assert!(answer.acked >= self.acked, "acknowledgements never move back (I12)");
            self.acked = answer.acked;
        }
        (self.epoch, self.cursor) = (answer.epoch, answer.seq);
    }

    pub(crate) fn verdict(answer: &SyncResponse, n: u64) -> Verdict {
        answer
            .verdicts
            .iter()
            .find(|(at, _)| *at == n)
            .map_or(Verdict::Applied, |(_, verdict)| verdict.clone())
    }

    pub(crate) fn is_technician(&self) -> bool {
        self.actor.role == Role::Technician
    }
}

pub(crate) fn unpack(answer: &Answer) -> Vec<u8> {
    match answer.header("content-encoding") {
        Some(encoding) => packing::unpack(encoding, &answer.body, usize::MAX / 2).unwrap(),
        None => answer.body.clone(),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
