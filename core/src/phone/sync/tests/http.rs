//! The shipped transport against a socket that says exactly what it is told.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::phone::{HttpRequest, HttpTransport, Transport as _, TransportError, Trust};

/// Answers requests on one connection at a time; gives what it read, and on which connection.
fn socket(answers: Vec<&'static str>) -> (String, Receiver<(usize, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (give, take) = channel();
    thread::spawn(move || {
        let mut answers = answers.into_iter();
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            loop {
                let mut seen = Vec::new();
                let mut buffer = [0; 4096];
                // Every request here ends with its one byte of body.
                while !seen.ends_with(b"\r\n\r\n!") {
                    match stream.read(&mut buffer) {
                        Ok(0) | Err(_) => break,
                        Ok(more) => seen.extend_from_slice(&buffer[..more]),
                    }
                }
                if seen.is_empty() {
                    break;
                }
                let _ = give.send((number, seen));
                let Some(answer) = answers.next() else { return };
                stream.write_all(answer.as_bytes()).unwrap();
            }
        }
    });
    (address, take)
}

fn request(server: &str) -> HttpRequest {
    HttpRequest {
        server: server.to_owned(),
        method: "POST",
        path: "/v1/sync".to_owned(),
        headers: vec![("authorization".to_owned(), "Bearer harbour.0123456789abcdef".to_owned())],
        body: b"!".to_vec(),
    }
}

#[test]
fn bytes_are_counted_as_they_go_over_the_wire_and_the_connection_is_kept() {
    let one = "HTTP/1.1 200 OK\r\ndoorstep: 1\r\ncontent-length: 3\r\n\r\nabc";
    let two = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
    let (server, seen) = socket(vec![one, two]);
    let transport = HttpTransport::new(Trust::Roots(Vec::new()));
    let first = transport.send(request(&server)).unwrap();
    assert_eq!(
        (first.status, first.body.as_slice(), first.header("Doorstep")),
        (200, b"abc".as_slice(), Some("1"))
    );
    assert_eq!(first.bytes_down, one.len() as u64);
    let (connection, bytes) = seen.recv().unwrap();
    assert_eq!(first.bytes_up, bytes.len() as u64, "{}", String::from_utf8_lossy(&bytes));
    let text = String::from_utf8(bytes).unwrap().to_lowercase();
    assert!(
        !text.contains("user-agent") && !text.contains("accept-encoding") && !text.contains("content-type")
    );
    let second = transport.send(request(&server)).unwrap();
    assert_eq!((second.status, second.bytes_down), (503, two.len() as u64));
    assert_eq!(seen.recv().unwrap().0, connection, "one connection for both");
}

#[test]
fn a_redirect_is_an_answer_and_nobody_there_is_unreachable() {
    let (server, _seen) =
        socket(vec!["HTTP/1.1 302 Found\r\nlocation: http://portal.example/\r\ncontent-length: 0\r\n\r\n"]);
    let transport = HttpTransport::new(Trust::Platform);
    assert_eq!(transport.send(request(&server)).unwrap().status, 302);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = transport.send(request(&format!("http://{closed}"))).unwrap_err();
    assert!(matches!(nobody, TransportError::Unreachable(_)), "{nobody:?}");
    let nonsense = transport.send(request("not an address")).unwrap_err();
    assert!(matches!(nonsense, TransportError::Unusable(_)), "{nonsense:?}");
}

#[test]
fn https_is_spoken_with_a_server_under_the_given_root_alone() {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let cert = CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let ring = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert], key)
        .unwrap();
    let config = std::sync::Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let session = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut tls = rustls::StreamOwned::new(session, stream.unwrap());
            let mut buffer = [0; 4096];
            // A client that does not trust us hangs up here.
            if tls.read(&mut buffer).is_ok_and(|read| read > 0) {
                tls.write_all(b"HTTP/1.1 200 OK\r\ndoorstep: 1\r\ncontent-length: 2\r\n\r\nok").unwrap();
                tls.flush().unwrap();
            }
        }
    });
    let trusting = HttpTransport::new(Trust::Roots(include_bytes!("tls/root.pem").to_vec()));
    assert_eq!(trusting.send(request(&server)).unwrap().body, b"ok");
    let strict = HttpTransport::new(Trust::Roots(Vec::new()));
    let error = strict.send(request(&server)).unwrap_err();
    assert!(matches!(error, TransportError::Untrusted(_)), "{error:?}");
    let broken = HttpTransport::new(Trust::Roots(b"-----BEGIN CERTIFICATE-----\n!".to_vec()));
    assert!(matches!(broken.send(request(&server)), Err(TransportError::Unusable(_))));
}
