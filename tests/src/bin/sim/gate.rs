//! Storage with a gate before and after every call: the places where a request waits, and where others may come between.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context, Poll};

use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, OrgId, PersonId};
use doorstep_server::storage::{
    Clock, Decision, Device, DeviceRecord, Enrolment, LogEntry, NewDevice, NewDocument, NewEnrolCode,
    NewSession, OrderFilter, OrderPage, Person, Pull, Pulled, Session, Storage, Stored, StoredDocument,
    StoredOrder, Tallies, User, Want,
};

/// Where requests of all servers may be held.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    left: AtomicI64,
    is_armed: AtomicBool,
    is_held: AtomicBool,
}

impl Gate {
    /// The request that comes to the gate after so many others is held.
    pub(crate) fn arm(&self, after: u32) {
        self.left.store(i64::from(after), Ordering::SeqCst);
        self.is_armed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn disarm(&self) {
        self.is_armed.store(false, Ordering::SeqCst);
        self.is_held.store(false, Ordering::SeqCst);
    }

    /// Whether a request is held now. Asking lets it go on.
    pub(crate) fn take_held(&self) -> bool {
        self.is_held.swap(false, Ordering::SeqCst)
    }

    fn pass(&self) -> Pass<'_> {
        Pass { gate: self, was_held: false }
    }
}

struct Pass<'a> {
    gate: &'a Gate,
    was_held: bool,
}

impl Future for Pass<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let gate = self.gate;
        if self.was_held || !gate.is_armed.load(Ordering::SeqCst) {
            return Poll::Ready(());
        }
        if gate.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            return Poll::Ready(());
        }
        gate.is_armed.store(false, Ordering::SeqCst);
        gate.is_held.store(true, Ordering::SeqCst);
        self.was_held = true;
        Poll::Pending
    }
}

/// A storage behind the gate.
pub(crate) struct Gated {
    pub(crate) inner: Arc<dyn Storage>,
    pub(crate) gate: Arc<Gate>,
}

macro_rules! gated {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        impl Storage for Gated {
            $(fn $name(&self, $($arg: $type),*) -> Stored<'_, $out> {
                Box::pin(async move {
                    self.gate.pass().await;
                    let done = self.inner.$name($($arg),*).await;
                    self.gate.pass().await;
                    done
                })
            })*
        }
    };
}

gated! {
    create_org(org: OrgId, epoch: u64) -> ();
    orgs() -> Vec<OrgId>;
    ready() -> ();
    tallies(org: OrgId, now_ms: i64) -> Tallies;
    clock(org: OrgId) -> Clock;
    start_epoch(org: OrgId, epoch: u64) -> ();
    decide(org: OrgId, want: Want, decision: Decision) -> ();
    put_documents(org: OrgId, documents: Vec<NewDocument>) -> usize;
    pull(org: OrgId, pull: Pull) -> Pulled;
    list_orders(org: OrgId, filter: OrderFilter) -> OrderPage;
    orders(org: OrgId, filter: OrderFilter) -> Vec<StoredOrder>;
    order(org: OrgId, order: OrderId) -> Option<StoredOrder>;
    timeline(org: OrgId, order: OrderId) -> Vec<LogEntry>;
    ink(org: OrgId, order: OrderId, digest: Digest) -> Option<Vec<u8>>;
    documents(org: OrgId, kind: String) -> Vec<StoredDocument>;
    documents_seq(org: OrgId, kinds: &'static [&'static str]) -> u64;
    people(org: OrgId) -> Vec<Person>;
    device_by_token(org: OrgId, token: Digest) -> Option<Device>;
    device(org: OrgId, device: DeviceId) -> Option<Device>;
    devices(org: OrgId) -> Vec<DeviceRecord>;
    has_device_key(org: OrgId, key: [u8; 32]) -> bool;
    put_enrol_code(org: OrgId, code: NewEnrolCode) -> ();
    enrol(org: OrgId, code: Digest, device: NewDevice, now_ms: i64) -> Enrolment;
    incarnate(org: OrgId, from: DeviceId, device: NewDevice, now_ms: i64) -> Enrolment;
    use_token(org: OrgId, device: DeviceId, now_ms: i64) -> ();
    revoke_device(org: OrgId, device: DeviceId, now_ms: i64) -> bool;
    user(org: OrgId, person: PersonId) -> Option<User>;
    put_user(org: OrgId, user: User) -> ();
    put_session(org: OrgId, session: NewSession, now_ms: i64) -> ();
    session(org: OrgId, token: Digest, now_ms: i64) -> Option<Session>;
    end_session(org: OrgId, token: Digest) -> ();
    audit(org: OrgId, at_ms: i64, who: PersonId, what: String) -> ();
}
