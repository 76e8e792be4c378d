//! Phones that only listen: what ten thousand idle streams take on one process, and how soon a change is heard.

use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{DeviceId, Digest, OrgId, PersonId};
use doorstep_core::domain::person::Role;
use doorstep_core::journal::live::Hint;
use doorstep_server::ServerConfig;
use doorstep_server::storage::{NewDevice, NewEnrolCode};
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast;

use super::load::{copy_folder, this_program};
use super::process::{Served, runtime};
use super::{Figure, ROUNDS, median, ms, round};
use crate::office::{CHAN, DESK, furnish};
use crate::text;

const LISTENERS: usize = 10_000;
const EDITS: usize = 20;
/// The firm of the demo.
const ORG: &str = "emerald-lake";
/// Longer than the least time between two hints to one listener.
const CALM: Duration = Duration::from_millis(350);

fn token(number: usize) -> String {
    format!("{ORG}.listener-{number}")
}

/// Enrols so many phones, without the phones.
fn enrol(data: &Path, count: usize) {
    let runtime = runtime();
    let config = ServerConfig::new(data, SocketAddr::from(([127, 0, 0, 1], 0)));
    let state = runtime.block_on(doorstep_server::open(&config)).expect("a server's folder");
    let phone = |number: usize| NewDevice {
        id: DeviceId::new(),
        public_key: [7; 32],
        token: Digest::of(token(number).as_bytes()),
        app: "bench".to_owned(),
    };
    runtime.block_on(async {
        let (org, code) = (OrgId::from(ORG), Digest::of(b"code"));
        let first = phone(0);
        let (from, role) = (first.id, Role::Technician);
        let now = state.now_ms();
        let new = NewEnrolCode { code, person: PersonId::from(CHAN), role, expires_ms: i64::MAX };
        state.storage().put_enrol_code(org.clone(), new).await.expect("a code");
        state.storage().enrol(org.clone(), code, first, now).await.expect("a phone");
        // Many at a time: they share commits.
        for numbers in (1..count).collect::<Vec<_>>().chunks(256) {
            let more: Vec<_> = numbers.iter().map(|number| phone(*number)).collect();
            let tasks = more.into_iter().map(|device| {
                let (state, org) = (state.clone(), org.clone());
                tokio::spawn(async move { state.storage().incarnate(org, from, device, now).await })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.expect("a task").expect("another phone");
            }
        }
    });
}

/// One open stream that has heard its first word.
struct Line(BufReader<TcpStream>);

impl Line {
    /// Connects and asks; `hear` has to follow.
    fn open(addr: SocketAddr, path: &str, token: &str) -> Self {
        let mut stream = TcpStream::connect(addr).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        let head = format!("GET {path} HTTP/1.1\r\nhost: doorstep\r\nauthorization: Bearer {token}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        Self(BufReader::with_capacity(512, stream))
    }

    /// Waits for the next event's data.
    fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).expect("in time"), 0, "the stream ended");
            assert!(!line.starts_with("HTTP/1.1 4") && !line.starts_with("HTTP/1.1 5"), "{line}");
            if line.starts_with("data:") {
                return line;
            }
        }
    }
}

/// Opens all of them; gives the server's memory when they are idle, and how long a change took to reach the last one.
fn idle(served: &Served, path: &str, change: impl FnOnce()) -> (f64, f64) {
    let mut lines: Vec<Line> = Vec::with_capacity(LISTENERS);
    for number in 0..LISTENERS {
        lines.push(Line::open(served.addr, path, &token(number)));
        // Not more at once than wait to be accepted.
        if number % 100 == 99 {
            lines.iter_mut().skip(number - 99).for_each(|line| drop(line.hear()));
        }
    }
    std::thread::sleep(Duration::from_secs(1));
    let memory = served.rss_mb().expect("its memory");
    let started = Instant::now();
    change();
    lines.iter_mut().for_each(|line| drop(line.hear()));
    (memory, ms(started.elapsed()))
}

/// An office that changes one order over and over.
struct Desk {
    http: reqwest::blocking::Client,
    token: String,
    address: String,
}

impl Desk {
    fn of(served: &Served) -> Self {
        let http = crate::probe::client();
        let body = format!(r#"{{"person": "{DESK}", "password": "a long password"}}"#);
        let answer = http.post(format!("{}/v1/login", served.url())).body(body).send().expect("an answer");
        let answer: serde_json::Value =
            serde_json::from_slice(&answer.bytes().expect("a body")).expect("JSON");
        let token = answer["token"].as_str().expect("a token").to_owned();
        let intake = serde_json::to_vec(&text::intake(1)).expect("JSON");
        let made = http.post(format!("{}/v1/orders", served.url())).bearer_auth(&token).body(intake);
        let bytes = made.send().and_then(|answer| answer.bytes()).expect("an order");
        let order: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let id = order["id"].as_str().expect("its id");
        Self { address: format!("{}/v1/orders/{id}/commands", served.url()), http, token }
    }

    fn changes(&self) {
        let note = serde_json::to_vec(&Command::AddNote { text: "住戶來電補充".to_owned() }).expect("JSON");
        let answer =
            self.http.post(&self.address).bearer_auth(&self.token).body(note).send().expect("an answer");
        assert_eq!(answer.status(), 200);
    }
}

fn furnished(data: &Path, phones: usize) {
    furnish(data);
    let runtime = runtime();
    let config = ServerConfig::new(data, SocketAddr::from(([127, 0, 0, 1], 0)));
    let state = runtime.block_on(doorstep_server::open(&config)).expect("a server's folder");
    let (org, desk) = (OrgId::from(ORG), PersonId::from(DESK));
    let added = doorstep_server::admin::add_user(&state, &org, &desk, None, "a long password");
    runtime.block_on(added).expect("a user");
    drop(state);
    enrol(data, phones);
}

fn say(served: &Served) {
    let answer = crate::probe::client().post(format!("{}/say", served.url())).send().expect("an answer");
    assert_eq!(answer.status(), 200);
}

/// `idle_10k`: the memory of a process that ten thousand idle phones listen to. The floor is axum's own streams.
pub fn memory() -> Figure {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("made");
    furnished(&made, LISTENERS);
    let (mut ours, mut floor, mut reached) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let data = folder.path().join(format!("server-{round}"));
        copy_folder(&made, &data);
        let served = Served::start(&this_program(), "--serve", &data, None);
        let desk = Desk::of(&served);
        let (memory, last) = idle(&served, "/v1/live", || desk.changes());
        ours.push(memory);
        reached.push(last);
        served.kill();
        let bare = folder.path().join(format!("floor-{round}"));
        let served = Served::start(&this_program(), "--floor", &bare, None);
        floor.push(idle(&served, "/live", || say(&served)).0);
        served.kill();
    }
    eprintln!(
        "idle_10k: one change reached the last of {LISTENERS} streams after {:.0} ms",
        median(&mut reached)
    );
    let (value, floor) = (median(&mut ours), median(&mut floor));
    Figure {
        name: "idle_10k",
        value: round(value),
        unit: "MB",
        floor: Some(round(floor)),
        ratio: Some(round(value / floor)),
        requests: Some(LISTENERS as u64),
        rounds: ROUNDS,
        ..Figure::default()
    }
}

/// `live_hint`: from the office's command to the hint in a listening phone's hands. The floor does nothing but pass it on.
pub fn hint() -> Figure {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("server");
    furnished(&data, 1);
    let served = Served::start(&this_program(), "--serve", &data, None);
    let bare = Served::start(&this_program(), "--floor", &folder.path().join("floor"), None);
    let desk = Desk::of(&served);
    let mut own = Line::open(served.addr, "/v1/live", &token(0));
    let mut least = Line::open(bare.addr, "/live", "");
    assert!(Hint::read(&own.hear()).is_some(), "where the firm stands");
    least.hear();
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..EDITS {
        std::thread::sleep(CALM);
        ours.push(heard(&mut own, || desk.changes()));
        floor.push(heard(&mut least, || say(&bare)));
    }
    Figure::timed("live_hint", &mut ours, &mut floor)
}

/// How long a change took to be heard, in milliseconds: by a thread that waits for it already.
fn heard(line: &mut Line, change: impl FnOnce()) -> f64 {
    std::thread::scope(|scope| {
        let listening = scope.spawn(|| {
            line.hear();
            Instant::now()
        });
        let started = Instant::now();
        change();
        ms(listening.join().expect("heard") - started)
    })
}

/// The floor's routes: a bare stream of axum for each listener, and a word for all of them.
pub fn floor_routes() -> Router {
    let (tell, _) = broadcast::channel::<u64>(8);
    Router::new().route("/live", get(bare)).route("/say", post(tell_all)).with_state(tell)
}

async fn bare(
    State(tell): State<broadcast::Sender<u64>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let told = stream::unfold((tell.subscribe(), true), |(mut told, is_first)| async move {
        let seq = if is_first { 0 } else { told.recv().await.ok()? };
        Some((Ok(Event::default().data(seq.to_string())), (told, false)))
    });
    Sse::new(told).keep_alive(KeepAlive::new().interval(Duration::from_secs(45)))
}

async fn tell_all(State(tell): State<broadcast::Sender<u64>>) -> &'static str {
    let _ = tell.send(1);
    "ok"
}
