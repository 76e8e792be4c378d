//! Storage in PostgreSQL: many processes on one database, each write under the row lock of its org's clock.
//!
//! Every statement names the org and every key leads with it (`sql.rs`, `rules.rs`), so that a database that spreads rows
//! by org can take over.

mod access;
mod conn;
mod copy;
mod decide;
mod documents;
mod list;
mod pull;
mod replica;
#[cfg(test)]
mod rules;
pub mod schema;
mod sql;
#[cfg(test)]
mod tests;
mod values;
mod write;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, OrgId, PersonId};

use self::conn::Conn;
pub use self::copy::copy;
use self::values::{get, key};
use super::codes::{signed, unreadable};
use super::{
    Clock, Decision, Device, DeviceRecord, Enrolment, LogEntry, NewDevice, NewDocument, NewEnrolCode,
    NewSession, OrderFilter, OrderPage, Person, Pull, Pulled, Session, Storage, StorageError, Stored,
    StoredDocument, StoredOrder, Tallies, User, Want,
};
use crate::metrics;

/// How long a write waits for those of the same org before it.
const TURN_WITHIN: Duration = Duration::from_secs(10);

/// Where a PostgreSQL database is: `postgres://user:password@host/name`. It is never shown: a password may be in it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// From an operator's words.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// As a client takes it. Never to be logged or printed.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

/// The PostgreSQL storage.
#[derive(Clone)]
pub struct PostgresStorage {
    pool: Pool,
    replica: Option<Pool>,
    orgs: Arc<Mutex<HashMap<OrgId, Arc<Org>>>>,
}

/// What a process knows of an org.
#[derive(Default)]
struct Org {
    /// One write at a time asks for the row lock: the others wait here, where they hold no connection.
    turn: tokio::sync::Mutex<()>,
    /// The last seq this process saw committed or locked: a replica that is behind it is not asked.
    seen: std::sync::atomic::AtomicU64,
}

impl PostgresStorage {
    /// Connects, and brings the database to this version. `replica`: a copy that follows the database, for pulls.
    ///
    /// # Errors
    /// When the address cannot be read, nobody answers there, or a newer version wrote the database.
    pub async fn open(url: &DatabaseUrl, replica: Option<&DatabaseUrl>) -> Result<Self, StorageError> {
        let pool = conn::pool(conn::config(url.secret())?, true)?;
        settings(&pool).await?;
        schema::migrate(&pool).await?;
        let replica = match replica {
            Some(url) => Some(conn::pool(conn::config(url.secret())?, false)?),
            None => None,
        };
        Ok(Self { pool, replica, orgs: Arc::default() })
    }

    fn org(&self, org: &OrgId) -> Arc<Org> {
        let mut orgs = self.orgs.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(orgs.entry(org.clone()).or_default())
    }

    /// Runs to its end, also when nobody waits for it any more: a connection is not thrown away because a phone hung up.
    fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, StorageError>> + Send + 'static,
    ) -> Stored<'_, T> {
        Box::pin(async move { tokio::spawn(work).await.map_err(|e| StorageError::Database(Box::new(e)))? })
    }

    /// Statements that each stand for themselves.
    fn with<T: Send + 'static, F>(&self, work: impl FnOnce(Conn) -> F + Send + 'static) -> Stored<'_, T>
    where
        F: Future<Output = Result<T, StorageError>> + Send + 'static,
    {
        let pool = self.pool.clone();
        self.run(async move { work(Conn::take(&pool).await?).await })
    }

    /// A write of an org, when its turn has come.
    fn write<T: Send + 'static, F>(
        &self,
        org: OrgId,
        work: impl FnOnce(Pool, OrgId) -> F + Send + 'static,
    ) -> Stored<'_, T>
    where
        F: Future<Output = Result<(T, Option<Clock>), StorageError>> + Send + 'static,
    {
        let (pool, of) = (self.pool.clone(), self.org(&org));
        self.run(async move {
            let Ok(_turn) = tokio::time::timeout(TURN_WITHIN, of.turn.lock()).await else {
                metrics::refused();
                return Err(StorageError::Busy);
            };
            let began = Instant::now();
            let done = work(pool, org).await;
            metrics::committed(began.elapsed(), 0);
            let (value, clock) = done?;
            if let Some(clock) = clock {
                of.seen.fetch_max(clock.seq, std::sync::atomic::Ordering::SeqCst);
            }
            Ok(value)
        })
    }
}

/// Whether the server keeps what it says it keeps.
async fn settings(pool: &Pool) -> Result<(), StorageError> {
    let rows = Conn::take(pool).await?.find(sql::SETTINGS, &[]).await?;
    let row = rows.first().ok_or_else(|| unreadable("settings", "there are none"))?;
    let (fsync, encoding): (String, String) = (get(row, 0)?, get(row, 1)?);
    if encoding != "UTF8" {
        return Err(unreadable("database", &format!("its encoding is {encoding}, not UTF8")));
    }
    if fsync != "on" {
        tracing::warn!("fsync is off: what phones are told is kept may be lost with the power");
    }
    Ok(())
}

impl Storage for PostgresStorage {
    fn create_org(&self, org: OrgId, epoch: u64) -> Stored<'_, ()> {
        self.with(move |conn| async move {
            conn.act(sql::CREATE_ORG, &[&key(org.as_str()).as_ref(), &signed(epoch)]).await?;
            Ok(())
        })
    }

    fn orgs(&self) -> Stored<'_, Vec<OrgId>> {
        self.with(|conn| async move {
            let rows = conn.find(sql::ORGS, &[]).await?;
            rows.iter().map(|row| Ok(OrgId(get(row, 0)?))).collect()
        })
    }

    fn ready(&self) -> Stored<'_, ()> {
        self.with(|conn| async move {
            conn.act(sql::TOUCH, &[]).await?;
            Ok(())
        })
    }

    fn tallies(&self, org: OrgId, now_ms: i64) -> Stored<'_, Tallies> {
        self.with(move |conn| async move { list::tallies(&conn, &org, now_ms).await })
    }

    fn clock(&self, org: OrgId) -> Stored<'_, Clock> {
        self.with(move |conn| async move {
            let rows = conn.find(sql::CLOCK, &[&key(org.as_str()).as_ref()]).await?;
            rows.first().map(decide::clock).transpose()?.ok_or(StorageError::NoOrg(org))
        })
    }

    fn start_epoch(&self, org: OrgId, epoch: u64) -> Stored<'_, ()> {
        self.with(move |conn| async move {
            let changed = conn.act(sql::START_EPOCH, &[&key(org.as_str()).as_ref(), &signed(epoch)]).await?;
            if changed == 0 { Err(StorageError::NoOrg(org)) } else { Ok(()) }
        })
    }

    fn decide(&self, org: OrgId, want: Want, decision: Decision) -> Stored<'_, ()> {
        self.write(org, move |pool, org| async move {
            let clock = decide::decide(&pool, &org, &want, decision).await?;
            Ok(((), Some(clock)))
        })
    }

    fn put_documents(&self, org: OrgId, documents: Vec<NewDocument>) -> Stored<'_, usize> {
        self.write(org, move |pool, org| async move {
            let (changed, clock) = documents::put(&pool, &org, &documents).await?;
            Ok((changed, Some(clock)))
        })
    }

    fn pull(&self, org: OrgId, pull: Pull) -> Stored<'_, Pulled> {
        let (pool, replica, of) = (self.pool.clone(), self.replica.clone(), self.org(&org));
        self.run(async move {
            if let Some(replica) = replica {
                let seen = of.seen.load(std::sync::atomic::Ordering::SeqCst);
                if let Some(pulled) = replica::pull(&replica, &pool, &org, &pull, seen).await {
                    return Ok(pulled);
                }
            }
            Ok(pull::pull(&pool, &org, &pull).await?.0)
        })
    }

    fn list_orders(&self, org: OrgId, filter: OrderFilter) -> Stored<'_, OrderPage> {
        let pool = self.pool.clone();
        self.run(async move { list::page(&pool, &org, &filter).await })
    }

    fn orders(&self, org: OrgId, filter: OrderFilter) -> Stored<'_, Vec<StoredOrder>> {
        self.with(move |conn| async move { list::orders(&conn, &org, &filter).await })
    }

    fn order(&self, org: OrgId, order: OrderId) -> Stored<'_, Option<StoredOrder>> {
        self.with(move |conn| async move { list::order(&conn, &org, order).await })
    }

    fn timeline(&self, org: OrgId, order: OrderId) -> Stored<'_, Vec<LogEntry>> {
        self.with(move |conn| async move { list::timeline(&conn, &org, order).await })
    }

    fn ink(&self, org: OrgId, order: OrderId, digest: Digest) -> Stored<'_, Option<Vec<u8>>> {
        self.with(move |conn| async move { list::ink(&conn, &org, order, &digest).await })
    }

    fn documents(&self, org: OrgId, kind: String) -> Stored<'_, Vec<StoredDocument>> {
        self.with(move |conn| async move { documents::of_kind(&conn, &org, &kind).await })
    }

    fn documents_seq(&self, org: OrgId, kinds: &'static [&'static str]) -> Stored<'_, u64> {
        self.with(move |conn| async move { documents::seq_of(&conn, &org, kinds).await })
    }

    fn people(&self, org: OrgId) -> Stored<'_, Vec<Person>> {
        self.with(move |conn| async move { documents::people(&conn, &org).await })
    }

    fn device_by_token(&self, org: OrgId, token: Digest) -> Stored<'_, Option<Device>> {
        self.with(move |conn| async move {
            access::device_by(&conn, sql::DEVICE_BY_TOKEN, &org, &token.0.as_slice()).await
        })
    }

    fn device(&self, org: OrgId, device: DeviceId) -> Stored<'_, Option<Device>> {
        self.with(move |conn| async move { access::device_by(&conn, sql::DEVICE, &org, &device.0).await })
    }

    fn devices(&self, org: OrgId) -> Stored<'_, Vec<DeviceRecord>> {
        self.with(move |conn| async move { access::devices(&conn, &org).await })
    }

    fn has_device_key(&self, org: OrgId, public_key: [u8; 32]) -> Stored<'_, bool> {
        self.with(move |conn| async move {
            let values: [conn::Value<'_>; 2] = [&key(org.as_str()).into_owned(), &public_key.as_slice()];
            Ok(!conn.find(sql::HAS_DEVICE_KEY, &values).await?.is_empty())
        })
    }

    fn put_enrol_code(&self, org: OrgId, code: NewEnrolCode) -> Stored<'_, ()> {
        self.with(move |conn| async move { access::put_enrol_code(&conn, &org, &code).await })
    }

    fn enrol(&self, org: OrgId, code: Digest, device: NewDevice, now_ms: i64) -> Stored<'_, Enrolment> {
        self.write(org, move |pool, org| async move {
            Ok((access::enrol(&pool, &org, &code, &device, now_ms).await?, None))
        })
    }

    fn incarnate(&self, org: OrgId, from: DeviceId, device: NewDevice, now_ms: i64) -> Stored<'_, Enrolment> {
        self.write(org, move |pool, org| async move {
            Ok((access::incarnate(&pool, &org, from, &device, now_ms).await?, None))
        })
    }

    fn use_token(&self, org: OrgId, device: DeviceId, now_ms: i64) -> Stored<'_, ()> {
        self.with(move |conn| async move {
            let values: [conn::Value<'_>; 3] = [&key(org.as_str()).into_owned(), &device.0, &now_ms];
            conn.act(sql::USE_TOKEN, &values).await?;
            Ok(())
        })
    }

    fn revoke_device(&self, org: OrgId, device: DeviceId, now_ms: i64) -> Stored<'_, bool> {
        self.with(move |conn| async move {
            let values: [conn::Value<'_>; 3] = [&key(org.as_str()).into_owned(), &device.0, &now_ms];
            Ok(conn.act(sql::REVOKE, &values).await? > 0)
        })
    }

    fn user(&self, org: OrgId, person: PersonId) -> Stored<'_, Option<User>> {
        self.with(move |conn| async move { access::user(&conn, &org, &person).await })
    }

    fn put_user(&self, org: OrgId, user: User) -> Stored<'_, ()> {
        self.with(move |conn| async move { access::put_user(&conn, &org, &user).await })
    }

    fn put_session(&self, org: OrgId, session: NewSession, now_ms: i64) -> Stored<'_, ()> {
        self.with(move |conn| async move { access::put_session(&conn, &org, &session, now_ms).await })
    }

    fn session(&self, org: OrgId, token: Digest, now_ms: i64) -> Stored<'_, Option<Session>> {
        self.with(move |conn| async move { access::session(&conn, &org, &token, now_ms).await })
    }

    fn end_session(&self, org: OrgId, token: Digest) -> Stored<'_, ()> {
        self.with(move |conn| async move {
            let values: [conn::Value<'_>; 2] = [&key(org.as_str()).into_owned(), &token.0.as_slice()];
            conn.act(sql::END_SESSION, &values).await?;
            Ok(())
        })
    }

    fn audit(&self, org: OrgId, at_ms: i64, who: PersonId, what: String) -> Stored<'_, ()> {
        self.write(org, move |pool, org| async move {
            Ok((access::audit(&pool, &org, at_ms, &who, &what).await?, None))
        })
    }
}
