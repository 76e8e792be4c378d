//! Real phones on real files, each with a clock the test holds, and what a test may look at in their files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::signing::{Capacity, Signed, Signer};
use doorstep_core::domain::seal::ink::Stroke;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::{ChainHash, Entry};
use doorstep_core::phone::{
    Clock, HttpTransport, OrderDetail, Phone, PhoneConfig, PhoneError, Recorded, SyncReport, Transport, Trust,
};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::dice::Dice;
use crate::office::Office;
use crate::play::{self, Hand};
use crate::text;
use crate::walk::{Sight, weight};

/// A clock that stands until it is moved.
#[derive(Debug)]
pub struct HeldClock {
    utc_ms: AtomicI64,
    mono_ms: AtomicU64,
}

impl HeldClock {
    pub fn at(now: Stamp) -> Arc<Self> {
        Arc::new(Self { utc_ms: AtomicI64::new(now.utc_ms), mono_ms: AtomicU64::new(0) })
    }

    pub fn set(&self, now: Stamp) {
        self.utc_ms.store(now.utc_ms, Ordering::SeqCst);
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Stamp {
        Stamp::new(self.utc_ms.load(Ordering::SeqCst), 480)
    }

    fn mono_ms(&self) -> u64 {
        self.mono_ms.fetch_add(1, Ordering::SeqCst)
    }

    fn boot(&self) -> Option<uuid::Uuid> {
        None
    }
}

/// The line phones have when nothing is wrong with it.
pub fn line() -> HttpTransport {
    HttpTransport::new(Trust::Roots(Vec::new()))
}

/// One entry of a phone's journal as it stands in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    pub n: u64,
    pub id: EntryId,
    pub bytes: Vec<u8>,
}

/// A phone in a hand.
pub struct Handset {
    pub phone: Phone,
    pub clock: Arc<HeldClock>,
    pub path: PathBuf,
    pub person: String,
    pub line: Arc<dyn Transport>,
    folder: Option<TempDir>,
}

impl Handset {
    /// A new phone, enrolled for somebody.
    pub fn enrol(office: &Office, person: &str) -> Self {
        let handset = Self::fresh(person, Arc::new(line()));
        handset.phone.enrol(&line(), &office.qr(person)).expect("an enrolment");
        handset
    }

    /// A new phone that knows nothing yet.
    pub fn fresh(person: &str, line: Arc<dyn Transport>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut handset = Self::open(&folder.path().join("phone.db"), person, line);
        handset.folder = Some(folder);
        handset
    }

    /// A phone on a file.
    pub fn open(path: &Path, person: &str, line: Arc<dyn Transport>) -> Self {
        let clock = HeldClock::at(text::at("2026-11-25T08:00"));
        let phone = Phone::open(config(path, &clock)).expect("a phone");
        Self { phone, clock, path: path.to_owned(), person: person.to_owned(), line, folder: None }
    }

    /// The app is closed and opened again.
    pub fn reopen(&mut self) {
        self.phone.close();
        self.phone = Phone::open(config(&self.path, &self.clock)).expect("the phone again");
    }

    pub fn device(&self) -> DeviceId {
        self.phone.enrolment().expect("storage").expect("an enrolment").device
    }

    pub fn sync(&self) -> Result<SyncReport, PhoneError> {
        self.phone.sync(&*self.line)
    }

    /// Syncs over a line with nothing wrong; it must end with nothing left.
    pub fn heal(&self) -> SyncReport {
        let report = self.phone.sync(&line()).expect("a sync over a good line");
        assert!(!report.more, "{report:?}");
        assert_eq!(self.phone.status().expect("storage").waiting, 0, "nothing waits after a complete sync");
        report
    }

    pub fn detail(&self, id: OrderId) -> OrderDetail {
        self.phone.order(id).expect("the order")
    }

    pub fn file(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.path, flags).expect("the phone's file");
        conn.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
        conn
    }

    /// The server's orders as this phone has them: seq and state, read past the phone.
    pub fn base(&self) -> BTreeMap<OrderId, (u64, Vec<u8>)> {
        let conn = self.file();
        let sql = "SELECT b.order_id, b.seq, coalesce(b.state, s.bytes), b.given
             FROM base b LEFT JOIN state s ON s.id = b.id";
        let mut find = conn.prepare(sql).expect("base");
        let rows = find.query_map([], |row| {
            let id: Vec<u8> = row.get(0)?;
            let seq: i64 = row.get(1)?;
            let mut state: Vec<u8> = row.get(2)?;
            if let Some(number) = row.get(3)? {
                let mut order = Order::from_bytes(&state).expect("a state");
                order.number = Some(number);
                state = order.to_bytes();
            }
            Ok((OrderId::from_slice(&id).expect("an id"), (seq.unsigned_abs(), state)))
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    }

    /// The journal from where it begins, its numbers and chain checked: within an incarnation nothing is missing, changed or moved (I2).
    pub fn journal(&self) -> Vec<Written> {
        let conn = self.file();
        let begins: Vec<u64> = column(&conn, "SELECT first FROM incarnation ORDER BY first");
        let mut find =
            conn.prepare("SELECT n, id, bytes, hash FROM journal ORDER BY n").expect("the journal");
        let rows = find.query_map([], |row| {
            let (n, id): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let hash: [u8; 32] = row.get(3)?;
            let id = EntryId::from_slice(&id).expect("an id");
            Ok((Written { n: n.unsigned_abs(), id, bytes: row.get(2)? }, Digest(hash)))
        });
        let (start, hash): (i64, [u8; 32]) = conn
            .query_row("SELECT n, hash FROM journal_start", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("where it begins");
        let mut chain = ChainHash(Digest(hash));
        let mut written = Vec::new();
        for (expected, row) in (start.unsigned_abs() + 1..).zip(rows.expect("rows")) {
            let (entry, hash) = row.expect("a row");
            assert_eq!(entry.n, expected, "the journal has no gap");
            if begins.contains(&entry.n) {
                chain = ChainHash::default();
            }
            chain = chain.then(&entry.bytes);
            assert_eq!(chain.0, hash, "the chain verifies at {expected}");
            if let Ok(decoded) = Entry::decode(&entry.bytes) {
                assert_eq!(decoded.id, entry.id);
            }
            written.push(entry);
        }
        written
    }

    /// What must be true of a phone's file at any time: its chain verifies, its views are base and pending folded.
    pub fn check(&self) {
        self.journal();
        assert_eq!(self.phone.verify_views().expect("storage"), [], "view = fold(base, pending) (I4)");
        let conn = self.file();
        let sane: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
        assert_eq!(sane, "ok");
    }

    /// After a complete sync: the phone has exactly what the server has for this person, bit for bit (I10), and the
    /// server has every entry the phone made, as its exact bytes (I7).
    pub fn check_against(&self, office: &Office) {
        self.check_against_folder(&office.data);
    }

    /// The same, of a server in another process.
    pub fn check_against_folder(&self, data: &Path) {
        self.check();
        let scope = crate::office::scope(data, &self.person);
        assert_eq!(differing(&self.base(), &scope), [], "base is the server's state in scope (I10)");
        let made: Vec<Vec<u8>> = self.journal().into_iter().map(|entry| entry.bytes).collect();
        let log = crate::office::log(data, self.device());
        // What the phone let go of is at the front of it.
        let gone = self.file().query_row("SELECT n FROM journal_start", [], |row| row.get::<_, i64>(0));
        let gone = usize::try_from(gone.expect("where it begins")).expect("a number");
        let kept: Vec<Vec<u8>> = log.into_iter().skip(gone).map(|kept| kept.bytes).collect();
        assert_eq!(kept.len(), made.len(), "every entry is in the log, once (I6, I7)");
        assert!(kept == made, "the log has the phone's exact bytes");
    }
}

/// Where two sides differ: the order, and its seq on either side.
pub fn differing(
    one: &BTreeMap<OrderId, (u64, Vec<u8>)>,
    other: &BTreeMap<OrderId, (u64, Vec<u8>)>,
) -> Vec<(OrderId, Option<u64>, Option<u64>)> {
    let ids: BTreeSet<&OrderId> = one.keys().chain(other.keys()).collect();
    let unlike = ids.into_iter().filter(|id| one.get(id) != other.get(id));
    let seq = |side: &BTreeMap<OrderId, (u64, Vec<u8>)>, id| side.get(id).map(|(seq, _)| *seq);
    unlike.map(|id| (*id, seq(one, id), seq(other, id))).collect()
}

fn column(conn: &Connection, sql: &str) -> Vec<u64> {
    let mut find = conn.prepare(sql).expect("a select");
    let rows = find.query_map([], |row| row.get::<_, i64>(0)).expect("rows");
    rows.map(|row| row.expect("a row").unsigned_abs()).collect()
}

/// How tests open a phone.
pub fn config(path: &Path, clock: &Arc<HeldClock>) -> PhoneConfig {
    let clock: Arc<dyn Clock> = clock.clone();
    PhoneConfig { clock, ..PhoneConfig::new(path, "1.0.0-test") }
}

impl Handset {
    /// Gives a random command that a button allows, on one of these orders; what was saved.
    pub fn walks(&self, among: &[OrderId], dice: &mut Dice) -> Option<Recorded> {
        let id = *dice.pick(among)?;
        self.steps(id, dice).unwrap_or_else(|why| panic!("{why}"))
    }

    /// One step of a walk on an order; what was saved, if there was something to do and no rule said no.
    pub fn steps(&self, id: OrderId, dice: &mut Dice) -> Result<Option<Recorded>, PhoneError> {
        let sign = |paper: &Paper, capacity| {
            let signer = Signer { name: "陳美玲".to_owned(), capacity };
            self.phone.sign(id, paper, Lang::ZhHant, signer, &play::strokes(30)).ok()
        };
        let me = PersonId::from(self.person.as_str());
        let rulebook = Rulebook::builtin();
        let known = match self.phone.order(id) {
            Ok(detail) => Some(detail),
            Err(PhoneError::NotFound(_)) => None,
            Err(other) => return Err(other),
        };
        let lots: Vec<CommandKind> = match &known {
            None => vec![CommandKind::Register],
            Some(detail) => {
                let allowed = detail.actions.iter().filter(|action| action.refusal.is_none());
                allowed.flat_map(|action| std::iter::repeat_n(action.kind, weight(action.kind))).collect()
            }
        };
        let order = known.map(|detail| detail.order).unwrap_or_default();
        let now = self.clock.now();
        let sight = Sight { order: &order, rulebook: &rulebook, me: &me, now, sign: &sign };
        let Some(command) = dice.pick(&lots).and_then(|kind| sight.fill(*kind, dice)) else {
            return Ok(None);
        };
        match self.phone.record(id, command) {
            Ok(recorded) => Ok(Some(recorded)),
            Err(PhoneError::Refused(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

impl Hand for Handset {
    fn order(&self, id: OrderId) -> Order {
        self.detail(id).order
    }

    fn rulebook(&self) -> Rulebook {
        Rulebook::builtin()
    }

    fn clock(&self, now: Stamp) {
        self.clock.set(now);
    }

    fn tries(&self, id: OrderId, command: Command) -> Result<(), String> {
        self.phone.record(id, command).map(|_| ()).map_err(|why| why.to_string())
    }

    fn sign(&self, id: OrderId, paper: &Paper, name: &str, capacity: Capacity, strokes: &[Stroke]) -> Signed {
        let signer = Signer { name: name.to_owned(), capacity };
        self.phone.sign(id, paper, Lang::ZhHant, signer, strokes).expect("a signature")
    }
}
