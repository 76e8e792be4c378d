//! A metered line: passes bytes on between a phone and a server and counts them, headers and all.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What went through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    pub up: u64,
    pub down: u64,
    /// Times the direction turned from down to up: requests, on lines that answer one after another.
    pub requests: u64,
}

#[derive(Default)]
struct Counts {
    up: AtomicU64,
    down: AtomicU64,
    requests: AtomicU64,
    /// The last bytes went down.
    is_answered: std::sync::atomic::AtomicBool,
}

/// The line. Its threads end with the process.
pub struct Meter {
    pub addr: SocketAddr,
    counts: Arc<Counts>,
}

impl Meter {
    /// A line to a server.
    pub fn to(server: SocketAddr) -> Self {
        Self::cutting(server, u64::MAX, u64::MAX)
    }

    /// A line whose every connection breaks, in both directions, after so many bytes up or down.
    pub fn cutting(server: SocketAddr, most_up: u64, most_down: u64) -> Self {
        Self::deciding(server, move || (most_up, most_down))
    }

    /// A line where it is decided for each connection after how many bytes up and down it breaks.
    pub fn deciding(server: SocketAddr, decide: impl Fn() -> (u64, u64) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let counts = Arc::new(Counts::default());
        counts.is_answered.store(true, Ordering::SeqCst);
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(server) else { continue };
                let _ = (phone.set_nodelay(true), server.set_nodelay(true));
                let (Ok(phone_too), Ok(server_too)) = (phone.try_clone(), server.try_clone()) else {
                    continue;
                };
                let (up, down) = (Arc::clone(&shared), Arc::clone(&shared));
                let (most_up, most_down) = decide();
                thread::spawn(move || {
                    pass(phone, server, most_up, |n| {
                        up.up.fetch_add(n, Ordering::SeqCst);
                        if up.is_answered.swap(false, Ordering::SeqCst) {
                            up.requests.fetch_add(1, Ordering::SeqCst);
                        }
                    });
                });
                thread::spawn(move || {
                    pass(server_too, phone_too, most_down, |n| {
                        down.down.fetch_add(n, Ordering::SeqCst);
                        down.is_answered.store(true, Ordering::SeqCst);
                    });
                });
            }
        });
        Self { addr, counts }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn read(&self) -> Reading {
        let load = |count: &AtomicU64| count.load(Ordering::SeqCst);
        Reading {
            up: load(&self.counts.up),
            down: load(&self.counts.down),
            requests: load(&self.counts.requests),
        }
    }

    /// What `work` sends and gets.
    pub fn of<T>(&self, work: impl FnOnce() -> T) -> (T, Reading) {
        let before = self.read();
        let value = work();
        let after = self.read();
        let reading = Reading {
            up: after.up - before.up,
            down: after.down - before.down,
            requests: after.requests - before.requests,
        };
        (value, reading)
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, most: u64, count: impl Fn(u64)) {
    let mut buffer = vec![0; 64 * 1024];
    let mut left = most;
    while let Ok(n) = from.read(&mut buffer) {
        if n == 0 {
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
        let passed = usize::try_from(left.min(n as u64)).unwrap_or(n);
        left -= passed as u64;
        // Counted before it is passed on: whoever has the answer finds it counted.
        count(passed as u64);
        if to.write_all(&buffer[..passed]).is_err() || left == 0 {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
