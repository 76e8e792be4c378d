//! Moving the WAL into the file, on a thread of its own: what is committed is on the disk already, so nobody waits for this.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::{connection, lock};
use crate::phone::at_rest::StorageKey;
use crate::phone::durable::with_suffix;

/// A WAL is moved when it has grown by this much: about a thousand pages, SQLite's own measure.
const GROWN_BYTES: u64 = 4 * 1024 * 1024;
/// From here on the committing thread moves it: others write faster than it can be moved beside them.
const TOO_LARGE_BYTES: u64 = 128 * 1024 * 1024;
/// Commits that come meanwhile leave a rest. It is moved a little later, if it gets quieter.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(250);

/// At most one thread that moves the WAL. Dropping waits for what it is doing.
pub(super) struct Checkpoint {
    path: PathBuf,
    wal: PathBuf,
    key: Option<StorageKey>,
    state: Mutex<State>,
    is_ending: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    thread: Option<JoinHandle<()>>,
    /// The size at which it is moved next.
    at: u64,
}

impl Checkpoint {
    pub(super) fn new(path: &Path, key: Option<StorageKey>) -> Self {
        Self {
            path: path.to_owned(),
            wal: with_suffix(path, "-wal"),
            key,
            state: Mutex::new(State { thread: None, at: GROWN_BYTES }),
            is_ending: Arc::default(),
        }
    }

    /// After a commit on `conn`: moves the WAL if it has grown.
    pub(super) fn after_commit(&self, conn: &Connection) {
        let size = std::fs::metadata(&self.wal).map_or(0, |found| found.len());
        let mut state = lock(&self.state);
        if size < GROWN_BYTES {
            // It was moved, and began anew.
            state.at = GROWN_BYTES;
        }
        if size < state.at {
            return;
        }
        if size - state.at >= GROWN_BYTES {
            // A large transaction. Failing means only that its memory is kept.
            let _ = conn.release_memory();
        }
        if size >= TOO_LARGE_BYTES {
            move_wal(conn);
            return;
        }
        if state.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        state.at = size + GROWN_BYTES;
        let (path, key, is_ending) = (self.path.clone(), self.key.clone(), self.is_ending.clone());
        let begun = Builder::new().name("doorstep-checkpoint".to_owned()).spawn(move || {
            let Ok(conn) = connection::open_for_checkpoint(&path, key.as_ref()) else { return };
            for _ in 0..TRIES {
                if is_ending.load(Ordering::Acquire) || move_wal(&conn) {
                    return;
                }
                thread::park_timeout(BETWEEN);
            }
        });
        state.thread = begun.ok();
    }
}

impl Drop for Checkpoint {
    fn drop(&mut self) {
        self.is_ending.store(true, Ordering::Release);
        if let Some(thread) = lock(&self.state).thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

/// Moves what can be moved without anybody waiting. Gives whether all of it was. Failing means only that the WAL stays
/// longer.
fn move_wal(conn: &Connection) -> bool {
    let frames = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    });
    frames.is_ok_and(|(logged, moved)| logged == moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grown_wal_is_moved_and_begins_anew() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("some.db");
        let conn = connection::open_writer(&path, None).unwrap();
        connection::use_wal(&conn).unwrap();
        conn.execute_batch("CREATE TABLE t (body BLOB) STRICT").unwrap();
        let checkpoint = Checkpoint::new(&path, None);
        let wal = || std::fs::metadata(&checkpoint.wal).unwrap().len();
        let insert = |bytes: usize| {
            conn.execute("INSERT INTO t (body) VALUES (zeroblob(?1))", [bytes]).unwrap();
            checkpoint.after_commit(&conn);
        };
        insert(1_000_000);
        assert!(lock(&checkpoint.state).thread.is_none(), "not yet");
        insert(6_000_000);
        assert!(wal() > GROWN_BYTES);
        let running = lock(&checkpoint.state).thread.take().expect("it is being moved");
        running.join().unwrap();
        insert(10);
        assert!(wal() <= 2 * 1024 * 1024, "{}", wal());
        assert_eq!(lock(&checkpoint.state).at, GROWN_BYTES);
        assert!(std::fs::metadata(&path).unwrap().len() > 7_000_000);
    }
}
