//! Schema versions: frozen files, applied in order, counted by `user_version`.

use rusqlite::Connection;

use crate::storage::StorageError;

/// Every version's change, from 1. A published file is never edited: a later change is a new file.
const VERSIONS: &[&str] =
    &[include_str!("0001.sql"), include_str!("0002.sql"), include_str!("0003.sql"), include_str!("0004.sql")];

/// The version of this server's databases.
pub(super) const VERSION: i64 = VERSIONS.len() as i64;

/// Brings a database to this version.
pub(super) fn migrate(conn: &Connection) -> Result<(), StorageError> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    match apply(conn) {
        Ok(()) => Ok(conn.execute_batch("COMMIT")?),
        Err(error) => {
            let _ = conn.execute_batch("ROLLBACK");
            Err(error)
        }
    }
}

fn apply(conn: &Connection) -> Result<(), StorageError> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let Some(missing) = usize::try_from(version).ok().and_then(|done| VERSIONS.get(done..)) else {
        let why = format!("its version is {version}, this server knows up to {}", VERSIONS.len());
        return Err(StorageError::Unreadable { what: "database", why });
    };
    for sql in missing {
        conn.execute_batch(sql)?;
    }
    Ok(conn.execute_batch(&format!("PRAGMA user_version = {}", VERSIONS.len()))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::ids::Digest;

    #[test]
    fn published_versions_are_frozen() {
        let frozen = [
            "0b432885bb8314a093bd4b48ee409f4ba355fcdad45c7c14116e903a89b669cd",
            "684b145b903ef32a3ba08423cb80b3f428a2f2e85cd68d495812f1df0b532d36",
            "a72e0245304fb3dbc66f1c28f6d61a111195dc18a94d95503ca8050669e84f4a",
            "1c17f12e2a6c26d2d0561dfde43100f75fb0b57305b516b45712f1ee8b087fdf",
        ];
        let now: Vec<String> = VERSIONS.iter().map(|sql| Digest::of(sql.as_bytes()).to_string()).collect();
        assert_eq!(now, frozen);
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA user_version = 99").unwrap();
        let error = migrate(&conn).unwrap_err().to_string();
        assert!(error.contains("version is 99"), "{error}");
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let conn = Connection::open_in_memory().unwrap();
        let schema = |conn: &Connection| -> String {
            conn.query_row("SELECT group_concat(sql, ';') FROM sqlite_master", [], |row| row.get(0)).unwrap()
        };
        migrate(&conn).unwrap();
        let first = schema(&conn);
        migrate(&conn).unwrap();
        assert_eq!(schema(&conn), first);
    }
}
