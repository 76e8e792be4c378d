//! Streams of changes: who hears of what, who does not, and how they end.

use std::io::{BufRead as _, Write as _};
use std::time::Duration;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrgId;
use doorstep_core::domain::person::Role;
use doorstep_core::journal::live::Hint;

use crate::phone::Phone;
use crate::world::{Client, ORG, World, intake};

/// A stream of events.
struct Stream(Client);

impl Stream {
    /// Listens with a bearer token or a cookie; gives where the org stood.
    fn open(world: &World, credential: &str) -> (Self, Hint) {
        let mut client = world.client();
        client.stream.get_ref().set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!("GET /v1/live HTTP/1.1\r\nhost: x\r\n{credential}\r\n\r\n");
        client.stream.get_mut().write_all(head.as_bytes()).unwrap();
        let answer = client.read();
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("text/event-stream"));
        assert_eq!(
            (answer.header("doorstep"), answer.header("cache-control")),
            (Some("1"), Some("no-store"))
        );
        let mut stream = Self(client);
        let first = stream.hint().expect("where the org stands");
        (stream, first)
    }

    fn of(world: &World, phone: &Phone) -> (Self, Hint) {
        Self::open(world, &format!("authorization: Bearer {}", phone.token))
    }

    /// The next hint; `None` when the stream has ended.
    fn hint(&mut self) -> Option<Hint> {
        loop {
            let mut line = String::new();
            if self.0.stream.read_line(&mut line).expect("in time") == 0 || line == "0\r\n" {
                return None;
            }
            if let Some(hint) = Hint::read(&line) {
                return Some(hint);
            }
        }
    }
}

#[test]
fn a_phone_and_a_page_hear_what_the_office_did_and_fetch_it() {
    let world = World::new();
    world.user("G002", "supervisor 1");
    let token = world.login("G002", "supervisor 1");
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    let order = world.register();
    let (mut own, first) = Stream::of(&world, &phone);
    assert!(first.seq > phone.cursor && first.epoch == phone.epoch);
    let (mut page, at) = Stream::open(&world, &format!("cookie: doorstep_session={token}"));
    assert_eq!(at, first);
    world.accept_and_assign(order, "W101");
    for stream in [&mut own, &mut page] {
        let told = stream.hint().unwrap();
        assert!(told.seq > first.seq);
    }
    phone.sync();
    assert!(phone.base.contains_key(&order));
    // What the phone itself pushed is news to the page and not to the phone.
    phone.register(intake("燈不亮"));
    phone.sync();
    while page.hint().unwrap().seq < phone.cursor {}
    world.office("G003", Role::FrontDesk, order, Command::AddNote { text: "後補".into() }).unwrap();
    let heard: Vec<Hint> =
        std::iter::from_fn(|| own.hint()).take_while(|hint| hint.seq <= phone.cursor).collect();
    assert!(heard.iter().all(|hint| hint.seq < phone.cursor), "{heard:?}, pushed up to {}", phone.cursor);
}

#[test]
fn what_another_process_did_is_heard_as_well() {
    let world = World::new();
    let phone = Phone::enrol(&world, "W101");
    let (mut stream, first) = Stream::of(&world, &phone);
    // An operator's command: its own connection to the same database.
    let other = world.runtime.block_on(doorstep_server::open(&world.config())).unwrap();
    let body = br#"{"id":"W301","name":"new","role":"technician"}"#.to_vec();
    let person = doorstep_server::storage::NewDocument { kind: "person", key: "W301".to_owned(), body };
    world.runtime.block_on(other.storage().put_documents(OrgId::from(ORG), vec![person])).unwrap();
    assert!(stream.hint().unwrap().seq > first.seq);
    // And a phone it revokes hears nothing more.
    let revoked = other.storage().revoke_device(OrgId::from(ORG), phone.id, 1);
    assert!(world.runtime.block_on(revoked).unwrap());
    assert_eq!(stream.hint(), None);
    let refused = world.client().json("GET", "/v1/live", &phone.token, "");
    assert_eq!((refused.status, refused.error().as_str()), (403, "forbidden"));
    let nobody = world.client().json("GET", "/v1/live", "nobody.x", "");
    assert_eq!((nobody.status, nobody.header("cache-control")), (401, Some("no-store")));
}

#[test]
fn a_newer_line_of_a_phone_ends_the_older_and_a_server_told_to_stop_ends_all() {
    let mut world = World::new();
    let phone = Phone::enrol(&world, "W101");
    let (mut older, _) = Stream::of(&world, &phone);
    let (mut newer, _) = Stream::of(&world, &phone);
    assert_eq!(older.hint(), None);
    let asked = std::time::Instant::now();
    world.stop();
    assert_eq!(newer.hint(), None);
    assert!(asked.elapsed() < Duration::from_secs(9), "it did not wait for the listener to go");
}
