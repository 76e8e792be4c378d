//! A phone of the simulation: the real one on its own file, with what the oracle remembers of it from outside.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstep_core::domain::ids::{DeviceId, EntryId, OrderId};
use doorstep_core::phone::{
    Clock, HttpRequest, HttpResponse, Phone, PhoneConfig, PhoneError, Transport, TransportError,
};
use doorstep_tests::phones::{Handset, Written};
use doorstep_tests::text;

use crate::disk::{self, Image, Process};

/// Nothing goes this way: every request is carried by the world.
struct Nowhere;

impl Transport for Nowhere {
    fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Err(TransportError::Unreachable("carried by hand".to_owned()))
    }
}

/// How far a phone says it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) n: u64,
    pub(crate) acked: u64,
    pub(crate) epoch: u64,
    pub(crate) cursor: u64,
}

/// A phone.
pub(crate) struct Mobile {
    pub(crate) hand: Handset,
    pub(crate) process: Process,
    pub(crate) folder: PathBuf,
    /// Its clock is so far from true time.
    pub(crate) off_ms: i64,
    pub(crate) version: u32,
    /// The last sync request it made.
    pub(crate) asked: Option<HttpRequest>,
    pub(crate) node: Option<usize>,
    /// A copy somebody made of its files.
    pub(crate) older: Option<Image>,
    pub(crate) seen: Vec<Written>,
    pub(crate) marks: Marks,
    /// Orders that left it.
    pub(crate) left: BTreeSet<OrderId>,
    pub(crate) is_revoked: bool,
    /// A bit of its file is flipped and nobody noticed yet.
    pub(crate) is_rotten: bool,
    /// What it believed to be the server's when its file rotted: it does not read that out of the damaged file.
    pub(crate) acked: Vec<EntryId>,
}

impl Mobile {
    /// A new phone in a folder of its own, or one on files that are there.
    pub(crate) fn open(folder: &Path, person: &str, process: Process) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        disk::act_as(process);
        let hand = Handset::open(&folder.join("phone.db"), person, Arc::new(Nowhere));
        Self {
            hand,
            process,
            folder: folder.to_owned(),
            off_ms: 0,
            version: 0,
            asked: None,
            node: None,
            older: None,
            seen: Vec::new(),
            marks: Marks::default(),
            left: BTreeSet::new(),
            is_revoked: false,
            is_rotten: false,
            acked: Vec::new(),
        }
    }

    pub(crate) fn set_time(&self, true_ms: i64) {
        let now = doorstep_core::domain::time::Stamp::new(true_ms.saturating_add(self.off_ms), 480);
        self.hand.clock.set(now);
    }

    pub(crate) fn person(&self) -> &str {
        &self.hand.person
    }

    pub(crate) fn device(&self) -> Option<DeviceId> {
        self.hand.phone.enrolment().ok().flatten().map(|enrolled| enrolled.device)
    }

    pub(crate) fn waiting(&self) -> u64 {
        self.hand.phone.status().map_or(0, |status| status.waiting)
    }

    /// The app begins again on its files.
    pub(crate) fn start(&mut self) -> Result<(), PhoneError> {
        disk::revive(self.process);
        disk::act_as(self.process);
        let clock: Arc<dyn Clock> = self.hand.clock.clone();
        let version = format!("1.0.{}-test", self.version);
        let config = PhoneConfig { clock, ..PhoneConfig::new(&self.hand.path, version) };
        self.hand.phone = Phone::open(config)?;
        Ok(())
    }

    /// The app is closed as it should be.
    pub(crate) fn close(&self) {
        self.hand.phone.close();
    }

    /// The app ends at once and leaves its files like this.
    pub(crate) fn crash(&mut self, image: &Image) -> Result<(), PhoneError> {
        disk::kill(self.process);
        self.hand.phone.close();
        disk::put_back(&self.folder, image);
        self.start()
    }

    /// Reads how far it is, and which orders left it, past the phone.
    pub(crate) fn look(&self) -> (Marks, BTreeSet<OrderId>) {
        disk::act_as(0);
        let conn = self.hand.file();
        let meta = |key: &str| -> u64 {
            let sql = "SELECT value FROM meta WHERE key = ?1";
            conn.query_row(sql, [key], |row| row.get::<_, i64>(0)).map_or(0, i64::unsigned_abs)
        };
        let n: i64 =
            conn.query_row("SELECT coalesce(max(n), 0) FROM journal", [], |row| row.get(0)).expect("n");
        let marks =
            Marks { n: n.unsigned_abs(), acked: meta("acked"), epoch: meta("epoch"), cursor: meta("cursor") };
        let sql = "SELECT order_id FROM view_order WHERE gone = 2";
        let mut find = conn.prepare(sql).expect("a select");
        let rows = find.query_map([], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
        let left = rows.map(|id| OrderId::from_slice(&id.expect("a row")).expect("an id")).collect();
        (marks, left)
    }

    /// The journal as it can be read, whatever became of its chain.
    pub(crate) fn written(&self) -> Vec<Written> {
        disk::act_as(0);
        let conn = self.hand.file();
        let mut find = conn.prepare("SELECT n, id, bytes FROM journal ORDER BY n").expect("the journal");
        let rows = find.query_map([], |row| {
            let (n, id): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let id = EntryId::from_slice(&id).expect("an id");
            Ok(Written { n: n.unsigned_abs(), id, bytes: row.get(2)? })
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    }

    /// The journal as it stands in the file, checked.
    pub(crate) fn journal(&self) -> Vec<Written> {
        disk::act_as(0);
        self.hand.journal()
    }
}

/// When the simulation begins.
pub(crate) fn beginning() -> i64 {
    text::at("2026-11-25T08:00").utc_ms
}
