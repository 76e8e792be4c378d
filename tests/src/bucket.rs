//! A real S3 server in a process of its own, which `tests/run s3` installs: moto's. What it was given is gone when it ends.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The bucket there is.
pub const BUCKET: &str = "photos";

/// The server; it ends with this.
pub struct S3Server {
    child: Child,
    pub port: u16,
}

impl S3Server {
    /// On a port that is free.
    pub fn anywhere() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr()).expect("a port");
        Self::start(free.port())
    }

    /// On this port, with the bucket in it.
    pub fn start(port: u16) -> Self {
        let program =
            std::env::var("DOORSTEP_S3_SERVER").expect("DOORSTEP_S3_SERVER: run this with tests/run s3");
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdin(Stdio::null());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process");
        let server = Self { child, port };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "it does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        put(port, BUCKET, b"");
        server
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Makes a bucket, or puts other bytes under a name, as anybody may on this server.
pub fn put(port: u16, name: &str, bytes: &[u8]) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server");
    let length = bytes.len();
    // It wants to be told who asks, and does not look whether that is so.
    let who = "AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let head = format!(
        "PUT /{name} HTTP/1.1\r\nhost: x\r\nauthorization: {who}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), bytes].concat()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
