//! Everybody at once: fifty phones, each with twenty changed orders, at the moment the network comes back.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::journal::packing;
use doorstep_core::journal::wire::SyncResponse;

use super::load::this_program;
use super::process::Served;
use super::{Figure, ROUNDS, median, round, timed};
use crate::office::furnish_with;
use crate::play::Hand as _;
use crate::probe::Probe;
use crate::text;

const PHONES: usize = 50;
const EACH: usize = 20;
/// Rounds that are measured, after one that is not.
const TIMES: usize = ROUNDS + 4;

/// A kept connection of one phone, as cheap as can be: what is measured is the server.
pub struct Line {
    stream: BufReader<TcpStream>,
}

impl Line {
    fn to(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).expect("a connection");
        stream.set_nodelay(true).expect("nodelay");
        Self { stream: BufReader::new(stream) }
    }

    /// Sends a whole request and reads the answer's status, headers and body.
    fn ask(&mut self, request: &[u8]) -> (String, Vec<u8>) {
        self.stream.get_mut().write_all(request).expect("sent");
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut text = String::new();
            self.stream.read_line(&mut text).expect("a header");
            let line = text.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.is_empty() {
                break;
            }
            head.push_str(&line);
            head.push('\n');
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        (head, body)
    }
}

/// A sync request as the phone sends it.
pub fn request(probe: &Probe) -> Vec<u8> {
    let mut request = probe.request();
    request.arrange();
    let plain = cbor4ii::serde::to_vec(Vec::new(), &request).expect("CBOR");
    let (body, encoding) = packing::pack(plain).expect("packed");
    let encoding = encoding.map_or(String::new(), |encoding| format!("content-encoding: {encoding}\r\n"));
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: doorstep\r\nauthorization: Bearer {}\r\n{encoding}content-length: {}\r\n\r\n",
        probe.token,
        body.len()
    );
    [head.into_bytes(), body].concat()
}

pub fn read(answer: &(String, Vec<u8>)) -> SyncResponse {
    let (head, body) = answer;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let encoding = head.lines().find_map(|line| line.strip_prefix("content-encoding: "));
    let plain = match encoding {
        Some(encoding) => packing::unpack(encoding.trim(), body, usize::MAX / 2).expect("unpacked"),
        None => body.clone(),
    };
    cbor4ii::serde::from_slice(&plain).expect("an answer")
}

/// A firm's server with so many enrolled devices.
pub struct Crowd {
    _folder: tempfile::TempDir,
    pub served: Served,
    pub probes: Vec<Probe>,
}

impl Crowd {
    pub fn gather(phones: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("server");
        let people: Vec<String> = (0..phones).map(|i| format!("W{}", 301 + i)).collect();
        furnish_with(&data, &people);
        let names: Vec<&str> = people.iter().map(String::as_str).collect();
        let codes = crate::office::codes(&data, &"emerald-lake".into(), &names);
        let served = Served::start(&this_program(), "--serve", &data, None);
        let probes = codes.iter().map(|code| Probe::enrol_with(&served.url(), code)).collect();
        Self { _folder: folder, served, probes }
    }

    /// A kept connection for each.
    pub fn lines(&self) -> Vec<Line> {
        self.probes.iter().map(|_| Line::to(self.served.addr)).collect()
    }
}

/// `crowd`: changed orders that are judged, stored and answered in a second.
pub fn run() -> Figure {
    let crowd = Crowd::gather(PHONES);
    let probes = &crowd.probes;
    let orders: Vec<Vec<OrderId>> =
        (0..PHONES).map(|_| (0..EACH).map(|_| OrderId::new()).collect()).collect();
    for (at, (probe, ids)) in probes.iter().zip(&orders).enumerate() {
        for (i, id) in ids.iter().enumerate() {
            probe.does(*id, Command::Register(text::intake(at * EACH + i)));
        }
        probe.sync();
    }
    let mut lines = crowd.lines();
    let mut rates = Vec::new();
    for time in 0..=TIMES {
        for (probe, ids) in probes.iter().zip(&orders) {
            for id in ids {
                let to = format!("139{time:08}");
                probe.does(*id, Command::EditField { field: SharedField::Phone, to });
            }
        }
        let requests: Vec<Vec<u8>> = probes.iter().map(request).collect();
        let (answers, ms) = at_once(&mut lines, &requests);
        for (probe, answer) in probes.iter().zip(&answers) {
            let answer = read(answer);
            assert_eq!((answer.verdicts.len(), answer.echoes.len()), (0, EACH), "all of it was applied");
            probe.take(&answer);
        }
        if time > 0 {
            rates.push((PHONES * EACH) as f64 / (ms / 1000.0));
        }
    }
    Figure {
        name: "crowd",
        value: round(median(&mut rates)),
        unit: "orders/s",
        requests: Some(PHONES as u64),
        peak_rss_mb: crowd.served.peak_rss_mb().map(round),
        rounds: TIMES,
        ..Figure::default()
    }
}

/// Every line asks at the same moment; how long until the last has its answer.
pub fn at_once(lines: &mut [Line], requests: &[Vec<u8>]) -> (Vec<(String, Vec<u8>)>, f64) {
    let start = Barrier::new(lines.len() + 1);
    std::thread::scope(|scope| {
        let asking: Vec<_> = lines
            .iter_mut()
            .zip(requests)
            .map(|(line, request)| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    line.ask(request)
                })
            })
            .collect();
        start.wait();
        timed(|| asking.into_iter().map(|thread| thread.join().expect("an answer")).collect())
    })
}
