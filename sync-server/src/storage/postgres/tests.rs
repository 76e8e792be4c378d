//! What only PostgreSQL can be asked about, and the suite every storage passes, each on a database of its own.
//!
//! They need a PostgreSQL and are ignored elsewhere: `tests/run postgres` starts one and runs them.

use std::sync::Arc;

use doorstep_core::domain::ids::OrgId;
use tokio_postgres::NoTls;

use super::{DatabaseUrl, PostgresStorage, conn, schema};
use crate::storage::{Storage, StorageError, conformance};

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
