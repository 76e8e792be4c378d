//! Requests nobody should send: each gets a typed answer, and the server goes on.

use std::io::Write as _;

use doorstep_core::domain::ids::Digest;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::limits::{DEVICE_BURST, MAX_BODY_BYTES};
use doorstep_core::journal::wire::SyncRequest;

use crate::phone::Phone;
use crate::world::{Client, World, intake};

#[test]
fn tokens_that_are_none() {
    let world = World::new();
    let mut client = world.client();
    for token in ["", "x", "emerald-lake.", "emerald-lake.AAAA", "no-such-org.AAAA", &"a.".repeat(200)] {
        let answer = client.json("POST", "/v1/sync", token, "{\"v\":1}");
        assert_eq!((answer.status, answer.error().as_str()), (401, "unauthorized"), "{token}");
        assert_eq!(answer.header("doorstep"), Some("1"));
    }
    assert_eq!(client.send("POST", "/v1/sync", &[], b"").status, 401);
}

#[test]
fn bodies_that_are_none() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    phone.register(intake("漏水"));
    let whole = cbor4ii::serde::to_vec(Vec::new(), &phone.request(1)).unwrap();
    for cut in [0, 1, 5, whole.len() / 2, whole.len() - 1] {
        let answer = phone.post(&[], &whole[..cut]);
        assert_eq!((answer.status, answer.error().as_str()), (400, "malformed"), "cut at {cut}");
    }
    let packed = zstd::bulk::compress(&whole, 3).unwrap();
    let answer = phone.post(&[("content-encoding", "zstd")], &packed[..packed.len() - 3]);
    assert_eq!((answer.status, answer.error().as_str()), (400, "malformed"));
    let answer = phone.post(&[("content-encoding", "gzip")], &packed);
    assert_eq!((answer.status, answer.error().as_str()), (400, "malformed"));
    let answer = phone.post(&[("content-type", "application/json")], b"{\"v\":9}");
    assert_eq!((answer.status, answer.error().as_str()), (400, "protocol"));
    let no_number = SyncRequest { first: 0, ..phone.request(1) };
    let no_hash = SyncRequest { first: 2, before: None, ..phone.request(1) };
    let too_far = SyncRequest {
        first: u64::MAX,
        before: Some(doorstep_core::domain::ids::Digest([0; 32])),
        ..phone.request(1)
    };
    phone.register(intake("跳閘"));
    phone.register(intake("跳閘"));
    let mut twice = phone.request(1);
    twice.arrange();
    twice.entries = phone.request(1).entries;
    assert!(twice.columns.is_some());
    for request in [no_number, no_hash, too_far, twice] {
        let body = cbor4ii::serde::to_vec(Vec::new(), &request).unwrap();
        let answer = phone.post(&[], &body);
        assert_eq!((answer.status, answer.error().as_str()), (400, "malformed"));
    }
    assert_eq!(phone.sync().acked, 3, "the server goes on");
}

#[test]
fn a_bomb_is_put_out() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let bomb = zstd::bulk::compress(&vec![0; 300 * 1024 * 1024], 19).unwrap();
    assert!(bomb.len() < 100_000);
    let answer = phone.post(&[("content-encoding", "zstd")], &bomb);
    assert_eq!((answer.status, answer.error().as_str()), (413, "too_large"));
    assert_eq!(phone.sync().acked, 0);
}

#[test]
fn a_body_over_the_limit_is_not_read_to_its_end() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let large = vec![0_u8; MAX_BODY_BYTES + 1];
    let answer = phone.post(&[], &large);
    assert_eq!((answer.status, answer.error().as_str()), (413, "too_large"));
    phone.client = world.client();
    assert_eq!(phone.sync().acked, 0);
}

#[test]
fn addresses_and_methods_that_are_none() {
    let world = World::new();
    let mut client = world.client();
    let answer = client.json("GET", "/v1/nothing", "", "");
    assert_eq!(
        (answer.status, answer.error().as_str(), answer.header("doorstep")),
        (404, "not_found", Some("1"))
    );
    let answer = client.json("GET", "/v1/sync", "", "");
    assert_eq!((answer.status, answer.error().as_str()), (405, "not_found"));
    assert_eq!(client.json("GET", "/healthz", "", "").text(), "ok\n");
    assert_eq!(client.json("POST", "/v1/login", "", "{").error(), "malformed");
    assert_eq!(client.json("POST", "/v1/enrol", "", "{}").error(), "malformed");
}

#[test]
fn any_bytes_as_an_entry_are_kept() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    let order = phone.register(intake("漏水"));
    let good = phone.journal[0].clone();
    // Every prefix, and one flipped byte at many places: none may panic, all are kept.
    for cut in (0..good.len()).step_by(7) {
        phone.journal.push(good[..cut].to_vec());
        let mut flipped = good.clone();
        flipped[cut] ^= 0x41;
        phone.journal.push(flipped);
    }
    let many = phone.journal.len() as u64;
    let answer = phone.sync();
    assert_eq!(answer.acked, many);
    assert!(answer.verdicts.len() as u64 >= many / 2);
    assert_eq!(phone.base[&order].1, world.order(order).unwrap().order);
    let empty = SyncRequest {
        protocol: 1,
        entries: vec![Exact(Vec::new())],
        first: many + 1,
        ..phone.request(many + 1)
    };
    let before = phone.journal.iter().fold(doorstep_core::journal::ChainHash::default(), |c, b| c.then(b));
    let request = SyncRequest { before: Some(before.0), ..empty };
    assert_eq!(phone.exchange(&request).acked, many + 1);
}

/// Begins a request whose body does not come to its end.
fn begin(world: &World, phone: &Phone, what: &str, length: usize) -> Client {
    let mut client = world.client();
    let head = format!(
        "{what} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {length}\r\n\r\n",
        phone.token
    );
    client.stream.get_mut().write_all(&[head.as_bytes(), &[7; 5000]].concat()).unwrap();
    client
}

#[test]
fn bodies_that_come_slowly_hold_up_nobody() {
    let world = World::new();
    let slow = Phone::enrol(&world, "W101");
    // More photos than there are threads that wait for the disk, and more pushes than are worked on at once.
    let photos = (0..12_u8).map(|i| format!("PUT /v1/blobs/{}", Digest::of(&[i])));
    let mut held: Vec<Client> = photos.map(|what| begin(&world, &slow, &what, 1_000_000)).collect();
    held.extend((0..4).map(|_| begin(&world, &slow, "POST /v1/sync", 4_000_000)));
    std::thread::sleep(std::time::Duration::from_millis(300));
    let mut phone = Phone::enrol(&world, "W102");
    phone.register(intake("漏水"));
    // From nothing: it waits for its turn among the large ones.
    assert_eq!(phone.sync().acked, 1);
    assert_eq!(phone.sync().acked, 1);
    drop(held);
}

#[test]
fn a_phone_that_asks_in_a_loop_is_told_how_long_to_wait_and_others_are_not_held_up() {
    let world = World::new();
    let (mut loops, mut calm) = (Phone::enrol(&world, "W101"), Phone::enrol(&world, "W102"));
    let body = serde_json::to_vec(&loops.request(1)).unwrap();
    let json = [("content-type", "application/json")];
    let refused = (0..DEVICE_BURST * 2).map(|_| loops.post(&json, &body)).find(|answer| answer.status != 200);
    let refused = refused.expect("at some time it is too much");
    assert_eq!((refused.status, refused.error().as_str()), (429, "busy"));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..5).contains(&wait), "{wait}");
    assert_eq!((refused.header("doorstep"), refused.header("cache-control")), (Some("1"), Some("no-store")));
    assert_eq!(calm.post(&json, &body).status, 200);
    // Nothing is lost: a little later it goes on.
    std::thread::sleep(std::time::Duration::from_secs(wait));
    loops.register(intake("漏水"));
    assert_eq!(loops.sync().acked, 1);
}
