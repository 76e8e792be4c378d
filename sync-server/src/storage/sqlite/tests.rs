//! The SQLite storage passes the suite every storage passes, and keeps what only SQLite can be asked about.

use std::sync::Arc;

use doorstep_core::domain::ids::OrgId;

use super::{FILE, SqliteStorage};
use crate::storage::{Storage, conformance};

#[tokio::test(flavor = "multi_thread")]
async fn it_passes_the_suite() {
    let folder = tempfile::tempdir().unwrap();
    conformance::all(Arc::new(SqliteStorage::open(folder.path()).unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_only_added_to_and_survives_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(folder.path()).unwrap();
    storage.create_org(OrgId::from("a"), 3).await.unwrap();
    storage
        .write(|conn| {
            conn.execute(
                "INSERT INTO entry_log (org, seq, verdict, received_ms, bytes) VALUES ('a', 1, 'applied', 1, x'01')",
                [],
            )?;
            Ok(())
        })
        .await
        .unwrap();
    for sql in ["UPDATE entry_log SET verdict = 'x'", "DELETE FROM entry_log"] {
        let refused = storage.write(move |conn| Ok(conn.execute(sql, [])?)).await.unwrap_err();
        assert!(format!("{refused}").contains("the entry log is only added to"), "{refused}");
    }
    drop(storage);
    let conn = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
    let kept: i64 = conn.query_row("SELECT count(*) FROM entry_log", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 1);
    let storage = SqliteStorage::open(folder.path()).unwrap();
    assert_eq!(storage.clock(OrgId::from("a")).await.unwrap().epoch, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_changes_or_removes_ink_or_the_key_of_a_device() {
    let folder = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(folder.path()).unwrap();
    storage.create_org(OrgId::from("a"), 3).await.unwrap();
    storage
        .write(|conn| {
            Ok(conn.execute_batch(
                "INSERT INTO ink (org, order_id, digest, seq, bytes) VALUES ('a', x'01', x'02', 1, x'03');
                 INSERT INTO device (org, device_id, person, role, public_key, token_hash, chain, enrolled_ms)
                   VALUES ('a', x'01', 'p', 'technician', x'04', x'05', x'06', 1);",
            )?)
        })
        .await
        .unwrap();
    for (sql, why) in [
        ("UPDATE ink SET bytes = x'99'", "ink is only added to"),
        ("UPDATE ink SET digest = x'99'", "ink is only added to"),
        ("DELETE FROM ink", "ink is only added to"),
        (
            "REPLACE INTO ink (org, order_id, digest, seq, bytes) VALUES ('a', x'01', x'02', 1, x'99')",
            "ink is only added to",
        ),
        ("UPDATE device SET public_key = x'99'", "a device keeps its key"),
        ("UPDATE device SET device_id = x'99'", "a device keeps its key"),
        ("DELETE FROM device", "a device is revoked, never removed"),
    ] {
        let refused = storage.write(move |conn| Ok(conn.execute(sql, [])?)).await.unwrap_err();
        assert!(format!("{refused}").contains(why), "{sql}: {refused}");
    }
    let allowed = storage.write(|conn| Ok(conn.execute("UPDATE device SET revoked_ms = 9, n = 4", [])?));
    assert_eq!(allowed.await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_write_is_taken_back_and_the_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(folder.path()).unwrap();
    let panicked = storage.write::<()>(|conn| {
        conn.execute("INSERT INTO org_clock (org, epoch) VALUES ('x', 1)", [])?;
        panic!("on purpose")
    });
    assert!(panicked.await.is_err());
    storage.create_org(OrgId::from("a"), 3).await.unwrap();
    assert_eq!(storage.orgs().await.unwrap(), [OrgId::from("a")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_every_order_is_planned_once() {
    // A statement whose plan looked at a bound value is planned again at every call: ten thousand times in a large push.
    let folder = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(folder.path()).unwrap();
    let planned = storage.write(|conn| {
        for order in [[1_u8; 16], [2; 16], [3; 16]] {
            // Taken from the cache each time, as the code does: going back there clears what was bound.
            let mut statement = conn.prepare_cached(super::decide::PARKED)?;
            assert!(!statement.exists(rusqlite::params!["a", order])?);
        }
        let statement = conn.prepare_cached(super::decide::PARKED)?;
        Ok(statement.get_status(rusqlite::StatementStatus::RePrepare))
    });
    assert_eq!(planned.await.unwrap(), 0);
}
