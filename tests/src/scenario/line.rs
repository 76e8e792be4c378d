//! The line between a phone and the server: it passes everything, is cut, or loses answers on their way back.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What the line does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineState {
    /// It passes everything.
    Pass,
    /// Nobody gets through, and what is open breaks.
    Cut,
    /// Requests arrive; the connection breaks at the first byte of an answer.
    Lose,
}

impl FromStr for LineState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pass" => Ok(Self::Pass),
            "cut" => Ok(Self::Cut),
            "lose" => Ok(Self::Lose),
            other => Err(format!("no line is {other}")),
        }
    }
}

/// A line to a server.
pub struct Line {
    addr: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    state: LineState,
    open: Vec<TcpStream>,
}

impl Line {
    /// A line to a server, passing everything.
    pub fn to(server: SocketAddr) -> Self {
        let door = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let addr = door.local_addr().expect("an address");
        let shared = Arc::new(Mutex::new(Shared { state: LineState::Pass, open: Vec::new() }));
        let line = shared.clone();
        thread::spawn(move || {
            for phone in door.incoming().flatten() {
                // A line that does not come about is one that is cut.
                let _ = connect(&line, phone, server);
            }
        });
        Self { addr, shared }
    }

    /// Where phones find it.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Changes what it does. What is open breaks when it is cut.
    pub fn set(&self, state: LineState) {
        let mut shared = lock(&self.shared);
        shared.state = state;
        if state == LineState::Cut {
            for stream in shared.open.drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> std::sync::MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(shared: &Arc<Mutex<Shared>>, phone: TcpStream, server: SocketAddr) -> std::io::Result<()> {
    let server = TcpStream::connect(server)?;
    {
        let mut shared = lock(shared);
        if shared.state == LineState::Cut {
            return Ok(());
        }
        shared.open.extend([phone.try_clone()?, server.try_clone()?]);
    }
    let (up, down) = ((phone.try_clone()?, server.try_clone()?), (server, phone));
    thread::spawn(move || carry(up.0, up.1, || true));
    let shared = shared.clone();
    thread::spawn(move || carry(down.0, down.1, || lock(&shared).state == LineState::Pass));
    Ok(())
}

/// Carries bytes as long as they may pass.
fn carry(mut from: TcpStream, mut to: TcpStream, may_pass: impl Fn() -> bool) {
    let mut room = vec![0; 64 * 1024];
    while let Ok(read) = from.read(&mut room) {
        if read == 0 || !may_pass() || to.write_all(&room[..read]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
