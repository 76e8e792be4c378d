//! What only PostgreSQL can be asked about, and the suite every storage passes, each on a database of its own.
//!
//! They need a PostgreSQL and are ignored elsewhere: `tests/run postgres` starts one and runs them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::journal::ChainHash;
use tokio_postgres::NoTls;

use super::{DatabaseUrl, PostgresStorage, conn, replica, schema};
use crate::storage::{
    Decision, GrantWrite, NewDevice, NewEnrolCode, OrderFilter, OrderWrite, Pull, Storage, StorageError,
    Summary, Want, Writes, conformance, sqlite,
};

/// A database that goes with the test.
struct Fresh {
    name: String,
    url: DatabaseUrl,
}

impl Fresh {
    async fn new() -> Self {
        let admin = admin();
        let name = format!("t{}", uuid::Uuid::now_v7().simple());
        run(&admin, &format!("CREATE DATABASE {name}")).await;
        let (front, _) = admin.rsplit_once('/').unwrap();
        let url = DatabaseUrl::new(format!("{front}/{name}"));
        Self { name, url }
    }

    async fn open(&self) -> PostgresStorage {
        PostgresStorage::open(&self.url, None).await.unwrap()
    }

    async fn gone(self) {
        run(&admin(), &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

fn admin() -> String {
    std::env::var("DOORSTEP_POSTGRES").expect("DOORSTEP_POSTGRES: run this with tests/run postgres")
}

/// Runs statements past the server, and gives what the last one said when it failed.
async fn refused(url: &str, sql: &str) -> Option<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let task = tokio::spawn(connection);
    let said =
        client.batch_execute(sql).await.err().map(|error| error.as_db_error().unwrap().message().to_owned());
    drop(client);
    let _ = task.await;
    said
}

async fn run(url: &str, sql: &str) {
    assert_eq!(refused(url, sql).await, None, "{sql}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_passes_the_suite() {
    let fresh = Fresh::new().await;
    conformance::all(Arc::new(fresh.open().await)).await;
    fresh.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_is_made_once_by_many_that_start_at_once() {
    let fresh = Fresh::new().await;
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let url = fresh.url.clone();
            tokio::spawn(async move { PostgresStorage::open(&url, None).await })
        })
        .collect();
    for start in starts {
        let storage = start.await.unwrap().unwrap();
        storage.create_org(OrgId::from("a"), 3).await.unwrap();
        assert_eq!(storage.clock(OrgId::from("a")).await.unwrap().epoch, 3);
    }
    fresh.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_of_a_newer_version_is_left_alone() {
    let fresh = Fresh::new().await;
    drop(fresh.open().await);
    run(fresh.url.secret(), "UPDATE doorstep_schema SET version = 99").await;
    let error = PostgresStorage::open(&fresh.url, None).await.err().unwrap();
    assert!(error.to_string().contains("version is 99"), "{error}");
    fresh.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_made_by_the_printed_schema_is_what_a_start_makes() {
    let (printed, started) = (Fresh::new().await, Fresh::new().await);
    run(printed.url.secret(), &schema::text(false)).await;
    drop(printed.open().await);
    drop(started.open().await);
    let shape = "SELECT string_agg(concat_ws(' ', table_name, column_name, ordinal_position, data_type, is_nullable,
        column_default, collation_name), E'\n' ORDER BY table_name, ordinal_position) FROM information_schema.columns
        WHERE table_schema = 'public'";
    let indexes =
        "SELECT string_agg(indexdef, E'\n' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'";
    for sql in [shape, indexes] {
        let (one, other) = (text(&printed.url, sql).await, text(&started.url, sql).await);
        assert_eq!(one, other);
        assert!(one.contains("entry_log"), "{one}");
    }
    printed.gone().await;
    started.gone().await;
}

async fn text(url: &DatabaseUrl, sql: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url.secret(), NoTls).await.unwrap();
    let task = tokio::spawn(connection);
    let text = client.query_one(sql, &[]).await.unwrap().get(0);
    drop(client);
    let _ = task.await;
    text
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_refuses_to_change_the_log_ink_acts_and_keys_of_devices() {
    let fresh = Fresh::new().await;
    drop(fresh.open().await);
    let url = fresh.url.secret();
    run(
        url,
        r"INSERT INTO entry_log (org, pos, seq, verdict, received_ms, bytes) VALUES ('a', 1, 1, 'applied', 1, '\x01');
          INSERT INTO ink (org, order_id, digest, seq, bytes)
            VALUES ('a', gen_random_uuid(), '\x02', 1, '\x03');
          INSERT INTO audit (org, pos, at_ms, who, what) VALUES ('a', 1, 1, 'x', 'did');
          INSERT INTO device (org, device_id, person, role, public_key, token_hash, chain, enrolled_ms, used_ms)
            VALUES ('a', gen_random_uuid(), 'p', 'technician', '\x04', '\x05', '\x06', 1, 1);",
    )
    .await;
    for sql in [
        "UPDATE entry_log SET verdict = 'x'",
        "DELETE FROM entry_log",
        "TRUNCATE entry_log",
        r"UPDATE ink SET bytes = '\x99'",
        "DELETE FROM ink",
        r"INSERT INTO ink SELECT * FROM ink ON CONFLICT (org, digest, order_id) DO UPDATE SET bytes = '\x99'",
        "DELETE FROM audit",
        r"UPDATE device SET public_key = '\x99'",
        "UPDATE device SET device_id = gen_random_uuid()",
        "DELETE FROM device",
    ] {
        let said = refused(url, sql).await.unwrap_or_else(|| panic!("{sql} passed"));
        assert!(said.contains("permission denied"), "{sql}: {said}");
    }
    run(url, "UPDATE device SET revoked_ms = 9, n = 4").await;
    fresh.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_connections_that_broke_are_replaced() {
    let fresh = Fresh::new().await;
    let storage = fresh.open().await;
    storage.create_org(OrgId::from("a"), 3).await.unwrap();
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..3 {
        run(fresh.url.secret(), kill).await;
        let mut tries = 0;
        loop {
            match storage.clock(OrgId::from("a")).await {
                Ok(clock) => break assert_eq!(clock.epoch, 3),
                Err(StorageError::Busy) if tries < 20 => tries += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
    fresh.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_that_is_not_there_is_busy_and_its_address_is_never_shown() {
    let nobody = DatabaseUrl::new("postgres://doorstep:hush@127.0.0.1:1/doorstep?sslmode=disable");
    let error = PostgresStorage::open(&nobody, None).await.err().unwrap();
    assert!(matches!(error, StorageError::Busy), "{error}");
    let wrong = DatabaseUrl::new("postgres://doorstep:hush@[::1/x?hush=hush");
    let error = PostgresStorage::open(&wrong, None).await.err().unwrap();
    for text in [format!("{error} {error:?}"), format!("{wrong:?}")] {
        assert!(!text.contains("hush"), "{text}");
    }
    assert!(conn::config("postgres://a:b@c,d:5433/e?target_session_attrs=read-write").is_ok());
}

fn replica_of(url: &DatabaseUrl) -> DatabaseUrl {
    let replica = std::env::var("DOORSTEP_POSTGRES_REPLICA").expect("DOORSTEP_POSTGRES_REPLICA");
    let (front, _) = replica.rsplit_once('/').unwrap();
    let (_, name) = url.secret().rsplit_once('/').unwrap();
    DatabaseUrl::new(format!("{front}/{name}"))
}

fn ask(device: DeviceId, cursor: u64, page_bytes: usize) -> Pull {
    Pull {
        device,
        person: PersonId::from("me"),
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

/// Writes so many new orders granted to one person, in one transaction; gives their ids.
async fn write_orders(storage: &dyn Storage, org: &OrgId, count: usize, hold: Duration) -> Vec<OrderId> {
    let ids: Vec<OrderId> = (0..count).map(|_| OrderId::new()).collect();
    let given = ids.clone();
    let decision: Decision = Box::new(move |loaded, write| {
        let mut clock = loaded.clock;
        let mut writes = Writes::default();
        for id in given {
            let seq = clock.tick();
            let order = Order::default();
            let (summary, state) = (Summary::of(&order), order.to_bytes());
            writes.orders.push(OrderWrite { id, is_new: true, seq, ink_seq: 0, summary, state });
            let person = PersonId::from("me");
            writes.grants.push(GrantWrite { order: id, person, seq, active: true });
        }
        std::thread::sleep(hold);
        write(Writes { clock: Some(clock), ..writes });
    });
    storage.decide(org.clone(), Want::default(), decision).await.unwrap();
    ids
}

/// Nobody who pages through the feed while others write misses a row (I11).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_readers_miss_no_row_of_many_writers() {
    let is_long = std::env::var_os("DOORSTEP_LONG").is_some();
    let (rows, each) = if is_long { (1_000_000, 250) } else { (20_000, 25) };
    const WRITERS: usize = 16;
    let fresh = Fresh::new().await;
    let org = OrgId::from("feed");
    // Each with connections and a queue of its own, as processes have.
    let mut processes = Vec::new();
    for _ in 0..4 {
        processes.push(fresh.open().await);
    }
    processes[0].create_org(org.clone(), 9).await.unwrap();
    let left = Arc::new(AtomicUsize::new(rows / each));
    let writers: Vec<_> = (0..WRITERS)
        .map(|i| {
            let (storage, org, left) = (processes[i % 4].clone(), org.clone(), Arc::clone(&left));
            tokio::spawn(async move {
                let mut written = Vec::new();
                while left.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1)).is_ok() {
                    // Now and then one holds its numbers long before it commits.
                    let hold = if written.len() % 7 == 0 && !is_long { 3 } else { 0 };
                    written.extend(write_orders(&storage, &org, each, Duration::from_millis(hold)).await);
                }
                written
            })
        })
        .collect();
    let readers: Vec<_> = (0..3)
        .map(|i| {
            let (storage, org) = (processes[i].clone(), org.clone());
            tokio::spawn(async move {
                let (mut cursor, mut read, mut seqs, mut pages) = (0, HashSet::new(), 0, 0);
                while seqs < rows {
                    let page = storage.pull(org.clone(), ask(DeviceId::new(), cursor, 20_000)).await.unwrap();
                    assert!(page.seq >= cursor);
                    for order in &page.orders {
                        // One seq after the other: the row that is missing would be a hole.
                        seqs += 1;
                        assert_eq!(order.seq, seqs as u64, "after {cursor}");
                        assert!(read.insert(order.id));
                    }
                    cursor = page.seq;
                    pages += 1;
                }
                (read, pages)
            })
        })
        .collect();
    let mut written = HashSet::new();
    for writer in writers {
        written.extend(writer.await.unwrap());
    }
    assert_eq!(written.len(), rows);
    for reader in readers {
        let (read, pages) = tokio::time::timeout(Duration::from_secs(60), reader).await.unwrap().unwrap();
        assert_eq!(read, written);
        assert!(pages > 20, "{pages}");
    }
    drop(processes);
    fresh.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_replicas_answer_only_when_they_have_come_far_enough() {
    let fresh = Fresh::new().await;
    let standby = replica_of(&fresh.url);
    let storage = PostgresStorage::open(&fresh.url, Some(&standby)).await.unwrap();
    let (org, device) = (OrgId::from("r"), DeviceId::new());
    storage.create_org(org.clone(), 9).await.unwrap();
    write_orders(&storage, &org, 3, Duration::ZERO).await;
    let pool = conn::pool(conn::config(standby.secret()).unwrap(), false).unwrap();
    let there = async |pull: &Pull, seen| replica::pull(&pool, &storage.pool, &org, pull, seen).await;
    let caught_up = async |seq: u64| {
        for _ in 0..200 {
            if there(&ask(device, seq, 1 << 20), seq).await.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the replica does not follow");
    };
    caught_up(3).await;
    assert_eq!(there(&ask(device, 0, 1 << 20), 3).await.unwrap().orders.len(), 3);
    assert!(there(&Pull { epoch: 8, ..ask(device, 0, 1 << 20) }, 0).await.is_none(), "of another epoch");
    run(standby.secret(), "SELECT pg_wal_replay_pause()").await;
    let after = async {
        // The device is not there: its journal is known to the database alone.
        let key = NewDevice { id: device, public_key: [1; 32], token: Digest::of(b"t"), app: String::new() };
        let code = NewEnrolCode {
            code: Digest::of(b"c"),
            person: PersonId::from("me"),
            role: doorstep_core::domain::person::Role::Technician,
            expires_ms: 9,
        };
        storage.put_enrol_code(org.clone(), code).await.unwrap();
        storage.enrol(org.clone(), Digest::of(b"c"), key, 1).await.unwrap();
        assert!(there(&ask(device, 3, 1 << 20), 3).await.is_some(), "nothing it has not heard of");
        let tail = Writes { device: Some((device, 1, ChainHash::default())), ..Writes::default() };
        storage.decide(org.clone(), Want::default(), Box::new(|_, write| write(tail))).await.unwrap();
        assert!(there(&ask(device, 3, 1 << 20), 3).await.is_none(), "the journal is further");
        write_orders(&storage, &org, 2, Duration::ZERO).await;
        let other = DeviceId::new();
        assert!(there(&ask(other, 3, 1 << 20), 3).await.is_some(), "another phone may be told the old state");
        assert!(there(&ask(other, 5, 1 << 20), 3).await.is_none(), "behind the phone");
        assert!(there(&ask(other, 3, 1 << 20), 5).await.is_none(), "behind a push that was answered");
        // Through the front, the database answers instead.
        let pulled = storage.pull(org.clone(), ask(device, 3, 1 << 20)).await.unwrap();
        assert_eq!((pulled.orders.len(), pulled.seq, pulled.acked), (2, 5, 1));
    };
    after.await;
    run(standby.secret(), "SELECT pg_wal_replay_resume()").await;
    caught_up(5).await;
    let pulled = there(&ask(device, 3, 1 << 20), 5).await.unwrap();
    assert_eq!((pulled.orders.len(), pulled.acked), (2, 1));
    drop(pool);
    fresh.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: tests/run postgres"]
async fn postgres_is_copied_into_a_file_that_holds_the_same() {
    let fresh = Fresh::new().await;
    let storage = fresh.open().await;
    conformance::all(Arc::new(storage.clone())).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(sqlite::FILE);
    super::copy(&fresh.url, &file).await.unwrap();
    assert!(super::copy(&fresh.url, &file).await.is_err(), "never over another");
    let copied = sqlite::SqliteStorage::open(folder.path()).unwrap();
    for org in storage.orgs().await.unwrap() {
        assert_eq!(copied.clock(org.clone()).await.unwrap(), storage.clock(org.clone()).await.unwrap());
        assert_eq!(copied.devices(org.clone()).await.unwrap(), storage.devices(org.clone()).await.unwrap());
        let all = OrderFilter { limit: 1000, ..OrderFilter::default() };
        let orders = storage.orders(org.clone(), all.clone()).await.unwrap();
        assert_eq!(copied.orders(org.clone(), all).await.unwrap(), orders);
        for order in orders {
            let log = storage.timeline(org.clone(), order.id).await.unwrap();
            assert_eq!(copied.timeline(org.clone(), order.id).await.unwrap(), log);
        }
        let documents = storage.documents(org.clone(), "person".to_owned()).await.unwrap();
        assert_eq!(copied.documents(org, "person".to_owned()).await.unwrap(), documents);
    }
    fresh.gone().await;
}
