//! The suite every storage passes. It knows nothing of how one is made.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::Intake;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::ahead::{Ahead, Had, Part};
use doorstep_core::journal::wire::Verdict;
use doorstep_core::journal::{ChainHash, Entry};

use super::*;

/// Runs the suite on a storage with nothing in it.
pub(crate) async fn all(storage: Arc<dyn Storage>) {
    let s = &*storage;
    for name in ["a", "b"] {
        s.create_org(org(name), 7).await.unwrap();
        s.create_org(org(name), 8).await.unwrap();
    }
    assert_eq!(s.orgs().await.unwrap(), [org("a"), org("b")]);
    assert_eq!(s.clock(org("a")).await.unwrap(), Clock { seq: 0, epoch: 7, next_number: 1 });
    assert!(matches!(s.clock(org("none")).await, Err(StorageError::NoOrg(_))));
    seqs_have_no_gap(&storage).await;
    a_failed_write_takes_back_only_itself(&storage).await;
    documents_move_when_they_change(s).await;
    a_snapshot_is_told_in_pages(s).await;
    parts_come_ahead_and_not_again(s).await;
    lists_filter_count_and_page(s).await;
    devices_users_and_sessions(s).await;
}

fn org(name: &str) -> OrgId {
    OrgId::from(name)
}

fn order(fault: &str, unit: &str) -> Order {
    let intake = Intake { fault: fault.to_owned(), unit: unit.to_owned(), ..Intake::default() };
    Order { intake: Some(intake), ..Order::default() }
}

/// Writes one order, granted to a person, as a decision would.
async fn put(s: &(dyn Storage + 'static), org: &OrgId, id: OrderId, person: &str, state: Order) -> u64 {
    let person = PersonId::from(person);
    let want = Want { orders: vec![id], ..Want::default() };
    let written = s.decide_with(org.clone(), want, move |loaded, write| {
        let mut clock = loaded.clock;
        let seq = clock.tick();
        let before = loaded.orders.get(&id);
        let had = before.and_then(|order| order.grants.get(&person)).is_some_and(|grant| grant.active);
        let grants = if had { vec![] } else { vec![GrantWrite { order: id, person, seq, active: true }] };
        let written = OrderWrite {
            id,
            is_new: before.is_none(),
            seq,
            ink_seq: 0,
            summary: Summary::of(&state),
            state: state.to_bytes(),
        };
        let writes = Writes { clock: Some(clock), orders: vec![written], grants, ..Writes::default() };
        write(writes);
        seq
    });
    written.await.unwrap()
}

async fn seqs_have_no_gap(storage: &Arc<dyn Storage>) {
    let tasks = (0..20).map(|_| {
        let storage = Arc::clone(storage);
        tokio::spawn(async move { put(&*storage, &org("a"), OrderId::new(), "p", order("f", "u")).await })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut seqs = Vec::new();
    for task in tasks {
        seqs.push(task.await.unwrap());
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
    assert_eq!(storage.clock(org("a")).await.unwrap().seq, 20);
    assert_eq!(storage.clock(org("b")).await.unwrap().seq, 0, "another org's clock stands still");
}

async fn a_failed_write_takes_back_only_itself(storage: &Arc<dyn Storage>) {
    // Two entries of one id cannot both be written; whatever waits beside them can.
    let entry = |id: EntryId| EntryWrite {
        seq: 1,
        id: Some(id),
        order: None,
        device: None,
        n: 0,
        chain: ChainHash::default(),
        verdict: Verdict::Applied,
        number: None,
        bytes: vec![1],
    };
    let before = storage.clock(org("b")).await.unwrap();
    let mut tasks = Vec::new();
    for i in 0..9 {
        let storage = Arc::clone(storage);
        tasks.push(tokio::spawn(async move {
            if i % 3 == 0 {
                let id = EntryId::new();
                let writes = Writes {
                    clock: Some(Clock { seq: 999, epoch: 1, next_number: 9 }),
                    entries: vec![entry(id), entry(id)],
                    ..Writes::default()
                };
                let failed =
                    storage.decide(org("b"), Want::default(), Box::new(|_, write| write(writes))).await;
                assert!(matches!(failed, Err(StorageError::Database(_))), "{failed:?}");
            } else {
                put(&*storage, &org("b"), OrderId::new(), "p", order("f", "u")).await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(storage.clock(org("b")).await.unwrap(), Clock { seq: before.seq + 6, ..before });
}

fn document(key: &str, body: &str) -> NewDocument {
    NewDocument { kind: "price", key: key.to_owned(), body: body.as_bytes().to_vec() }
}

async fn documents_move_when_they_change(s: &(dyn Storage + 'static)) {
    let both = vec![document("1", "one"), document("2", "two")];
    assert_eq!(s.put_documents(org("b"), both.clone()).await.unwrap(), 2);
    let seq = s.documents_seq(org("b"), &["price", "policy"]).await.unwrap();
    assert_eq!(s.put_documents(org("b"), both).await.unwrap(), 0);
    assert_eq!(s.documents_seq(org("b"), &["price"]).await.unwrap(), seq);
    let changed = vec![document("1", ""), document("2", "two!"), document("3", "")];
    assert_eq!(s.put_documents(org("b"), changed).await.unwrap(), 2);
    let kept = s.documents(org("b"), "price".to_owned()).await.unwrap();
    assert_eq!(kept.iter().map(|d| d.body.as_slice()).collect::<Vec<_>>(), [b"two!"]);
    assert_eq!(s.documents_seq(org("b"), &["price"]).await.unwrap(), seq + 2);
    assert!(s.documents(org("a"), "price".to_owned()).await.unwrap().is_empty());
    let body = r#"{"id":"w","name":"王","role":"technician"}"#.as_bytes().to_vec();
    let person = NewDocument { kind: "person", key: "w".to_owned(), body };
    s.put_documents(org("b"), vec![person]).await.unwrap();
    let people = s.people(org("b")).await.unwrap();
    assert_eq!((people[0].name.as_str(), people[0].lang), ("王", Lang::ZhHant));
}

fn ask(person: &str, cursor: u64, page_bytes: usize) -> Pull {
    Pull {
        device: DeviceId::new(),
        person: PersonId::from(person),
        active: true,
        epoch: 9,
        cursor,
        whole: Vec::new(),
        echoed: HashMap::new(),
        own_ink: HashSet::new(),
        page_bytes,
        parked: Vec::new(),
        ahead: None,
        had: None,
    }
}

async fn a_snapshot_is_told_in_pages(s: &(dyn Storage + 'static)) {
    s.create_org(org("p"), 9).await.unwrap();
    let ids: Vec<OrderId> = (0..30).map(|_| OrderId::new()).collect();
    for (i, id) in ids.iter().enumerate() {
        let person = if i % 3 == 0 { "other" } else { "me" };
        put(s, &org("p"), *id, person, order("漏水", &i.to_string())).await;
        if i % 10 == 0 {
            s.put_documents(org("p"), vec![document(&i.to_string(), "body")]).await.unwrap();
        }
    }
    let end = s.clock(org("p")).await.unwrap().seq;
    let whole = s.pull(org("p"), ask("me", 0, 1 << 20)).await.unwrap();
    assert_eq!((whole.seq, whole.more, whole.epoch, whole.acked), (end, false, 9, 0));
    assert_eq!((whole.orders.len(), whole.documents.len(), whole.gone.len()), (20, 3, 0));
    // Page by page it is the same, in the same order, and every page moves on.
    for page_bytes in [1, 100, 400] {
        let (mut cursor, mut orders, mut documents) = (0, Vec::new(), Vec::new());
        loop {
            let page = s.pull(org("p"), ask("me", cursor, page_bytes)).await.unwrap();
            assert!(page.seq > cursor);
            assert!(page.documents.iter().all(|document| document.seq <= page.seq));
            cursor = page.seq;
            orders.extend(page.orders);
            documents.extend(page.documents);
            if !page.more {
                break;
            }
        }
        assert_eq!(cursor, end);
        orders.dedup_by_key(|order| order.id);
        assert_eq!(orders, whole.orders, "pages of {page_bytes}");
        assert_eq!(documents, whole.documents);
    }
    // A cursor of another epoch means nothing; a revoked phone gets nothing.
    let foreign = s.pull(org("p"), Pull { epoch: 8, ..ask("me", end, 1 << 20) }).await.unwrap();
    assert_eq!(foreign.orders.len(), 20);
    let revoked = s.pull(org("p"), Pull { active: false, ..ask("me", 3, 1 << 20) }).await.unwrap();
    assert_eq!((revoked.seq, revoked.orders.len(), revoked.documents.len()), (3, 0, 0));
    // What is asked for whole is in the first page when it is in scope, and gone when it is not.
    let asked = Pull { whole: vec![ids[28], ids[27]], ..ask("me", 0, 1) };
    let page = s.pull(org("p"), asked).await.unwrap();
    assert!(page.more && page.orders.iter().any(|order| order.id == ids[28]));
    assert_eq!(page.gone, [ids[27]]);
    // An echo stands while nobody else changed the order.
    let seq = whole.orders[0].seq;
    let echo = |seq| Pull { echoed: HashMap::from([(ids[1], seq)]), ..ask("me", end, 1 << 20) };
    let held = s.pull(org("p"), echo(seq)).await.unwrap();
    assert!(held.confirmed.contains(&ids[1]) && held.orders.is_empty());
    put(s, &org("p"), ids[1], "me", order("改", "1")).await;
    let held = s.pull(org("p"), echo(seq)).await.unwrap();
    assert!(held.confirmed.is_empty() && held.orders.len() == 1);
    // The end of a grant is told once.
    let end = s.clock(org("p")).await.unwrap().seq;
    let id = ids[1];
    let ended = s.decide_with(org("p"), Want::default(), move |loaded, write| {
        let mut clock = loaded.clock;
        let grant = GrantWrite { order: id, person: PersonId::from("me"), seq: clock.tick(), active: false };
        write(Writes { clock: Some(clock), grants: vec![grant], ..Writes::default() });
    });
    ended.await.unwrap();
    let page = s.pull(org("p"), ask("me", end, 1 << 20)).await.unwrap();
    assert_eq!((page.gone.as_slice(), page.orders.len()), (&[id][..], 0));
    assert!(s.pull(org("p"), ask("me", page.seq, 1 << 20)).await.unwrap().gone.is_empty());
}

/// An order whose visit is booked on a day, counted from year 1.
fn booked(day: i32, unit: &str) -> Order {
    let midnight = i64::from(day - 719_163) * 24 * 3_600_000 - 8 * 3_600_000;
    let at = |hour: i64| Stamp::new(midnight + hour * 3_600_000, 480);
    let window = doorstep_core::domain::time::Window { start: at(9), end: at(11) };
    let visit = doorstep_core::domain::order::visit::Visit { window: Some(window), ..Default::default() };
    let mut booked = order("漏水", unit);
    booked.visits.insert(1, visit);
    booked
}

async fn parts_come_ahead_and_not_again(s: &(dyn Storage + 'static)) {
    const DAY: i32 = 739_000;
    let o = org("ahead");
    s.create_org(o.clone(), 9).await.unwrap();
    let days = [DAY - 1, DAY, DAY, DAY + 1, DAY + 9];
    let ids: Vec<OrderId> = days.iter().map(|_| OrderId::new()).collect();
    for (id, day) in ids.iter().zip(days) {
        put(s, &o, *id, "me", booked(day, "1")).await;
    }
    put(s, &o, OrderId::new(), "other", booked(DAY, "2")).await;
    let person = NewDocument { kind: "person", key: "x".to_owned(), body: b"{}".to_vec() };
    s.put_documents(o.clone(), vec![document("1", "price"), person]).await.unwrap();
    let end = s.clock(o.clone()).await.unwrap().seq;
    let part = |part| Pull { ahead: Some(Ahead { today: DAY, part }), ..ask("me", 0, 1) };
    let first = s.pull(o.clone(), part(Part::Today)).await.unwrap();
    assert_eq!((first.ahead, first.seq, first.more), (Some(end), 0, true));
    let given = |pulled: &Pulled| pulled.orders.iter().map(|order| order.id).collect::<HashSet<_>>();
    assert_eq!(given(&first), ids[..3].iter().copied().collect(), "whole, whatever the page");
    assert_eq!(first.documents.len(), 1, "prices, and no people");
    let second = s.pull(o.clone(), part(Part::Coming)).await.unwrap();
    assert_eq!((given(&second), second.documents.len()), (ids[3..].iter().copied().collect(), 0));
    // Since then one was changed, one is new, one is no longer this person's.
    put(s, &o, ids[1], "me", booked(DAY, "changed")).await;
    let new = OrderId::new();
    put(s, &o, new, "me", booked(DAY, "new")).await;
    let (id, person) = (ids[3], PersonId::from("me"));
    let ended = s.decide_with(o.clone(), Want::default(), move |loaded, write| {
        let mut clock = loaded.clock;
        let grant = GrantWrite { order: id, person, seq: clock.tick(), active: false };
        write(Writes { clock: Some(clock), grants: vec![grant], ..Writes::default() });
    });
    ended.await.unwrap();
    let had = Some(Had { day: DAY, today: end, coming: end });
    let feed = s.pull(o.clone(), Pull { had, ..ask("me", 0, 1 << 20) }).await.unwrap();
    assert_eq!(given(&feed), HashSet::from([ids[1], new]));
    assert_eq!((feed.gone.as_slice(), feed.ahead, feed.documents.len()), (&[ids[3]][..], None, 2));
    // A phone that had but the first part; a phone of another epoch had nothing.
    let had = Some(Had { day: DAY, today: end, coming: 0 });
    let feed = s.pull(o.clone(), Pull { had, ..ask("me", 0, 1 << 20) }).await.unwrap();
    assert_eq!(given(&feed), HashSet::from([ids[1], new, ids[4]]));
    let feed = s.pull(o, Pull { had, epoch: 8, ..ask("me", 0, 1 << 20) }).await.unwrap();
    assert_eq!(feed.orders.len(), 5);
}

async fn lists_filter_count_and_page(s: &(dyn Storage + 'static)) {
    s.create_org(org("l"), 1).await.unwrap();
    for i in 0..7 {
        let mut state = order(if i < 3 { "水龍頭漏水" } else { "燈不亮" }, &format!("3-{i}"));
        state.number = Some(format!("N{i}"));
        if i % 2 == 0 {
            let mark = doorstep_core::domain::order::Mark { at: Stamp::new(0, 480), by: PersonId::from("x") };
            let waiver = doorstep_core::domain::order::Waiver { reason: "r".to_owned(), mark };
            state.void = Some(waiver);
        }
        put(s, &org("l"), OrderId::new(), "me", state).await;
    }
    let all = s.list_orders(org("l"), OrderFilter::default()).await.unwrap();
    assert_eq!((all.rows.len(), all.next), (7, None));
    assert_eq!(all.counts, [(Status::Registered, 3), (Status::Void, 4)]);
    assert_eq!(all.rows[0].number.as_deref(), Some("N6"), "newest first");
    let found = OrderFilter { q: "水龙头".to_owned(), ..OrderFilter::default() };
    let found = s.list_orders(org("l"), found).await.unwrap();
    assert_eq!((found.rows.len(), found.counts.len()), (3, 2));
    let filter = OrderFilter { status: vec![Status::Void], limit: 3, ..OrderFilter::default() };
    let page = s.list_orders(org("l"), filter.clone()).await.unwrap();
    assert_eq!((page.rows.len(), page.counts.len()), (3, 2));
    let rest = OrderFilter { after: page.next, ..filter };
    let rest = s.list_orders(org("l"), rest).await.unwrap();
    assert_eq!((rest.rows.len(), rest.next), (1, None));
    let states = s.orders(org("l"), OrderFilter::default()).await.unwrap();
    assert_eq!(
        states.iter().map(|o| o.id).collect::<Vec<_>>(),
        all.rows.iter().map(|r| r.id).collect::<Vec<_>>()
    );
    assert!(s.order(org("a"), all.rows[0].id).await.unwrap().is_none(), "another org's order");
    timelines_and_ink(s, all.rows[0].id).await;
}

async fn timelines_and_ink(s: &(dyn Storage + 'static), id: OrderId) {
    let entry = Entry {
        id: EntryId::new(),
        n: 0,
        seen: 0,
        order: id,
        visit: 0,
        actor: Actor { person: PersonId::from("x"), role: Role::FrontDesk },
        at: Stamp::new(5, 480),
        mono_ms: 0,
        boot: None,
        skew_ms: None,
        app: String::new(),
        facts: vec![Fact::SetOut],
        inks: Vec::new(),
    };
    let bytes = entry.encode().unwrap();
    let log = EntryWrite {
        seq: 1,
        id: Some(entry.id),
        order: Some(id),
        device: None,
        n: 0,
        chain: ChainHash::default(),
        verdict: Verdict::Conflicted,
        number: Some("WX000001".to_owned()),
        bytes: bytes.clone(),
    };
    let garbage = EntryWrite { id: None, bytes: vec![0xff], ..log.clone() };
    let digest = Digest::of(b"ink");
    let ink = InkWrite { order: id, digest, seq: 1, bytes: b"ink".to_vec() };
    let writes = Writes {
        received_ms: 77,
        entries: vec![log, garbage],
        inks: vec![ink.clone(), ink],
        ..Writes::default()
    };
    s.decide(org("l"), Want::default(), Box::new(|_, write| write(writes))).await.unwrap();
    let timeline = s.timeline(org("l"), id).await.unwrap();
    let number = Some("WX000001".to_owned());
    let logged = LogEntry { entry, device: None, received_ms: 77, verdict: Verdict::Conflicted, number };
    assert_eq!(timeline, [logged]);
    assert_eq!(s.ink(org("l"), id, digest).await.unwrap().as_deref(), Some(&b"ink"[..]));
    assert_eq!(s.ink(org("a"), id, digest).await.unwrap(), None);
    assert_eq!(s.ink(org("l"), OrderId::new(), digest).await.unwrap(), None);
}

async fn devices_users_and_sessions(s: &(dyn Storage + 'static)) {
    let (a, b) = (org("a"), org("b"));
    let hash = |text: &str| Digest::of(text.as_bytes());
    let (person, role) = (PersonId::from("w"), Role::Technician);
    let code = NewEnrolCode { code: hash("code"), person: person.clone(), role, expires_ms: 100 };
    s.put_enrol_code(a.clone(), code).await.unwrap();
    let device = |id, key| NewDevice { id, public_key: [key; 32], token: hash("token"), app: "1".to_owned() };
    let id = DeviceId::new();
    for (org, code, now) in [(&b, "code", 50), (&a, "other", 50), (&a, "code", 100)] {
        let refused = s.enrol(org.clone(), hash(code), device(id, 1), now).await.unwrap();
        assert_eq!(refused, Enrolment::NoSuchCode);
    }
    let done = Enrolment::Done(person.clone(), role);
    let own = s.enrol(a.clone(), hash("code"), device(id, 1), 50).await.unwrap();
    assert_eq!(own, done);
    assert_eq!(s.enrol(a.clone(), hash("code"), device(id, 1), 60).await.unwrap(), done);
    assert_eq!(s.enrol(a.clone(), hash("code"), device(id, 2), 60).await.unwrap(), Enrolment::NoSuchCode);
    let found = s.device_by_token(a.clone(), hash("token")).await.unwrap().unwrap();
    assert_eq!(
        (found.id, found.person, found.public_key, found.revoked),
        (id, person.clone(), [1; 32], false)
    );
    assert_eq!(s.device_by_token(b.clone(), hash("token")).await.unwrap(), None);
    let second = NewDevice { token: hash("second"), ..device(DeviceId::new(), 1) };
    assert_eq!(s.incarnate(a.clone(), id, second.clone(), 65).await.unwrap(), done);
    assert_eq!(s.incarnate(a.clone(), id, second.clone(), 66).await.unwrap(), done, "its answer was lost");
    let taken = NewDevice { public_key: [3; 32], ..second.clone() };
    assert_eq!(s.incarnate(a.clone(), id, taken, 66).await.unwrap(), Enrolment::DeviceTaken);
    assert_eq!(s.incarnate(b.clone(), id, second, 66).await.unwrap(), Enrolment::NoSuchCode);
    assert!(s.device_by_token(a.clone(), hash("second")).await.unwrap().is_some());
    assert!(s.device_by_token(a.clone(), hash("token")).await.unwrap().is_some());
    let used = |token: &str| s.device_by_token(a.clone(), hash(token));
    assert_eq!(used("token").await.unwrap().unwrap().used_ms, 50);
    s.use_token(a.clone(), id, 68).await.unwrap();
    assert_eq!(used("token").await.unwrap().unwrap().used_ms, 68);
    // A new name makes an old token no younger.
    let third = NewDevice { token: hash("third"), ..device(DeviceId::new(), 1) };
    assert_eq!(s.incarnate(a.clone(), id, third, 900).await.unwrap(), done);
    assert_eq!(used("third").await.unwrap().unwrap().used_ms, 68);
    // A person who left is one whose document was withdrawn.
    let document = |body: &[u8]| NewDocument { kind: "person", key: "w".to_owned(), body: body.to_vec() };
    for (body, left) in [(&b"{}"[..], false), (b"", true), (b"{}", false)] {
        s.put_documents(a.clone(), vec![document(body)]).await.unwrap();
        assert_eq!(used("token").await.unwrap().unwrap().revoked, left);
    }
    s.put_documents(a.clone(), vec![document(b"")]).await.unwrap();
    s.put_documents(a.clone(), vec![document(br#"{"id":"w","name":"","role":"technician"}"#)]).await.unwrap();
    assert!(s.revoke_device(a.clone(), id, 70).await.unwrap());
    assert!(!s.revoke_device(a.clone(), id, 71).await.unwrap());
    assert!(s.device_by_token(a.clone(), hash("token")).await.unwrap().unwrap().revoked);
    let devices = s.devices(a.clone()).await.unwrap();
    let told =
        |d: &DeviceRecord| (d.device.public_key, d.enrolled_ms, d.revoked_ms, d.heard_ms, d.app.clone());
    let told: Vec<_> = devices.iter().map(told).collect();
    let expected = [(50, Some(70)), (65, None), (900, None)];
    assert_eq!(told, expected.map(|(at, revoked)| ([1; 32], at, revoked, 0, "1".to_owned())));
    assert_eq!((devices[0].device.id, devices[0].device.revoked), (id, true));
    let heard = Writes { device: Some((id, 1, ChainHash::default())), received_ms: 80, ..Writes::default() };
    s.decide(a.clone(), Want::default(), Box::new(|_, write| write(heard))).await.unwrap();
    assert_eq!(s.devices(a.clone()).await.unwrap()[0].heard_ms, 80);
    assert!(s.devices(org("l")).await.unwrap().is_empty());
    assert!(s.has_device_key(a.clone(), [1; 32]).await.unwrap(), "also after it was revoked");
    assert!(!s.has_device_key(a.clone(), [2; 32]).await.unwrap());
    assert!(!s.has_device_key(b.clone(), [1; 32]).await.unwrap());

    let user = User { person, role, name: "王".to_owned(), lang: Lang::En, password: "h".to_owned() };
    s.put_user(a.clone(), user.clone()).await.unwrap();
    assert_eq!(s.user(a.clone(), user.person.clone()).await.unwrap(), Some(user.clone()));
    assert_eq!(s.user(b.clone(), user.person.clone()).await.unwrap(), None);
    let session =
        NewSession { token: hash("s"), person: user.person.clone(), csrf: "c".to_owned(), expires_ms: 100 };
    s.put_session(a.clone(), session, 1).await.unwrap();
    let other = |token, expires_ms| NewSession {
        token: hash(token),
        person: user.person.clone(),
        csrf: "c".to_owned(),
        expires_ms,
    };
    s.put_session(a.clone(), other("old", 50), 1).await.unwrap();
    s.put_session(a.clone(), other("new", 200), 60).await.unwrap();
    assert_eq!(s.session(a.clone(), hash("old"), 40).await.unwrap(), None, "over, and forgotten");
    let good = s.session(a.clone(), hash("s"), 99).await.unwrap();
    assert_eq!(good, Some(Session { user, csrf: "c".to_owned() }));
    assert_eq!(s.session(a.clone(), hash("s"), 100).await.unwrap(), None);
    assert_eq!(s.session(b, hash("s"), 99).await.unwrap(), None);
    s.end_session(a.clone(), hash("s")).await.unwrap();
    assert_eq!(s.session(a.clone(), hash("s"), 99).await.unwrap(), None);
    s.audit(a, 1, PersonId::from("x"), "did".to_owned()).await.unwrap();
}
