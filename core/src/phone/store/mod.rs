//! The open file: one writing connection, reading ones that never wait for it, and what is kept in memory beside them.

mod checkpoint;
pub(crate) mod connection;
pub(crate) mod head;
pub(crate) mod identity;
pub(crate) mod journal;
pub(crate) mod meta;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use self::checkpoint::Checkpoint;
use self::head::Head;
use self::identity::Identity;
use super::at_rest::StorageKey;
use super::error::Result;
use super::photos::Folder;
use crate::domain::decide::Rulebook;
use crate::domain::time::Stamp;

/// How many idle reading connections are kept.
const IDLE_READERS: usize = 3;

/// An open file.
pub(crate) struct Store {
    path: PathBuf,
    key: Option<StorageKey>,
    photos: Folder,
    // First of all the thread that may still move the WAL is waited for.
    checkpoint: Checkpoint,
    // Readers first: fields are dropped in this order, and the last connection moves the WAL into the file.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Writer>,
    identity: RwLock<Arc<Identity>>,
    rulebook: RwLock<Option<Arc<Rulebook>>>,
    /// When everything was last exchanged; what is written of it may be a few minutes older.
    last_complete: Mutex<Option<Stamp>>,
}

struct Writer {
    conn: Connection,
    head: Head,
    /// SQLite's count of commits by others: when it moves, what is kept in memory is read again.
    data_version: i64,
}

impl Store {
    pub(crate) fn new(
        path: PathBuf,
        key: Option<StorageKey>,
        photos: Folder,
        conn: Connection,
    ) -> Result<Self> {
        let head = Head::load(&conn)?;
        let identity = Identity::load(&conn)?;
        let data_version = data_version(&conn)?;
        Ok(Self {
            checkpoint: Checkpoint::new(&path, key.clone()),
            path,
            key,
            photos,
            writer: Mutex::new(Writer { conn, head, data_version }),
            readers: Mutex::new(Vec::new()),
            identity: RwLock::new(Arc::new(identity)),
            rulebook: RwLock::new(None),
            last_complete: Mutex::default(),
        })
    }

    /// Where photos are kept.
    pub(crate) fn photos(&self) -> &Folder {
        &self.photos
    }

    /// Reads one snapshot. Never waits for the writer.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = lock(&self.readers).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => connection::open_reader(&self.path, self.key.as_ref())?,
        };
        let result = snapshot(&conn, work);
        // A connection whose transaction could not be ended is not used again.
        if conn.is_autocommit() {
            let mut readers = lock(&self.readers);
            if readers.len() < IDLE_READERS {
                readers.push(conn);
            }
        }
        result
    }

    /// Writes one transaction: all of it, with the head as `work` leaves it, or nothing.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>, &mut Head) -> Result<T>) -> Result<T> {
        let mut guard = match self.writer.lock() {
            Ok(guard) => guard,
            Err(poisoned) => {
                // A panic rolled its transaction back; the head is read again to be sure.
                self.writer.clear_poison();
                let mut guard = poisoned.into_inner();
                guard.data_version = -1;
                guard
            }
        };
        let Writer { conn, head, data_version: known } = &mut *guard;
        let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
        let seen = data_version(&tx)?;
        if seen != *known {
            *head = Head::load(&tx)?;
            self.set_identity(Identity::load(&tx)?);
            self.forget_rulebook();
            *known = seen;
        }
        let mut next = head.clone();
        let value = work(&tx, &mut next)?;
        tx.commit()?;
        *head = next;
        self.checkpoint.after_commit(conn);
        Ok(value)
    }

    pub(crate) fn identity(&self) -> Arc<Identity> {
        self.identity.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_identity(&self, identity: Identity) {
        *self.identity.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(identity);
    }

    /// The firm's rules as they were last sent, read once.
    pub(crate) fn rulebook(&self) -> Result<Arc<Rulebook>> {
        let kept = self.rulebook.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(rulebook) = kept {
            return Ok(rulebook);
        }
        let rulebook = Arc::new(self.read(super::documents::rulebook)?);
        *self.rulebook.write().unwrap_or_else(PoisonError::into_inner) = Some(rulebook.clone());
        Ok(rulebook)
    }

    pub(crate) fn last_complete(&self) -> Option<Stamp> {
        *lock(&self.last_complete)
    }

    pub(crate) fn set_last_complete(&self, at: Stamp) {
        *lock(&self.last_complete) = Some(at);
    }

    pub(crate) fn forget_rulebook(&self) {
        *self.rulebook.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    #[cfg(test)]
    pub(crate) fn with_writer<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&lock(&self.writer).conn)
    }
}

/// A lock whose holder may have panicked: what it guards is whole between two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn snapshot<T>(conn: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let tx = conn.unchecked_transaction()?;
    let value = work(&tx)?;
    tx.commit()?;
    Ok(value)
}

fn data_version(conn: &Connection) -> Result<i64> {
    Ok(conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}
