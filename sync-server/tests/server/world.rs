//! The tests' world: a server in a folder of its own, and a plain HTTP client that counts its bytes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{OrderId, OrgId, PersonId};
use doorstep_core::domain::order::intake::{Assignment, Intake};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::time::{Stamp, Window};
use doorstep_server::import::read_folder;
use doorstep_server::office::{OfficeError, execute};
use doorstep_server::storage::StoredOrder;
use doorstep_server::storage::postgres::DatabaseUrl;
use doorstep_server::{AppState, Running, ServerConfig, WallClock, admin};
use tokio::runtime::Runtime;

/// The demo's first firm.
pub(crate) const ORG: &str = "emerald-lake";

pub(crate) struct World {
    pub(crate) runtime: Runtime,
    pub(crate) server: Option<Running>,
    pub(crate) folder: tempfile::TempDir,
    clock: WallClock,
    /// A PostgreSQL database of its own, when `DOORSTEP_ON` says so.
    database: Option<DatabaseUrl>,
    /// A place of its own in a bucket, when `DOORSTEP_PHOTOS_ON` says so.
    photos: Option<String>,
}

impl World {
    /// A server with the demo's first firm, without its register.
    pub(crate) fn new() -> Self {
        Self::with(WallClock::default())
    }

    /// The same by another clock.
    pub(crate) fn with(clock: WallClock) -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(2).max_blocking_threads(8).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database = database(&runtime);
        let is_on_s3 = std::env::var("DOORSTEP_PHOTOS_ON").is_ok_and(|on| on == "s3");
        let photos = is_on_s3.then(|| format!("s3://photos/{}", uuid::Uuid::now_v7()));
        let mut world = Self { runtime, server: None, folder, clock, database, photos };
        world.start();
        world.import("emerald-lake", false);
        world
    }

    /// What another process on the same folder and database is started with.
    pub(crate) fn config(&self) -> ServerConfig {
        let here = "127.0.0.1:0".parse().unwrap();
        let (database, photos) = (self.database.clone(), self.photos.clone());
        ServerConfig { database, photos, ..ServerConfig::new(self.folder.path(), here) }
    }

    pub(crate) fn start(&mut self) {
        let config = ServerConfig { clock: self.clock.clone(), ..self.config() };
        self.server = Some(self.runtime.block_on(doorstep_server::start(config)).unwrap());
    }

    /// Starts it with figures for monitoring on a free port of their own.
    pub(crate) fn start_counting(&mut self) {
        let here = "127.0.0.1:0".parse().unwrap();
        let config = ServerConfig { metrics: Some(here), ..self.config() };
        self.server = Some(self.runtime.block_on(doorstep_server::start(config)).unwrap());
    }

    pub(crate) fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.shutdown());
        }
    }

    pub(crate) fn import(&self, firm: &str, with_register: bool) -> admin::import::Imported {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo").join(firm);
        let mut office = read_folder(&folder).unwrap().complete().unwrap();
        if !with_register {
            office.registrations.clear();
        }
        self.runtime.block_on(admin::import::import(self.state(), &office, &folder)).unwrap()
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.server.as_ref().unwrap().addr
    }

    pub(crate) fn state(&self) -> &AppState {
        &self.server.as_ref().unwrap().state
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.addr())
    }

    /// A command of the office.
    pub(crate) fn office(
        &self,
        who: &str,
        role: Role,
        order: OrderId,
        command: Command,
    ) -> Result<StoredOrder, OfficeError> {
        let actor = Actor { person: PersonId::from(who), role };
        self.runtime.block_on(execute(self.state(), &OrgId::from(ORG), &actor, order, command))
    }

    pub(crate) fn register(&self) -> OrderId {
        let order = OrderId::new();
        self.office("G003", Role::FrontDesk, order, Command::Register(intake("漏水"))).unwrap();
        order
    }

    pub(crate) fn accept_and_assign(&self, order: OrderId, technician: &str) {
        self.office("G003", Role::FrontDesk, order, Command::Accept { materials: String::new() }).unwrap();
        self.assign(order, technician);
    }

    pub(crate) fn assign(&self, order: OrderId, technician: &str) {
        let assignment = Assignment { technician: PersonId::from(technician), helpers: Vec::new() };
        self.office("G003", Role::FrontDesk, order, Command::Assign(assignment)).unwrap();
    }

    pub(crate) fn order(&self, order: OrderId) -> Option<StoredOrder> {
        self.runtime.block_on(self.state().storage().order(OrgId::from(ORG), order)).unwrap()
    }

    pub(crate) fn user(&self, person: &str, password: &str) {
        let (org, person) = (OrgId::from(ORG), PersonId::from(person));
        self.runtime.block_on(admin::add_user(self.state(), &org, &person, None, password)).unwrap();
    }

    /// Signs in over the interface; gives the bearer token.
    pub(crate) fn login(&self, person: &str, password: &str) -> String {
        let body = serde_json::json!({"person": person, "password": password}).to_string();
        let answer = self.client().json("POST", "/v1/login", "", &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.value()["token"].as_str().unwrap().to_owned()
    }
}

/// A fresh database on the PostgreSQL that `tests/run postgres` started, when this run is to be on it.
fn database(runtime: &Runtime) -> Option<DatabaseUrl> {
    if std::env::var("DOORSTEP_ON").is_ok_and(|on| on == "postgres") {
        let admin = std::env::var("DOORSTEP_POSTGRES").expect("run this with tests/run postgres");
        let (front, _) = admin.rsplit_once('/').unwrap();
        let name = format!("w{}", uuid::Uuid::now_v7().simple());
        let url = DatabaseUrl::new(format!("{front}/{name}"));
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&admin, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        });
        return Some(url);
    }
    None
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn intake(fault: &str) -> Intake {
    let start = Stamp::parse("2026-11-26T09:00:00+08:00").unwrap();
    Intake {
        unit: "3-1202".to_owned(),
        resident: "陳美玲".to_owned(),
        phone: "142 0000 1234".to_owned(),
        company: "翠湖".to_owned(),
        reporter: "陳美玲".to_owned(),
        fault: fault.to_owned(),
        symptom: "廚房水管滴水".to_owned(),
        work_type: "plumbing".to_owned(),
        wished: Some(Window { start, end: start.plus_minutes(60) }),
        ..Intake::default()
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Bytes on the wire, both ways.
    pub(crate) sent: usize,
    pub(crate) received: usize,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn value(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn error(&self) -> String {
        self.value()["error"].as_str().unwrap().to_owned()
    }
}

pub(crate) struct Client {
    pub(crate) stream: BufReader<TcpStream>,
    addr: SocketAddr,
}

impl Client {
    pub(crate) fn new(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::with_capacity(256 * 1024, stream), addr }
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.addr);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        let stream = self.stream.get_mut();
        // A server that has heard enough answers before it has read all.
        let _ = stream.write_all(&[head.as_bytes(), body].concat());
        let mut answer = self.read();
        answer.sent = head.len() + body.len();
        answer
    }

    fn line(&mut self, received: &mut usize) -> String {
        let mut line = String::new();
        *received += self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    pub(crate) fn read(&mut self) -> Answer {
        let mut received = 0;
        let first = self.line(&mut received);
        let status =
            first.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {first:?}")).parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line(&mut received);
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
        self.stream.read_exact(&mut body).unwrap();
        received += body.len();
        Answer { status, headers, body, sent: 0, received }
    }

    pub(crate) fn json(&mut self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send(method, path, &headers, body.as_bytes())
    }
}
