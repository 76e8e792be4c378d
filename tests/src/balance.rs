//! What stands before several servers: each connection goes to the next of them that takes it, as long as both live.

use std::io::copy;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A balancer on a port of its own; it ends with the process.
pub struct Balancer {
    pub addr: SocketAddr,
}

impl Balancer {
    /// Stands before these servers.
    pub fn over(servers: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            let next = AtomicUsize::new(0);
            for phone in listener.incoming().flatten() {
                let first = next.fetch_add(1, Ordering::SeqCst);
                let turn = (0..servers.len()).map(|i| servers[(first + i) % servers.len()]);
                let found = turn.into_iter().find_map(|server| TcpStream::connect(server).ok());
                if let Some(server) = found {
                    join(&phone, &server);
                }
            }
        });
        Self { addr }
    }
}

fn join(phone: &TcpStream, server: &TcpStream) {
    for (from, to) in [(phone, server), (server, phone)] {
        let _ = from.set_nodelay(true);
        let (mut from, mut to) = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
        std::thread::spawn(move || {
            let _ = copy(&mut from, &mut to);
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
}
