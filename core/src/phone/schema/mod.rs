//! The schema and its migrations: each frozen file is run once, in order, and `user_version` says how far a file is.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::{PhoneError, Result};

/// Marks the file as ours: `DOOR`.
pub(crate) const APPLICATION_ID: i32 = 0x444f_4f52;

/// The migrations, oldest first. The first makes a file; none is ever changed.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("frozen/v1.sql"),
    include_str!("frozen/v2.sql"),
    include_str!("frozen/v3.sql"),
    include_str!("frozen/v4.sql"),
    include_str!("frozen/v5.sql"),
];

/// The newest schema this version knows.
pub(crate) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// Brings a file up to date in one transaction and tells which version it had. A file of a newer version is not touched.
pub(crate) fn migrate(conn: &mut Connection) -> Result<u32> {
    migrate_with(conn, MIGRATIONS)
}

fn migrate_with(conn: &mut Connection, migrations: &[&str]) -> Result<u32> {
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    let found = version(conn)?;
    if found > known {
        return Err(PhoneError::FromTheFuture { found, known });
    }
    if found == known {
        return Ok(found);
    }
    let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
    let steps = migrations.iter().skip(usize::try_from(found).unwrap_or(usize::MAX));
    for step in steps {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", known)?;
    tx.commit()?;
    Ok(found)
}

/// The schema version of an open file; 0 for an empty one.
pub(crate) fn version(conn: &Connection) -> Result<u32> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(conn: &Connection) -> Vec<(String, String, Option<String>)> {
        let mut statement =
            conn.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(|row| row.unwrap()).collect()
    }

    #[test]
    fn every_frozen_file_migrates_to_what_a_fresh_one_is() {
        let mut fresh = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut fresh).unwrap(), 0);
        assert_eq!(version(&fresh).unwrap(), KNOWN);
        for old in 1..=MIGRATIONS.len() {
            let mut conn = Connection::open_in_memory().unwrap();
            migrate_with(&mut conn, &MIGRATIONS[..old]).unwrap();
            conn.execute("INSERT INTO meta (key, value) VALUES ('org', 'kept')", []).unwrap();
            assert_eq!(migrate(&mut conn).unwrap(), old as u32);
            assert_eq!(shape(&conn), shape(&fresh));
            let kept: String =
                conn.query_row("SELECT value FROM meta WHERE key = 'org'", [], |row| row.get(0)).unwrap();
            assert_eq!(kept, "kept");
        }
    }

    /// An order the server knows, one with work pending over it, one the server never heard of: each keeps what is shown
    /// and what the server's truth is.
    #[test]
    fn states_of_the_first_schema_are_kept_once_and_whole() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate_with(&mut conn, &MIGRATIONS[..1]).unwrap();
        conn.execute_batch(
            "INSERT INTO view_order (id, order_id, last_n, status, conflict, unit, resident, fault, work_type, search, state)
             VALUES (1, x'01', 0, 's', 0, 'u', 'r', 'f', 'w', 't', NULL), (2, x'02', 5, 's', 0, 'u', 'r', 'f', 'w', 't', x'22'),
               (3, x'03', 6, 's', 0, 'u', 'r', 'f', 'w', 't', x'33');
             INSERT INTO base (id, order_id, seq, own, state) VALUES (1, x'01', 11, 1, x'10'), (2, x'02', 12, 2, x'20');",
        )
        .unwrap();
        migrate(&mut conn).unwrap();
        let rows = |sql: &str| -> Vec<(i64, Option<Vec<u8>>)> {
            let mut find = conn.prepare(sql).unwrap();
            let rows = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(|row| row.unwrap()).collect()
        };
        let shown = [(1, Some(vec![0x10])), (2, Some(vec![0x22])), (3, Some(vec![0x33]))];
        assert_eq!(rows("SELECT id, bytes FROM state ORDER BY id"), shown);
        assert_eq!(rows("SELECT seq, state FROM base ORDER BY id"), [(11, None), (12, Some(vec![0x20]))]);
    }

    #[test]
    fn later_steps_run_once_and_all_or_nothing() {
        let more = [MIGRATIONS[0], "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;"];
        let broken = [more[0], more[1], "CREATE TABLE half (id INTEGER PRIMARY KEY); SELECT nonsense;"];
        let mut conn = Connection::open_in_memory().unwrap();
        migrate_with(&mut conn, &more[..1]).unwrap();
        assert!(migrate_with(&mut conn, &broken).is_err());
        assert_eq!(version(&conn).unwrap(), 1);
        assert!(!shape(&conn).iter().any(|(_, name, _)| name == "extra" || name == "half"));
        assert_eq!(migrate_with(&mut conn, &more).unwrap(), 1);
        assert_eq!(migrate_with(&mut conn, &more).unwrap(), 2);
        assert_eq!(
            migrate_with(&mut conn, &more[..1]),
            Err(PhoneError::FromTheFuture { found: 2, known: 1 })
        );
    }

    #[test]
    fn the_journal_forbids_what_must_not_happen() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        let insert = |n: i64| {
            conn.execute(
                "INSERT INTO journal (n, id, order_id, before, hash, bytes) VALUES (?1, x'', x'', 0, x'', x'')",
                [n],
            )
        };
        insert(1).unwrap();
        insert(2).unwrap();
        assert!(insert(4).is_err(), "a gap");
        assert!(insert(2).is_err(), "twice");
        assert!(conn.execute("UPDATE journal SET bytes = x'00'", []).is_err());
        conn.execute("INSERT INTO meta (key, value) VALUES ('acked', 1)", []).unwrap();
        assert!(conn.execute("DELETE FROM journal WHERE n = 2", []).is_err());
        assert!(
            conn.execute("DELETE FROM journal WHERE n = 1", []).is_err(),
            "the server has it; so has the phone"
        );
        assert!(conn.execute("DELETE FROM journal", []).is_err());
        assert_eq!(
            conn.query_row("SELECT count(*) FROM journal", [], |row| row.get::<_, i64>(0)).unwrap(),
            2
        );
    }

    #[test]
    fn nothing_changes_or_removes_what_is_sealed() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        conn.execute_batch(
            "INSERT INTO ink (digest, order_id, bytes) VALUES (x'01', x'0a', x'00'), (x'02', x'0b', x'00');
             INSERT INTO sealed_document (digest, order_id, bytes) VALUES (x'01', x'0a', x'00');
             INSERT INTO view_order (order_id, last_n, gone, status, conflict, unit, resident, fault, work_type, search)
               VALUES (x'0a', 0, NULL, '', 0, '', '', '', '', ''), (x'0b', 0, 2, '', 0, '', '', '', '', '');",
        )
        .unwrap();
        for sql in [
            "UPDATE ink SET bytes = x'99'",
            "UPDATE ink SET order_id = x'0b'",
            "DELETE FROM ink",
            "DELETE FROM ink WHERE order_id = x'0a'",
            "UPDATE sealed_document SET bytes = x'99'",
            "DELETE FROM sealed_document",
        ] {
            assert!(conn.execute(sql, []).is_err(), "{sql}");
        }
        // An order that left takes its ink along, and no other.
        assert_eq!(conn.execute("DELETE FROM ink WHERE order_id = x'0b'", []).unwrap(), 1);
    }
}
