//! The firm's servers: several processes on one store, driven by hand inside this one, request by request.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{DeviceId, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::phone::{HttpRequest, HttpResponse};
use doorstep_server::blobs::FolderStore;
use doorstep_server::import::read_folder;
use doorstep_server::office::{OfficeError, execute};
use doorstep_server::rescue::RescueKeys;
use doorstep_server::storage::sqlite::{FILE, SqliteStorage};
use doorstep_server::{AppState, WallClock, admin, backup};
use doorstep_tests::office::actor;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

use crate::disk::{self, Image, Process};
use crate::gate::{Gate, Gated};

/// The address phones believe to speak to.
const URL: &str = "http://office.invalid";
/// Server processes are numbered from here on.
const FIRST: Process = 100;
pub(crate) const PROCESSES: usize = 3;

/// What becomes of a request that is held at the gate.
pub(crate) enum Held {
    GoOn,
    /// Whoever asked is gone, and the request with them.
    Abandon,
}

/// A server process.
struct Node {
    state: AppState,
    router: Router,
}

/// The firm's servers.
pub(crate) struct Servers {
    pub(crate) folder: PathBuf,
    pub(crate) org: OrgId,
    pub(crate) gate: Arc<Gate>,
    place: PathBuf,
    clock: Arc<AtomicI64>,
    runtime: Runtime,
    nodes: Vec<Option<Node>>,
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Servers {
    /// The demo's firm, and its servers running.
    pub(crate) fn begin(root: &Path, now_ms: i64) -> Self {
        let folder = root.join("server");
        let place = root.join("backups");
        for new in [&folder, &place] {
            std::fs::create_dir_all(new).expect("a folder");
        }
        // One thread for reads: they are answered one at a time, and always by the same one.
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(1)
            .thread_keep_alive(Duration::from_secs(3600))
            .build()
            .expect("a runtime");
        let nodes = (0..PROCESSES).map(|_| None).collect();
        let clock = Arc::new(AtomicI64::new(now_ms));
        let org = OrgId::from("emerald-lake");
        let mut servers = Self { folder, place, org, gate: Arc::default(), clock, runtime, nodes };
        servers.start(0);
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/emerald-lake");
        let office = read_folder(&demo).expect("the demo's files").complete().expect("files without a fault");
        servers.run(admin::import::import(servers.state(0), &office, &demo)).expect("an import");
        for node in 1..PROCESSES {
            servers.start(node);
        }
        servers
    }

    pub(crate) fn process(node: usize) -> Process {
        FIRST + Process::try_from(node).unwrap_or(0)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    pub(crate) fn set_now(&self, ms: i64) {
        self.clock.store(ms, Ordering::SeqCst);
    }

    /// Starts a process, if it does not run.
    pub(crate) fn start(&mut self, node: usize) {
        if self.nodes[node].is_some() {
            return;
        }
        disk::revive(Self::process(node));
        disk::act_as(Self::process(node));
        let clock = Arc::clone(&self.clock);
        let clock = WallClock::reading(move || clock.load(Ordering::SeqCst));
        let storage = Arc::new(SqliteStorage::open(&self.folder).expect("the store"));
        let storage = Arc::new(Gated { inner: storage, gate: Arc::clone(&self.gate) });
        let blobs = Arc::new(FolderStore::open(self.folder.join("blobs")).expect("a folder for photos"));
        let keys = RescueKeys::of(&self.folder);
        let state = AppState::new(storage, blobs, keys, URL.to_owned(), clock);
        let router = doorstep_server::in_process(state.clone());
        self.nodes[node] = Some(Node { state, router });
    }

    /// A process ends: in order, or because it was struck before.
    pub(crate) fn stop(&mut self, node: usize) {
        self.nodes[node] = None;
    }

    /// All processes end as if their machine stopped.
    pub(crate) fn crash(&mut self) {
        for node in 0..PROCESSES {
            disk::kill(Self::process(node));
        }
        for node in 0..PROCESSES {
            self.stop(node);
        }
    }

    pub(crate) fn start_all(&mut self) {
        for node in 0..PROCESSES {
            self.start(node);
        }
    }

    pub(crate) fn running(&self) -> Vec<usize> {
        (0..PROCESSES).filter(|node| self.nodes[*node].is_some()).collect()
    }

    fn state(&self, node: usize) -> &AppState {
        &self.nodes[node].as_ref().expect("a process that runs").state
    }

    /// Waits for something a server does. `at_gate`: what happens while it is held.
    pub(crate) fn drive<T>(
        &self,
        work: impl Future<Output = T>,
        at_gate: &mut dyn FnMut() -> Held,
    ) -> Option<T> {
        let _inside = self.runtime.enter();
        let mut work = pin!(work);
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        loop {
            if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Some(done);
            }
            if !self.gate.take_held() {
                std::thread::park_timeout(Duration::from_secs(30));
            } else if matches!(at_gate(), Held::Abandon) {
                return None;
            }
        }
    }

    /// Waits for something that is not held.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.drive(work, &mut || Held::GoOn).expect("it goes on")
    }

    /// A process answers a request; `None` when it was abandoned.
    pub(crate) fn request(
        &self,
        node: usize,
        asked: &HttpRequest,
        at_gate: &mut dyn FnMut() -> Held,
    ) -> Option<HttpResponse> {
        disk::act_as(Self::process(node));
        let mut request = axum::http::Request::builder().method(asked.method).uri(&asked.path);
        for (name, value) in &asked.headers {
            request = request.header(name, value);
        }
        let request = request.header("content-length", asked.body.len());
        let request = request.body(Body::from(asked.body.clone())).expect("a request");
        let router = self.nodes[node].as_ref().expect("a process that runs").router.clone();
        let work = async {
            let answer = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            let (head, body) = answer.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
            (head, body.to_vec())
        };
        let (head, body) = self.drive(work, at_gate)?;
        let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Some(HttpResponse { status: head.status.as_u16(), headers, body, ..HttpResponse::default() })
    }

    /// The office gives a command at one of the processes.
    pub(crate) fn office(
        &self,
        node: usize,
        person: &str,
        order: OrderId,
        command: Command,
    ) -> Result<Order, OfficeError> {
        disk::act_as(Self::process(node));
        let (state, who) = (self.state(node), actor(person));
        self.run(execute(state, &self.org, &who, order, command)).map(|stored| stored.order)
    }

    pub(crate) fn order(&self, node: usize, order: OrderId) -> Option<Order> {
        disk::act_as(Self::process(node));
        let found = self.run(self.state(node).storage().order(self.org.clone(), order));
        found.ok().flatten().map(|stored| stored.order)
    }

    /// What the QR code of an enrolment says.
    pub(crate) fn code(&self, node: usize, person: &str) -> Option<String> {
        disk::act_as(Self::process(node));
        self.run(admin::enrol_code(self.state(node), &self.org, &PersonId::from(person)))
            .ok()
            .map(|code| code.1)
    }

    pub(crate) fn revoke(&self, node: usize, device: DeviceId) -> bool {
        disk::act_as(Self::process(node));
        let now = self.clock.load(Ordering::SeqCst);
        self.run(self.state(node).storage().revoke_device(self.org.clone(), device, now)).unwrap_or(false)
    }

    /// An operator says that the store was restored.
    pub(crate) fn tell_restored(&self, node: usize) {
        disk::act_as(Self::process(node));
        self.run(admin::restored(self.state(node), &self.org)).expect("another epoch");
    }

    /// The operator's backup, taken beside the running processes.
    pub(crate) fn back_up(&self) {
        disk::act_as(0);
        let now = chrono::DateTime::from_timestamp_millis(self.clock.load(Ordering::SeqCst)).expect("a time");
        backup::backup(&self.folder, &self.place, now).expect("a backup");
    }

    /// The machine is lost, and the newest backup is put back in its place.
    pub(crate) fn lose_and_restore(&mut self) {
        self.crash();
        std::fs::remove_dir_all(&self.folder).expect("a lost folder");
        disk::act_as(0);
        let restored = self.run(backup::restore(&self.place, &self.folder));
        restored.expect("a backup put back");
        self.start_all();
    }

    /// The files as they lie there, for an operator who copies them by hand.
    pub(crate) fn copy(&self) -> Image {
        disk::image_of(&self.folder)
    }

    /// The machine stops and goes on with other files.
    pub(crate) fn crash_into(&mut self, image: &Image) {
        self.crash();
        disk::put_back(&self.folder, image);
        self.start_all();
    }

    /// What is wrong with the store by the product's own check.
    pub(crate) fn wrong(&self) -> Vec<backup::Wrong> {
        disk::act_as(0);
        backup::verify(&self.folder).expect("a look").wrong
    }
}
