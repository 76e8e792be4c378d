//! Storage: one trait, told what to do by pure code. An implementation loads, lets a decision be made, and writes what it says.
//!
//! Calls are coarse: one call is one transaction. Nothing here needs more of a database than row locks and ordinary
//! transactions. The org leads every key and stands in every `WHERE`.

mod access;
mod codes;
#[cfg(test)]
pub(crate) mod conformance;
pub mod postgres;
mod read;
pub mod sqlite;
mod tally;
mod write;

use std::future::Future;
use std::pin::Pin;

use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, OrgId, PersonId};

pub use self::access::{Device, DeviceRecord, Enrolment, NewDevice, NewEnrolCode, NewSession, Session, User};
pub use self::read::{
    LogEntry, OrderFilter, OrderPage, OrderSummary, Person, Pull, Pulled, PulledOrder, StoredDocument,
    StoredOrder,
};
pub use self::tally::{HeardAge, Tallies};
pub use self::write::{
    Clock, DeviceTail, EntryWrite, GrantState, GrantWrite, InkWrite, Loaded, LoadedOrder, NewDocument,
    OrderWrite, ParkedEntry, Resent, Summary, Want, Writes,
};

/// Why storage could not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Too much is waiting; the same call may pass in a moment.
    #[error("storage is busy")]
    Busy,
    /// There is no such org.
    #[error("there is no org {0}")]
    NoOrg(OrgId),
    /// Something stored cannot be read: damage, or a newer version wrote it.
    #[error("stored {what} cannot be read: {why}")]
    Unreadable {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a storage call gives.
pub type Stored<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'a>>;

/// A decision made inside the writing transaction: what was loaded in, what is to be written out, in one or more parts.
/// Pure. A storage may write a part while the next is decided.
pub type Decision = Box<dyn FnOnce(Loaded, &mut dyn FnMut(Writes)) + Send>;

/// Everything the server keeps.
pub trait Storage: Send + Sync {
    /// Makes an org: its clock at seq 0 in the given epoch. Does nothing when it is there.
    fn create_org(&self, org: OrgId, epoch: u64) -> Stored<'_, ()>;
    /// All orgs. This call and [`Self::ready`] are not about one.
    fn orgs(&self) -> Stored<'_, Vec<OrgId>>;
    /// Whether something can be written now, on the disk when this is done.
    fn ready(&self) -> Stored<'_, ()>;
    /// Counts for monitoring. What was heard is old or new by `now_ms`, UTC milliseconds.
    fn tallies(&self, org: OrgId, now_ms: i64) -> Stored<'_, Tallies>;
    /// The org's clock.
    fn clock(&self, org: OrgId) -> Stored<'_, Clock>;
    /// Starts another epoch after a restore: every phone then compares what it has.
    fn start_epoch(&self, org: OrgId, epoch: u64) -> Stored<'_, ()>;

    /// Locks the org's clock, loads what is wanted, lets `decision` decide, writes what it says, commits.
    fn decide(&self, org: OrgId, want: Want, decision: Decision) -> Stored<'_, ()>;
    /// Writes reference data, each changed document under its own seq. What is unchanged keeps its seq. Gives how many changed.
    fn put_documents(&self, org: OrgId, documents: Vec<NewDocument>) -> Stored<'_, usize>;

    /// What is new for a person's phone since its cursor: one snapshot.
    fn pull(&self, org: OrgId, pull: Pull) -> Stored<'_, Pulled>;

    /// Orders for a list, newest first, with counts by status of all that match but for the status.
    fn list_orders(&self, org: OrgId, filter: OrderFilter) -> Stored<'_, OrderPage>;
    /// Whole orders for a list, newest first.
    fn orders(&self, org: OrgId, filter: OrderFilter) -> Stored<'_, Vec<StoredOrder>>;
    /// One order.
    fn order(&self, org: OrgId, order: OrderId) -> Stored<'_, Option<StoredOrder>>;
    /// The entries of an order as the server took them, in the order they were taken.
    fn timeline(&self, org: OrgId, order: OrderId) -> Stored<'_, Vec<LogEntry>>;
    /// The encoded strokes of a signature of an order.
    fn ink(&self, org: OrgId, order: OrderId, digest: Digest) -> Stored<'_, Option<Vec<u8>>>;
    /// Reference data of a kind that is in force.
    fn documents(&self, org: OrgId, kind: String) -> Stored<'_, Vec<StoredDocument>>;
    /// The highest seq among the documents of some kinds: whether what was made of them is still true.
    fn documents_seq(&self, org: OrgId, kinds: &'static [&'static str]) -> Stored<'_, u64>;
    /// The firm's people.
    fn people(&self, org: OrgId) -> Stored<'_, Vec<Person>>;

    /// The device a token belongs to.
    fn device_by_token(&self, org: OrgId, token: Digest) -> Stored<'_, Option<Device>>;
    /// A device by its id, also a revoked one.
    fn device(&self, org: OrgId, device: DeviceId) -> Stored<'_, Option<Device>>;
    /// All devices of the org, also revoked ones, in the order they were enrolled.
    fn devices(&self, org: OrgId) -> Stored<'_, Vec<DeviceRecord>>;
    /// Whether a device of the org has or had this public key: what its seals are checked with, also after it was revoked.
    fn has_device_key(&self, org: OrgId, key: [u8; 32]) -> Stored<'_, bool>;
    /// Keeps a one-time code.
    fn put_enrol_code(&self, org: OrgId, code: NewEnrolCode) -> Stored<'_, ()>;
    /// Uses a one-time code: the device is enrolled, or the code is not to be used.
    fn enrol(&self, org: OrgId, code: Digest, device: NewDevice, now_ms: i64) -> Stored<'_, Enrolment>;
    /// Enrols another incarnation of a device: a phone that was copied goes on under an id of its own.
    fn incarnate(&self, org: OrgId, from: DeviceId, device: NewDevice, now_ms: i64) -> Stored<'_, Enrolment>;
    /// Notes that a device's token is in use.
    fn use_token(&self, org: OrgId, device: DeviceId, now_ms: i64) -> Stored<'_, ()>;
    /// From now on the device may hand in what it holds, and gets nothing more.
    fn revoke_device(&self, org: OrgId, device: DeviceId, now_ms: i64) -> Stored<'_, bool>;

    /// A user who may sign in.
    fn user(&self, org: OrgId, person: PersonId) -> Stored<'_, Option<User>>;
    /// Adds or changes a user.
    fn put_user(&self, org: OrgId, user: User) -> Stored<'_, ()>;
    /// Keeps a session, and forgets those that are over.
    fn put_session(&self, org: OrgId, session: NewSession, now_ms: i64) -> Stored<'_, ()>;
    /// The session of a token, when it is still good.
    fn session(&self, org: OrgId, token: Digest, now_ms: i64) -> Stored<'_, Option<Session>>;
    /// Ends a session.
    fn end_session(&self, org: OrgId, token: Digest) -> Stored<'_, ()>;
    /// Writes down an administrative act.
    fn audit(&self, org: OrgId, at_ms: i64, who: PersonId, what: String) -> Stored<'_, ()>;
}

impl dyn Storage {
    /// [`Storage::decide`] with a decision that also gives a result.
    ///
    /// # Errors
    /// As the storage says; the result is only given when the writes are committed.
    pub async fn decide_with<T: Send + 'static>(
        &self,
        org: OrgId,
        want: Want,
        decision: impl FnOnce(Loaded, &mut dyn FnMut(Writes)) -> T + Send + 'static,
    ) -> Result<T, StorageError> {
        let (give, take) = std::sync::mpsc::sync_channel(1);
        let boxed: Decision = Box::new(move |loaded, write| {
            let _ = give.send(decision(loaded, write));
        });
        self.decide(org, want, boxed).await?;
        take.try_recv().map_err(|e| StorageError::Database(Box::new(e)))
    }
}
