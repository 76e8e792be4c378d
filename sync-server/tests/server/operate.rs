//! What an operator watches: whether the server answers, is ready, counts, and ends what it began when it is told to stop.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::intake::SharedField;

use crate::phone::Phone;
use crate::world::{Client, World, intake};

/// The value of a figure, by its name with labels.
fn figure(page: &str, name: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in:\n{page}")).trim().parse().unwrap()
}

#[test]
fn figures_are_counted_where_the_operator_says_and_nowhere_else() {
    let mut world = World::new();
    world.stop();
    world.start_counting();
    let addr = world.server.as_ref().unwrap().metrics.unwrap();
    let page = || Client::new(addr).send("GET", "/metrics", &[], b"").text();
    let before = page();
    assert_eq!(figure(&before, "doorstep_devices{heard=\"hour\"}"), 0.0);
    let mut phone = Phone::enrol(&world, "W101");
    assert_eq!(figure(&page(), "doorstep_devices{heard=\"never\"}"), 1.0);
    phone.register(intake("漏水"));
    phone.sync();
    phone.sync();
    // About an order that is not this phone's: kept apart.
    let foreign: OrderId = world.register();
    let edit = doorstep_core::domain::fact::Fact::FieldEdited {
        field: SharedField::Access,
        from: String::new(),
        to: "狗".to_owned(),
    };
    let entry = phone.entry(foreign, vec![edit]);
    phone.journal.push(entry.encode().unwrap());
    phone.sync();
    let after = page();
    // What this server has is its own; what was counted is the process's, where other tests have servers too.
    assert!(figure(&after, "doorstep_pushes_total") >= 2.0);
    assert!(figure(&after, "doorstep_entries_total{verdict=\"applied\"}") >= 1.0);
    assert!(figure(&after, "doorstep_entries_total{verdict=\"parked\"}") >= 1.0);
    assert_eq!(figure(&after, "doorstep_entries_parked"), 1.0);
    assert_eq!(figure(&after, "doorstep_devices{heard=\"hour\"}"), 1.0);
    assert!(figure(&after, "doorstep_writes_waiting") >= 0.0);
    let syncs = "doorstep_requests_total{route=\"/v1/sync\",status=\"2xx\"}";
    assert!(figure(&after, syncs) >= 3.0);
    let buckets = "doorstep_request_seconds_bucket{route=\"/v1/sync\",le=\"+Inf\"}";
    assert!(figure(&after, buckets) >= 3.0);
    assert!(figure(&after, "doorstep_commit_seconds_count") >= 2.0);
    for personal in ["emerald", "W101", "陳", "漏水", &phone.id.to_string(), &foreign.to_string()] {
        assert!(!after.contains(personal), "{personal} stands in the figures");
    }
    assert_eq!(world.client().send("GET", "/metrics", &[], b"").status, 404, "not on the public address");
    assert_eq!(Client::new(addr).send("GET", "/v1/orders", &[], b"").status, 404);
}

#[test]
fn a_server_that_cannot_write_lives_and_is_not_ready() {
    let world = World::new();
    let mut client = world.client();
    assert_eq!(client.send("GET", "/readyz", &[], b"").text(), "ready\n");
    // Somebody else holds the only lock there is for writing, for longer than a look may take.
    let file = world.folder.path().join(doorstep_server::storage::sqlite::FILE);
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::sleep(Duration::from_millis(2_100));
    let answer = client.send("GET", "/readyz", &[], b"");
    assert_eq!((answer.status, answer.error().as_str()), (503, "busy"));
    assert_eq!(client.send("GET", "/healthz", &[], b"").text(), "ok\n");
    other.execute_batch("ROLLBACK").unwrap();
    std::thread::sleep(Duration::from_millis(2_100));
    assert_eq!(client.send("GET", "/readyz", &[], b"").status, 200);
}

#[test]
fn a_server_told_to_stop_ends_what_it_began() {
    let mut world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    let body = cbor4ii::serde::to_vec(Vec::new(), &phone.request(1)).unwrap();
    let (addr, token) = (world.addr(), phone.token.clone());
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\
         expect: 100-continue\r\n\r\n",
        body.len()
    );
    let (first, rest) = body.split_at(body.len() / 2);
    let mut client = Client::new(addr);
    client.stream.get_mut().write_all(&[head.as_bytes(), first].concat()).unwrap();
    assert_eq!(client.read().status, 100, "it has begun");
    let server = world.server.take().unwrap();
    let stopping = world.runtime.spawn(server.shutdown());
    while TcpStream::connect(addr).is_ok() {
        std::thread::sleep(Duration::from_millis(10));
    }
    client.stream.get_mut().write_all(rest).unwrap();
    assert_eq!(client.read().status, 200);
    world.runtime.block_on(stopping).unwrap();
    world.start();
    assert!(world.order(order).is_some(), "and it is kept");
}
