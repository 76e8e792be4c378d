//! Reading connections: opened when needed, kept for the next reader, never more than a few.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connect;
use crate::storage::StorageError;

/// The most reads at once.
const READERS: usize = 4;

/// The pool.
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    /// A pool on a database file.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Arc::default(), permits: Arc::new(Semaphore::new(READERS)) }
    }

    /// Runs `work` on a thread that may block, inside one snapshot.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let permits = Arc::clone(&self.permits);
        let permit = permits.acquire_owned().await.map_err(|_| StorageError::Busy)?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let task = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let conn = match kept {
                Some(conn) => conn,
                None => open(&path)?,
            };
            let result = snapshot(&conn, work);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            drop(permit);
            result
        });
        task.await.map_err(|e| StorageError::Database(Box::new(e)))?
    }
}

fn open(path: &std::path::Path) -> Result<Connection, StorageError> {
    let conn = connect(path)?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2000")?;
    Ok(conn)
}

fn snapshot<T>(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    conn.prepare_cached("BEGIN")?.execute([])?;
    let result = work(conn);
    conn.prepare_cached("COMMIT")?.execute([])?;
    result
}
