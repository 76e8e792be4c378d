//! A firm with its server: a real one on port 0 and a fresh folder, with the people and rules of the demo's files.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::refusal::Refusal;
use doorstep_core::journal::ChainHash;
use doorstep_server::backup::{self, Taken, Wrong};
use doorstep_server::import::read_folder;
use doorstep_server::office::{OfficeError, execute};
use doorstep_server::storage::{LogEntry, OrderFilter, StoredOrder};
use doorstep_server::{AppState, Running, admin, rescue};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::database;

/// The demo's people.
pub const DIRECTOR: &str = "G001";
pub const SUPERVISOR: &str = "G002";
pub const DESK: &str = "G003";
pub const CHAN: &str = "W101";
pub const LEUNG: &str = "W102";

/// The role of one of the demo's people.
pub fn role(person: &str) -> Role {
    match person {
        DIRECTOR => Role::Director,
        SUPERVISOR => Role::Supervisor,
        DESK => Role::FrontDesk,
        _ => Role::Technician,
    }
}

/// One of the demo's people acting in their role.
pub fn actor(person: &str) -> Actor {
    Actor { person: PersonId::from(person), role: role(person) }
}

/// A line of the server's log, as it stands in the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    pub id: Option<EntryId>,
    pub n: u64,
    pub verdict: String,
    pub chain: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// A firm and its server.
pub struct Office {
    pub org: OrgId,
    pub data: PathBuf,
    pub addr: SocketAddr,
    running: Option<Running>,
    runtime: Runtime,
    folder: Option<TempDir>,
}

impl Office {
    /// The demo's firm with its twelve registered orders, on a fresh folder.
    pub fn emerald_lake() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        furnish(&data);
        let mut office = Self::open(&data);
        office.folder = Some(folder);
        office
    }

    /// A server on a folder that has a firm in it.
    pub fn open(data: &Path) -> Self {
        let runtime = runtime();
        let config = database::config(data, SocketAddr::from(([127, 0, 0, 1], 0)));
        let running = runtime.block_on(doorstep_server::start(config)).expect("a server");
        let addr = running.addr;
        let data = data.to_owned();
        Self { org: "emerald-lake".into(), data, addr, running: Some(running), runtime, folder: None }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn state(&self) -> &AppState {
        &self.running.as_ref().expect("the server runs").state
    }

    /// The server goes away; its folder stays.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.shutdown());
        }
    }

    /// And comes back on the same address.
    pub fn start(&mut self) {
        let config = database::config(&self.data, self.addr);
        self.running = Some(self.runtime.block_on(doorstep_server::start(config)).expect("the server again"));
    }

    /// Takes a backup beside the running server.
    pub fn backs_up(&self, place: &Path) -> Taken {
        let (address, store) = (database::photos(&self.data), self.state().blobs());
        let bucket = address.as_deref().map(|address| (address, &*store));
        backup::backup_with(&self.data, bucket, place, chrono::Utc::now()).expect("a backup")
    }

    /// The server's machine is lost, and the newest backup stands in its place on the same address.
    pub fn is_lost_and_restored(&mut self, place: &Path) {
        self.stop();
        std::fs::remove_dir_all(&self.data).expect("a lost folder");
        self.runtime.block_on(backup::restore(place, &self.data)).expect("a backup put back");
        self.start();
    }

    /// What is wrong with the server's folder, while it runs.
    pub fn wrong(&self) -> Vec<Wrong> {
        let seen = database::seen(&self.data);
        let folder = seen.copy.as_ref().map_or(&*self.data, |copy| copy.path());
        let store = database::photos(&self.data).map(|_| self.state().blobs());
        backup::verify_with(folder, store.as_deref()).expect("a look").wrong
    }

    /// Starts another epoch, as an operator does after putting a backup back.
    pub fn was_restored(&self) {
        self.runtime.block_on(admin::restored(self.state(), &self.org)).expect("another epoch");
    }

    /// Lets somebody sign in at the office's pages.
    pub fn user(&self, person: &str, password: &str) {
        let person = PersonId::from(person);
        let added = admin::add_user(self.state(), &self.org, &person, None, password);
        self.runtime.block_on(added).expect("a user");
    }

    /// A one-time code for somebody's phone.
    pub fn code(&self, person: &str) -> String {
        enrol_code(&self.runtime, self.state(), &self.org, person).0
    }

    /// What the QR code of an enrolment says.
    pub fn qr(&self, person: &str) -> String {
        enrol_code(&self.runtime, self.state(), &self.org, person).1
    }

    /// What a person has on the phone by the server's word, read past the server: seq and state of every order.
    pub fn scope(&self, person: &str) -> BTreeMap<OrderId, (u64, Vec<u8>)> {
        scope(&self.data, person)
    }

    /// From now on the phone may hand in what it holds, and gets nothing more.
    pub fn revoke(&self, device: DeviceId) {
        let revoked = self.state().storage().revoke_device(self.org.clone(), device, 1);
        assert!(self.runtime.block_on(revoked).expect("storage"), "no such device");
    }

    /// Waits for something of the server's.
    pub fn wait<T>(&self, work: impl std::future::Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The office gives a command.
    pub fn tries(&self, person: &str, order: OrderId, command: Command) -> Result<Order, Box<Refusal>> {
        let who = actor(person);
        let done = execute(self.state(), &self.org, &who, order, command);
        match self.runtime.block_on(done) {
            Ok(stored) => Ok(stored.order),
            Err(OfficeError::Refused(refusal)) => Err(refusal),
            Err(other) => panic!("{other}"),
        }
    }

    /// As [`Self::tries`], for a command that must pass.
    pub fn does(&self, person: &str, order: OrderId, command: Command) -> Order {
        let kind = command.kind();
        self.tries(person, order, command).unwrap_or_else(|refusal| panic!("{kind:?}: {refusal}"))
    }

    /// An order as the server has it.
    pub fn stored(&self, order: OrderId) -> StoredOrder {
        let found = self.state().storage().order(self.org.clone(), order);
        self.runtime.block_on(found).expect("storage").expect("the order")
    }

    pub fn order(&self, order: OrderId) -> Order {
        self.stored(order).order
    }

    pub fn timeline(&self, order: OrderId) -> Vec<LogEntry> {
        let entries = self.state().storage().timeline(self.org.clone(), order);
        self.runtime.block_on(entries).expect("storage")
    }

    /// Bytes that came beside the facts of an order: strokes, or a photo's thumbnail.
    pub fn ink(&self, order: OrderId, digest: Digest) -> Option<Vec<u8>> {
        let found = self.state().storage().ink(self.org.clone(), order, digest);
        self.runtime.block_on(found).expect("storage")
    }

    /// All orders, newest first.
    pub fn orders(&self) -> Vec<StoredOrder> {
        let filter = OrderFilter { limit: 100_000, ..OrderFilter::default() };
        self.runtime.block_on(self.state().storage().orders(self.org.clone(), filter)).expect("storage")
    }

    /// The org's clock.
    pub fn seq(&self) -> u64 {
        self.runtime.block_on(self.state().storage().clock(self.org.clone())).expect("storage").seq
    }

    /// An operator takes in a rescue bundle.
    pub fn take_bundle(
        &self,
        file: &Path,
        options: rescue::Options,
    ) -> Result<rescue::Taken, rescue::TakeError> {
        self.runtime.block_on(rescue::take(self.state(), file, options))
    }

    /// The ids of all entries that took effect, each as often as it did: read past the server, from the file.
    pub fn effective(&self) -> Vec<EntryId> {
        let seen = database::seen(&self.data);
        let conn = &seen.conn;
        let sql = "SELECT entry_id FROM entry_log WHERE verdict IN ('applied', 'conflicted') AND n > 0";
        let mut find = conn.prepare(sql).expect("the log");
        let rows = find.query_map([], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
        rows.map(|id| EntryId::from_slice(&id.expect("a row")).expect("an id")).collect()
    }

    /// Administrative acts that were written down, by how they begin.
    pub fn audits(&self, begins: &str) -> Vec<String> {
        let seen = database::seen(&self.data);
        let conn = &seen.conn;
        let mut find = conn.prepare("SELECT what FROM audit ORDER BY pk").expect("the acts");
        let rows = find.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        rows.map(|what| what.expect("a row")).filter(|what| what.starts_with(begins)).collect()
    }

    /// What the log holds of a device, in its own order: read past the server, from the file.
    pub fn log(&self, device: DeviceId) -> Vec<Kept> {
        log(&self.data, device)
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A runtime as the server's own.
pub fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).max_blocking_threads(8).enable_all().build().expect("a runtime")
}

fn enrol_code(runtime: &Runtime, state: &AppState, org: &OrgId, person: &str) -> (String, String) {
    runtime.block_on(admin::enrol_code(state, org, &PersonId::from(person))).expect("a code")
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/emerald-lake")
}

/// Puts the demo's firm into a folder, without serving.
pub fn furnish(data: &Path) {
    furnish_from(data, &demo());
}

/// The demo's firm with more technicians.
pub fn furnish_with(data: &Path, technicians: &[String]) {
    let files = tempfile::tempdir().expect("a folder");
    for file in std::fs::read_dir(demo()).expect("the demo's files") {
        let file = file.expect("a file");
        std::fs::copy(file.path(), files.path().join(file.file_name())).expect("a copy");
    }
    let path = files.path().join("people.csv");
    let mut people = std::fs::read_to_string(&path).expect("the people");
    for (i, code) in technicians.iter().enumerate() {
        let name: Vec<char> = "甲乙丙丁戊己庚辛壬癸".chars().collect();
        let (a, b, c) = (name[i / 100 % 10], name[i / 10 % 10], name[i % 10]);
        people.push_str(&format!("{code},{a}{b}{c},維修員,143 0000 {:04},繁體中文,,\n", 3000 + i));
    }
    std::fs::write(path, people).expect("the people");
    furnish_from(data, files.path());
}

fn furnish_from(data: &Path, files: &Path) {
    if database::is_on_postgres() {
        database::make(data);
    }
    let runtime = runtime();
    let config = database::config(data, SocketAddr::from(([127, 0, 0, 1], 0)));
    let state = runtime.block_on(doorstep_server::open(&config)).expect("a folder");
    let office = read_folder(files).expect("the demo's files").complete().expect("files without a fault");
    let done = runtime.block_on(admin::import::import(&state, &office, files)).expect("an import");
    assert_eq!((done.registered.len(), done.refused.len()), (12, 0), "the demo's register");
}

/// Codes for phones of a server that runs in another process: made in its folder before it starts.
pub fn codes(data: &Path, org: &OrgId, people: &[&str]) -> Vec<String> {
    let runtime = runtime();
    let config = database::config(data, SocketAddr::from(([127, 0, 0, 1], 0)));
    let state = runtime.block_on(doorstep_server::open(&config)).expect("a folder");
    people.iter().map(|person| enrol_code(&runtime, &state, org, person).0).collect()
}

/// What a server's folder grants a person.
pub fn scope(data: &Path, person: &str) -> BTreeMap<OrderId, (u64, Vec<u8>)> {
    let seen = database::seen(data);
    let conn = &seen.conn;
    let sql = r#"SELECT o.order_id, o.seq, o.state FROM "order" o
        JOIN "grant" g ON g.org = o.org AND g.order_id = o.order_id WHERE g.person = ?1 AND g.active = 1"#;
    let mut find = conn.prepare(sql).expect("the grants");
    let rows = find.query_map([person], |row| {
        let (id, seq): (Vec<u8>, i64) = (row.get(0)?, row.get(1)?);
        Ok((OrderId::from_slice(&id).expect("an id"), (seq.unsigned_abs(), row.get(2)?)))
    });
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

/// What a server's folder holds of a device's journal.
pub fn log(data: &Path, device: DeviceId) -> Vec<Kept> {
    let seen = database::seen(data);
    let conn = &seen.conn;
    let sql = "SELECT entry_id, n, verdict, chain, bytes FROM entry_log WHERE device_id = ?1 ORDER BY n";
    let mut find = conn.prepare(sql).expect("the log");
    let rows = find.query_map([device.as_bytes()], |row| {
        let id: Option<Vec<u8>> = row.get(0)?;
        let n: i64 = row.get(1)?;
        Ok(Kept {
            id: id.and_then(|id| EntryId::from_slice(&id)),
            n: n.unsigned_abs(),
            verdict: row.get(2)?,
            chain: row.get(3)?,
            bytes: row.get(4)?,
        })
    });
    let kept: Vec<Kept> = rows.expect("rows").map(|row| row.expect("a row")).collect();
    let mut chain = ChainHash::default();
    for (expected, entry) in (1..).zip(&kept) {
        chain = chain.then(&entry.bytes);
        assert_eq!(entry.n, expected, "the server's log of a device has no gap");
        assert_eq!(entry.chain, chain.0.0, "the server's chain of a device verifies");
    }
    kept
}
