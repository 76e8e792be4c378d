//! Moving the WAL into the file, on a thread of its own: what is committed is on the disk already, so nobody waits for this.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;

use super::{connection, lock};

/// A WAL from this size on is moved: about a thousand pages, SQLite's own measure.
const FROM_BYTES: u64 = 4 * 1024 * 1024;

/// At most one thread that moves the WAL. Dropping waits for it.
pub(super) struct Checkpoint {
    wal: PathBuf,
    running: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpoint {
    pub(super) fn new(path: &Path) -> Self {
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        Self { wal: PathBuf::from(wal), running: Mutex::default() }
    }

    /// After a commit: moves the WAL if it has grown. `conn`: lets go of the memory of a large transaction.
    pub(super) fn after_commit(&self, path: &Path, conn: &Connection) {
        let size = std::fs::metadata(&self.wal).map_or(0, |found| found.len());
        if size < FROM_BYTES {
            return;
        }
        let mut running = lock(&self.running);
        if running.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        if size > 4 * FROM_BYTES {
            // It failing means only that the memory is kept.
            let _ = conn.release_memory();
        }
        let path = path.to_owned();
        let begun = Builder::new().name("doorstep-checkpoint".to_owned()).spawn(move || {
            // It failing means only that the WAL stays longer: the next commit tries again.
            if let Ok(conn) = connection::open_for_checkpoint(&path) {
                let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            }
        });
        *running = begun.ok();
    }
}

impl Drop for Checkpoint {
    fn drop(&mut self) {
        if let Some(thread) = lock(&self.running).take() {
            let _ = thread.join();
        }
    }
}
