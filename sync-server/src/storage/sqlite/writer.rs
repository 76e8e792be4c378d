//! The one writer: a thread that owns the writing connection and commits what is waiting together.
//!
//! A commit waits for the disk. When fifty phones push at once, their transactions are savepoints of one commit, so
//! that they wait for the disk once; nobody is answered before it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::metrics;
use crate::storage::StorageError;

/// The most writes that wait; more are told that the storage is busy.
const QUEUE: usize = 512;
/// The most writes in one commit.
const GROUP: usize = 64;
/// Row changes after which the log is written back to the database when there is nothing else to do, or at the latest.
const CHECKPOINT_IDLE: u64 = 4_000;
const CHECKPOINT_LATEST: u64 = 100_000;

type Committed = Result<(), Arc<rusqlite::Error>>;
type Finish = Box<dyn FnOnce(Committed) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> (bool, Finish) + Send>;

/// The front of the writer thread.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(conn: Connection) -> std::io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new().name("doorstep-writer".to_owned());
        let thread = thread.spawn(move || work(&conn, jobs))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` inside a transaction; its result is given after the commit.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |conn| match work(conn) {
            Ok(value) => {
                let finish = move |committed: Committed| {
                    let result = committed.map(|()| value);
                    let _ = tell.send(result.map_err(|why| StorageError::Database(Box::new(why))));
                };
                (true, Box::new(finish))
            }
            Err(error) => (false, Box::new(move |_| drop(tell.send(Err(error))))),
        });
        let queue = self.queue.as_ref().ok_or(StorageError::Busy)?;
        queue.try_send(job).map_err(|_| {
            metrics::refused();
            StorageError::Busy
        })?;
        told.await.map_err(|_| StorageError::Busy)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(conn: &Connection, mut jobs: mpsc::Receiver<Job>) {
    let mut written_back = 0;
    while let Some(first) = jobs.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            let Ok(next) = jobs.try_recv() else { break };
            group.push(next);
        }
        let began = Instant::now();
        commit(conn, group);
        metrics::committed(began.elapsed(), jobs.len());
        let changed = conn.total_changes();
        let waiting = changed.saturating_sub(written_back);
        if waiting > CHECKPOINT_LATEST || (waiting > CHECKPOINT_IDLE && jobs.is_empty()) {
            checkpoint(conn);
            written_back = changed;
        }
    }
    checkpoint(conn);
}

/// Runs the jobs in one transaction and tells each how it ended. A job that fails takes only itself back.
fn commit(conn: &Connection, group: Vec<Job>) {
    if let Err(error) = conn.execute_batch("BEGIN IMMEDIATE") {
        // The jobs are dropped unrun: each caller hears that the storage is busy.
        tracing::error!(%error, "no write transaction");
        return;
    }
    let mut finishes = Vec::with_capacity(group.len());
    let mut lost = None;
    // Alone in its transaction, a job needs no savepoint.
    let alone = group.len() == 1;
    for job in group {
        match one(conn, job, alone) {
            Ok(finish) => finishes.push(finish),
            Err(error) => {
                lost = Some(error);
                break;
            }
        }
    }
    let committed = match lost {
        None => conn.execute_batch("COMMIT"),
        Some(error) => Err(error),
    };
    let committed = committed.map_err(|error| {
        tracing::error!(%error, "a write transaction was taken back");
        if !conn.is_autocommit() {
            let _ = conn.execute_batch("ROLLBACK");
        }
        Arc::new(error)
    });
    for finish in finishes {
        finish(committed.clone());
    }
}

/// One job in its savepoint. An error means that the whole transaction is lost.
fn one(conn: &Connection, job: Job, alone: bool) -> Result<Finish, rusqlite::Error> {
    if !alone {
        conn.prepare_cached("SAVEPOINT job")?.execute([])?;
    }
    let done = std::panic::catch_unwind(AssertUnwindSafe(|| job(conn)));
    let (good, finish) = done.unwrap_or_else(|_| {
        // The caller's channel went with the job: it hears that the storage is busy.
        tracing::error!("a write panicked and was taken back");
        (false, Box::new(|_| {}))
    });
    match (good, alone) {
        (true, true) => {}
        // The commit that follows is of an empty transaction.
        (false, true) => conn.execute_batch("ROLLBACK; BEGIN")?,
        (true, false) => drop(conn.prepare_cached("RELEASE job")?.execute([])?),
        (false, false) => conn.execute_batch("ROLLBACK TO job; RELEASE job")?,
    }
    Ok(finish)
}

/// Writes the log back to the database; readers may keep part of it waiting.
fn checkpoint(conn: &Connection) {
    let done: Result<i64, _> = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(0));
    // A large push has made the cache grow; it is not needed in between.
    let done = done.and_then(|_| conn.execute_batch("PRAGMA shrink_memory"));
    if let Err(error) = done {
        tracing::warn!(%error, "the log could not be written back");
    }
}
