//! Storage in one SQLite file: one writer, several readers, WAL, every commit on the disk before anybody is answered.

mod access;
pub mod check;
mod codes;
mod copy;
mod decide;
mod documents;
mod list;
mod migrate;
mod pull;
mod readers;
mod safe;
mod tally;
mod writer;

use std::path::Path;
use std::time::Duration;

use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, OrgId, PersonId};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, params};

pub(crate) use self::copy::fresh;
pub use self::copy::{copy, into_one_file};
use self::readers::Readers;
pub use self::safe::{kept, mark_safe};
use self::writer::Writer;
use super::{
    Clock, Decision, Device, DeviceRecord, Enrolment, LogEntry, NewDevice, NewDocument, NewEnrolCode,
    NewSession, OrderFilter, OrderPage, Person, Pull, Pulled, Session, Storage, StorageError, Stored,
    StoredDocument, StoredOrder, Tallies, User, Want,
};

/// The name of the database in the data folder.
pub const FILE: &str = "doorstep.db";

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Database(Box::new(error)),
        }
    }
}

/// The SQLite storage.
pub struct SqliteStorage {
    writer: Writer,
    readers: Readers,
}

impl SqliteStorage {
    /// Opens the database in a folder, making it when there is none.
    ///
    /// # Errors
    /// When it cannot be opened, or a newer version wrote it.
    pub fn open(folder: &Path) -> Result<Self, StorageError> {
        let path = folder.join(FILE);
        let conn = connect(&path)?;
        let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(StorageError::Unreadable {
                what: "journal mode",
                why: format!("it is {mode}, not wal"),
            });
        }
        // FULL: an answer means that it is on the disk. Written back by the writer's own hand, outside of commits. REPLACE
        // removes a row, too, and with recursive triggers tells so.
        conn.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000;
             PRAGMA temp_store = MEMORY; PRAGMA recursive_triggers = ON",
        )?;
        migrate::migrate(&conn)?;
        let writer = Writer::start(conn).map_err(|e| StorageError::Database(Box::new(e)))?;
        Ok(Self { writer, readers: Readers::new(path) })
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Stored<'_, T> {
        Box::pin(self.writer.run(work))
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Stored<'_, T> {
        Box::pin(self.readers.run(work))
    }
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(64);
    // A plan does not depend on bound values. Otherwise a cached statement whose plan looked at one is planned again at
    // every use: a third of a second over a push of ten thousand orders.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(conn)
}

fn clock(conn: &Connection, org: &OrgId) -> Result<Clock, StorageError> {
    let mut statement =
        conn.prepare_cached("SELECT seq, epoch, next_number FROM org_clock WHERE org = ?1")?;
    let found = statement
        .query_row([org.as_str()], |row| {
            Ok(Clock {
                seq: codes::unsigned(row.get(0)?),
                epoch: codes::unsigned(row.get(1)?),
                next_number: codes::unsigned(row.get(2)?),
            })
        })
        .optional()?;
    found.ok_or_else(|| StorageError::NoOrg(org.clone()))
}

fn set_clock(conn: &Connection, org: &OrgId, clock: Clock) -> Result<(), StorageError> {
    let mut statement =
        conn.prepare_cached("UPDATE org_clock SET seq = ?2, epoch = ?3, next_number = ?4 WHERE org = ?1")?;
    let [seq, epoch, next] = [clock.seq, clock.epoch, clock.next_number].map(codes::signed);
    statement.execute(params![org.as_str(), seq, epoch, next])?;
    Ok(())
}

impl Storage for SqliteStorage {
    fn create_org(&self, org: OrgId, epoch: u64) -> Stored<'_, ()> {
        self.write(move |conn| {
            conn.execute(
                "INSERT INTO org_clock (org, epoch) VALUES (?1, ?2) ON CONFLICT (org) DO NOTHING",
                params![org.as_str(), codes::signed(epoch)],
            )?;
            Ok(())
        })
    }

    fn orgs(&self) -> Stored<'_, Vec<OrgId>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached("SELECT org FROM org_clock ORDER BY org")?;
            let orgs = statement.query_map([], |row| row.get::<_, String>(0).map(OrgId))?;
            Ok(orgs.collect::<Result<_, _>>()?)
        })
    }

    fn ready(&self) -> Stored<'_, ()> {
        self.write(tally::touch)
    }

    fn tallies(&self, org: OrgId, now_ms: i64) -> Stored<'_, Tallies> {
        self.read(move |conn| tally::tallies(conn, &org, now_ms))
    }

    fn clock(&self, org: OrgId) -> Stored<'_, Clock> {
        self.read(move |conn| clock(conn, &org))
    }

    fn start_epoch(&self, org: OrgId, epoch: u64) -> Stored<'_, ()> {
        self.write(move |conn| {
            let now = clock(conn, &org)?;
            set_clock(conn, &org, Clock { epoch, ..now })
        })
    }

    fn decide(&self, org: OrgId, want: Want, decision: Decision) -> Stored<'_, ()> {
        self.write(move |conn| {
            let loaded = decide::load(conn, &org, &want)?;
            decide::carry_out(conn, &org, loaded, want.entries.len(), decision)
        })
    }

    fn put_documents(&self, org: OrgId, documents: Vec<NewDocument>) -> Stored<'_, usize> {
        self.write(move |conn| documents::put(conn, &org, &documents))
    }

    fn pull(&self, org: OrgId, pull: Pull) -> Stored<'_, Pulled> {
        self.read(move |conn| pull::pull(conn, &org, &pull))
    }

    fn list_orders(&self, org: OrgId, filter: OrderFilter) -> Stored<'_, OrderPage> {
        self.read(move |conn| list::page(conn, &org, &filter))
    }

    fn orders(&self, org: OrgId, filter: OrderFilter) -> Stored<'_, Vec<StoredOrder>> {
        self.read(move |conn| list::orders(conn, &org, &filter))
    }

    fn order(&self, org: OrgId, order: OrderId) -> Stored<'_, Option<StoredOrder>> {
        self.read(move |conn| list::order(conn, &org, order))
    }

    fn timeline(&self, org: OrgId, order: OrderId) -> Stored<'_, Vec<LogEntry>> {
        self.read(move |conn| list::timeline(conn, &org, order))
    }

    fn ink(&self, org: OrgId, order: OrderId, digest: Digest) -> Stored<'_, Option<Vec<u8>>> {
        self.read(move |conn| list::ink(conn, &org, order, &digest))
    }

    fn documents(&self, org: OrgId, kind: String) -> Stored<'_, Vec<StoredDocument>> {
        self.read(move |conn| documents::of_kind(conn, &org, &kind))
    }

    fn documents_seq(&self, org: OrgId, kinds: &'static [&'static str]) -> Stored<'_, u64> {
        self.read(move |conn| documents::seq_of(conn, &org, kinds))
    }

    fn people(&self, org: OrgId) -> Stored<'_, Vec<Person>> {
        self.read(move |conn| documents::people(conn, &org))
    }

    fn device_by_token(&self, org: OrgId, token: Digest) -> Stored<'_, Option<Device>> {
        self.read(move |conn| access::device_by_token(conn, &org, &token))
    }

    fn device(&self, org: OrgId, device: DeviceId) -> Stored<'_, Option<Device>> {
        self.read(move |conn| access::device_by_id(conn, &org, device))
    }

    fn devices(&self, org: OrgId) -> Stored<'_, Vec<DeviceRecord>> {
        self.read(move |conn| access::devices(conn, &org))
    }

    fn has_device_key(&self, org: OrgId, key: [u8; 32]) -> Stored<'_, bool> {
        self.read(move |conn| access::has_device_key(conn, &org, &key))
    }

    fn put_enrol_code(&self, org: OrgId, code: NewEnrolCode) -> Stored<'_, ()> {
        self.write(move |conn| access::put_enrol_code(conn, &org, &code))
    }

    fn enrol(&self, org: OrgId, code: Digest, device: NewDevice, now_ms: i64) -> Stored<'_, Enrolment> {
        self.write(move |conn| access::enrol(conn, &org, &code, &device, now_ms))
    }

    fn incarnate(&self, org: OrgId, from: DeviceId, device: NewDevice, now_ms: i64) -> Stored<'_, Enrolment> {
        self.write(move |conn| access::incarnate(conn, &org, from, &device, now_ms))
    }

    fn use_token(&self, org: OrgId, device: DeviceId, now_ms: i64) -> Stored<'_, ()> {
        self.write(move |conn| access::use_token(conn, &org, device, now_ms))
    }

    fn revoke_device(&self, org: OrgId, device: DeviceId, now_ms: i64) -> Stored<'_, bool> {
        self.write(move |conn| access::revoke_device(conn, &org, device, now_ms))
    }

    fn user(&self, org: OrgId, person: PersonId) -> Stored<'_, Option<User>> {
        self.read(move |conn| access::user(conn, &org, &person))
    }

    fn put_user(&self, org: OrgId, user: User) -> Stored<'_, ()> {
        self.write(move |conn| access::put_user(conn, &org, &user))
    }

    fn put_session(&self, org: OrgId, session: NewSession, now_ms: i64) -> Stored<'_, ()> {
        self.write(move |conn| access::put_session(conn, &org, &session, now_ms))
    }

    fn session(&self, org: OrgId, token: Digest, now_ms: i64) -> Stored<'_, Option<Session>> {
        self.read(move |conn| access::session(conn, &org, &token, now_ms))
    }

    fn end_session(&self, org: OrgId, token: Digest) -> Stored<'_, ()> {
        self.write(move |conn| access::end_session(conn, &org, &token))
    }

    fn audit(&self, org: OrgId, at_ms: i64, who: PersonId, what: String) -> Stored<'_, ()> {
        self.write(move |conn| access::audit(conn, &org, at_ms, &who, &what))
    }
}

#[cfg(test)]
mod tests;
