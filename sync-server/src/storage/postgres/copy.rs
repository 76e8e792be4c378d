//! A copy of the whole database as an SQLite file, as of one moment: to be looked over by `verify`, kept, or served from.

use std::path::Path;

use rusqlite::types::Value as Kept;
use rusqlite::{Connection, params_from_iter};
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::conn::{Conn, Txn, Value};
use super::sql::{self, Sql};
use super::values::get;
use super::{DatabaseUrl, conn};
use crate::storage::codes::unreadable;
use crate::storage::{StorageError, sqlite};

/// How many rows of the large tables are fetched at a time.
const CHUNK: i64 = 500;

/// The tables that are small enough to be fetched at once, by their names there.
const WHOLE: &[(&str, Sql)] = &[
    ("org_clock", sql::COPY_CLOCK),
    ("device", sql::COPY_DEVICE),
    ("\"grant\"", sql::COPY_GRANT),
    ("document", sql::COPY_DOCUMENT),
    ("parked", sql::COPY_PARKED),
    ("app_user", sql::COPY_USER),
    ("session", sql::COPY_SESSION),
    ("enrol_code", sql::COPY_CODE),
    ("audit", sql::COPY_AUDIT),
];

/// Copies the database into a new file. Servers may go on meanwhile: it is one snapshot.
///
/// # Errors
/// When there is a file already, or either side fails.
pub async fn copy(url: &DatabaseUrl, to: &Path) -> Result<(), StorageError> {
    if to.exists() {
        return Err(unreadable("target", "there is a database already"));
    }
    let pool = conn::pool(conn::config(url.secret())?, false)?;
    let file = sqlite::fresh(to)?;
    let txn = Txn::take(&pool).await?;
    txn.begin(sql::BEGIN_SNAPSHOT).await?;
    file.execute_batch("BEGIN")?;
    for row in txn.conn()?.find(sql::ORGS, &[]).await? {
        org(txn.conn()?, &file, get(&row, 0)?).await?;
    }
    file.execute_batch("COMMIT")?;
    txn.commit().await?;
    txn.ended();
    file.close().map_err(|(_, error)| error)?;
    Ok(())
}

async fn org(conn: &Conn, file: &Connection, org: String) -> Result<(), StorageError> {
    for (table, sql) in WHOLE {
        for row in conn.find(*sql, &[&org]).await? {
            keep(file, table, &row, row.len())?;
        }
    }
    let mut pos = 0_i64;
    loop {
        let rows = conn.find(sql::COPY_LOG, &[&org, &pos, &CHUNK]).await?;
        let Some(last) = rows.last() else { break };
        // The place is the order of insertion there.
        pos = get(last, last.len() - 1)?;
        for row in &rows {
            keep(file, "entry_log", row, row.len() - 1)?;
        }
    }
    let mut after: Option<Uuid> = None;
    loop {
        let rows = conn.find(sql::COPY_ORDER, &[&org, &after, &CHUNK]).await?;
        let Some(last) = rows.last() else { break };
        after = Some(get(last, 1)?);
        for row in &rows {
            keep(file, "\"order\"", row, row.len())?;
        }
    }
    let mut after: (Option<Uuid>, Vec<u8>) = (None, Vec::new());
    loop {
        let values: [Value<'_>; 4] = [&org, &after.0, &after.1, &CHUNK];
        let rows = conn.find(sql::COPY_INK, &values).await?;
        let Some(last) = rows.last() else { break };
        after = (Some(get(last, 1)?), get(last, 2)?);
        for row in &rows {
            keep(file, "ink", row, row.len())?;
        }
    }
    Ok(())
}

/// Inserts the first columns of a row under the same names.
fn keep(file: &Connection, table: &str, row: &Row, columns: usize) -> Result<(), StorageError> {
    let names: Vec<&str> = row.columns().iter().take(columns).map(tokio_postgres::Column::name).collect();
    let marks = vec!["?"; columns].join(", ");
    let values = (0..columns).map(|i| value(row, i)).collect::<Result<Vec<Kept>, _>>()?;
    let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
    file.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

fn value(row: &Row, i: usize) -> Result<Kept, StorageError> {
    let kind = row.columns().get(i).map(tokio_postgres::Column::type_);
    Ok(match kind {
        Some(&Type::UUID) => {
            get::<Option<Uuid>>(row, i)?.map_or(Kept::Null, |id| Kept::Blob(id.as_bytes().to_vec()))
        }
        Some(&Type::BYTEA) => get::<Option<Vec<u8>>>(row, i)?.map_or(Kept::Null, Kept::Blob),
        Some(&Type::INT8) => get::<Option<i64>>(row, i)?.map_or(Kept::Null, Kept::Integer),
        Some(&Type::INT4) => get::<Option<i32>>(row, i)?.map_or(Kept::Null, |n| Kept::Integer(n.into())),
        Some(&Type::BOOL) => get::<Option<bool>>(row, i)?.map_or(Kept::Null, |is| Kept::Integer(is.into())),
        Some(&Type::TEXT) => get::<Option<String>>(row, i)?.map_or(Kept::Null, Kept::Text),
        other => return Err(unreadable("column", &format!("its type is {other:?}"))),
    })
}
