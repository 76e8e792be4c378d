//! What the benchmarks carry: ten thousand orders with Chinese text and five hundred signatures, made once by a real
//! phone and kept as files that every round begins from.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::signing::Capacity;
use doorstep_core::domain::policy::Phase;
use doorstep_core::domain::seal::ink::{InkPoint, Stroke};
use doorstep_core::phone::{HttpRequest, HttpResponse, HttpTransport, Transport, TransportError};
use tempfile::TempDir;

use super::process::Served;
use crate::dice::Dice;
use crate::office::{CHAN, Office};
use crate::phones::{Handset, line};
use crate::play::{self, Hand as _};
use crate::text;

/// How many orders.
pub const ORDERS: usize = 10_000;
/// Every so many of them ends with a signature.
pub const SIGNED_EVERY: usize = 20;
/// How large a signature is.
pub const INK_BYTES: usize = 12 * 1024;

/// A server's folder and the files of two phones of one person, as they were made.
pub struct Load {
    folder: TempDir,
    /// Where the server listened, and has to listen again: phones remember it.
    pub addr: SocketAddr,
    pub ids: Vec<OrderId>,
}

impl Load {
    /// Makes it: an enrolled phone with everything recorded and nothing sent, and another that has nothing.
    pub fn make() -> Self {
        // In memory: what is made here is not measured, and ten thousand commits wait for no disk.
        let folder = tempfile::tempdir_in(memory()).expect("a folder");
        let data = folder.path().join("server");
        crate::office::furnish(&data);
        let mut office = Office::open(&data);
        let path = |name| folder.path().join(name);
        let second = Handset::open(&path("second.db"), CHAN, Arc::new(line()));
        second.phone.enrol(&line(), &office.qr(CHAN)).expect("an enrolment");
        let first = Handset::open(&path("first.db"), CHAN, Arc::new(line()));
        first.phone.enrol(&line(), &office.qr(CHAN)).expect("an enrolment");
        first.heal();
        office.stop();
        let ids: Vec<OrderId> = (0..ORDERS).map(|number| record(&first, number)).collect();
        describe(&first, &ids);
        first.phone.close();
        second.phone.close();
        Self { folder, addr: office.addr, ids }
    }

    /// Copies a file of the phone that holds everything.
    pub fn full_phone(&self, to: &Path) {
        copy(&self.folder.path().join("first.db"), to);
    }

    /// Copies a file of the phone that has nothing.
    pub fn empty_phone(&self, to: &Path) {
        copy(&self.folder.path().join("second.db"), to);
    }

    /// Copies the server's folder as it was before the push.
    pub fn server(&self, to: &Path) {
        copy_folder(&self.folder.path().join("server"), to);
    }

    /// The server of this load on a folder, in a process of its own.
    pub fn serve(&self, data: &Path) -> Served {
        Served::start(&this_program(), "--serve", data, Some(self.addr))
    }
}

/// Says on standard error what the load is, so that figures can be judged by it.
fn describe(phone: &Handset, ids: &[OrderId]) {
    let conn = phone.file();
    let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    eprintln!(
        "load: {} orders of {} bytes on average, {} signatures of {} bytes, {} entries of {} bytes in all",
        ids.len(),
        number("SELECT sum(length(bytes)) / count(*) FROM state"),
        number("SELECT count(*) FROM ink"),
        number("SELECT sum(length(bytes)) / count(*) FROM ink"),
        number("SELECT count(*) FROM journal"),
        number("SELECT sum(length(bytes)) FROM journal"),
    );
}

/// This program, which also serves when it is told to.
pub fn this_program() -> PathBuf {
    std::env::current_exe().expect("this program's path")
}

/// A folder in memory where there is one.
fn memory() -> PathBuf {
    let shm = PathBuf::from("/dev/shm");
    if shm.is_dir() { shm } else { std::env::temp_dir() }
}

/// A signature of about [`INK_BYTES`], of a hand that trembles: different for every order, and as little to be compressed
/// as real ones.
pub fn signature(number: usize) -> Vec<Stroke> {
    // Four bytes and a little for a point.
    written(number as u64, INK_BYTES / 4)
}

/// The strokes of a short name.
pub fn name(number: u64) -> Vec<Stroke> {
    written(number, 110)
}

fn written(number: u64, points: usize) -> Vec<Stroke> {
    let dice = &mut Dice(number);
    let (mut strokes, mut left) = (Vec::new(), points);
    while left > 0 {
        let (mut x, mut y) = (step(dice, 4_000), step(dice, 2_000));
        let points = (20 + dice.below(80)).min(left);
        left -= points;
        let point = |dice: &mut Dice, t: u32| {
            x += step(dice, 120) - 40;
            y += step(dice, 120) - 60;
            let pressure = 90 + u8::try_from(dice.below(80)).unwrap_or(0);
            InkPoint { x, y, t, pressure }
        };
        let mut t = 0;
        let stroke = (0..points).map(|_| {
            t += 8 + u32::try_from(dice.below(9)).unwrap_or(0);
            t
        });
        let times: Vec<u32> = stroke.collect();
        let mut point = point;
        strokes.push(times.into_iter().map(|t| point(dice, t)).collect());
    }
    strokes
}

fn step(dice: &mut Dice, most: usize) -> i32 {
    i32::try_from(dice.below(most)).unwrap_or(0)
}

fn record(phone: &Handset, number: usize) -> OrderId {
    let id = phone.phone.new_order_id();
    phone.clock.set(text::at("2026-11-25T08:30"));
    phone.does(id, Command::Register(text::intake(number)));
    if number.is_multiple_of(SIGNED_EVERY) {
        play::call(phone, id, true);
        phone.does(id, Command::Book { window: text::window() });
        play::answer_all(phone, id, Phase::Preparation);
        phone.does(id, Command::SetOut);
        phone.does(id, Command::Arrive);
        let reason = "配件需訂貨，住戶同意改期再來".to_owned();
        let paper = Paper::Unsolved { reason: reason.clone() };
        let signed = phone.sign(id, &paper, "陳美玲", Capacity::Resident, &signature(number));
        phone.does(id, Command::CloseUnsolved { reason, next: None, signed: Some(signed) });
    }
    id
}

/// Copies a closed database with what lies beside it.
pub fn copy(from: &Path, to: &Path) {
    for suffix in ["", "-wal"] {
        let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        if with(from).exists() {
            std::fs::copy(with(from), with(to)).expect("a copy");
            // On the disk before anything is measured.
            std::fs::File::open(with(to)).and_then(|file| file.sync_all()).expect("synced");
        }
    }
}

/// Copies a folder of files.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for file in std::fs::read_dir(from).expect("files") {
        let file = file.expect("a file");
        let target = to.join(file.file_name());
        std::fs::copy(file.path(), &target).expect("a copy");
        std::fs::File::open(target).and_then(|file| file.sync_all()).expect("synced");
    }
}

/// A line that goes to another address than the phone remembers: through a meter.
pub struct Via {
    pub inner: HttpTransport,
    pub server: String,
}

impl Via {
    pub fn new(server: String) -> Self {
        Self { inner: line(), server }
    }
}

impl Transport for Via {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.inner.send(HttpRequest { server: self.server.clone(), ..request })
    }
}

/// A line that says how long it was waited for.
pub struct Watched {
    inner: HttpTransport,
    waited: std::sync::Mutex<f64>,
}

impl Watched {
    pub fn new() -> Self {
        Self { inner: line(), waited: std::sync::Mutex::default() }
    }

    /// Milliseconds between requests and their answers.
    pub fn waited_ms(&self) -> f64 {
        *self.waited.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Default for Watched {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Watched {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let (answer, ms) = super::timed(|| self.inner.send(request));
        *self.waited.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += ms;
        answer
    }
}
