//! Schema versions: frozen files, applied in order, counted in a table of one row. Several processes may start at once.

use deadpool_postgres::Pool;

use super::conn::Txn;
use super::sql;
use super::values::get;
use crate::storage::StorageError;

/// The table that counts. It is about no org: a distributing database keeps it in one place.
const BASE: &str = "CREATE TABLE IF NOT EXISTS doorstep_schema (
  one BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (one),
  version BIGINT NOT NULL
);
INSERT INTO doorstep_schema (version) VALUES (0) ON CONFLICT (one) DO NOTHING;
";

/// Every version's change, from 1. A published file is never edited: a later change is a new file.
pub(super) const VERSIONS: &[&str] = &[include_str!("0001.sql")];

/// The tables whose rows belong to an org, those with the clock first: the others are placed beside it.
const TABLES: &[&str] = &[
    "org_clock",
    "device",
    "entry_log",
    r#""order""#,
    "ink",
    r#""grant""#,
    "document",
    "parked",
    "app_user",
    "session",
    "enrol_code",
    "audit",
];

/// How often the first step is tried: two processes that both find no table get into each other's way.
const TRIES: usize = 5;

/// Brings a database to this version.
pub(super) async fn migrate(pool: &Pool) -> Result<(), StorageError> {
    let mut tries = 0;
    while let Err(error) = base(pool).await {
        tries += 1;
        if tries == TRIES {
            return Err(error);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let txn = Txn::take(pool).await?;
    txn.begin(sql::BEGIN).await?;
    let conn = txn.conn()?;
    let rows = conn.find(sql::LOCK_VERSION, &[]).await?;
    let version: i64 = rows.first().map(|row| get(row, 0)).transpose()?.unwrap_or(0);
    let Some(missing) = usize::try_from(version).ok().and_then(|done| VERSIONS.get(done..)) else {
        let why = format!("its version is {version}, this server knows up to {}", VERSIONS.len());
        return Err(StorageError::Unreadable { what: "database", why });
    };
    for sql in missing {
        txn.define(sql).await?;
    }
    if !missing.is_empty() {
        let now = i64::try_from(VERSIONS.len()).unwrap_or(i64::MAX);
        conn.act(sql::SET_VERSION, &[&now]).await?;
    }
    txn.commit().await?;
    txn.ended();
    Ok(())
}

async fn base(pool: &Pool) -> Result<(), StorageError> {
    let txn = Txn::take(pool).await?;
    txn.define(BASE).await?;
    txn.ended();
    Ok(())
}

/// The whole schema as an operator may run it before the first start. `citus`: with the calls that spread the tables by
/// org over a Citus cluster, all rows of an org together.
#[must_use]
pub fn text(citus: bool) -> String {
    let mut text = format!("{BASE}\n{}", VERSIONS.join("\n"));
    text.push_str(&format!("\nUPDATE doorstep_schema SET version = {} WHERE one;\n", VERSIONS.len()));
    if !citus {
        return text;
    }
    text.push_str("\n-- By org, and all rows of an org together.\n");
    for (i, table) in TABLES.iter().enumerate() {
        let with = if i == 0 { "none" } else { "org_clock" };
        text.push_str(&format!(
            "SELECT create_distributed_table('{table}', 'org', colocate_with => '{with}');\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::ids::Digest;

    #[test]
    fn published_versions_are_frozen() {
        let frozen = ["094ef4e0477715f12143e2ab03633beb926be96c6f845099b9e49cb65796777c"];
        let now: Vec<String> = VERSIONS.iter().map(|sql| Digest::of(sql.as_bytes()).to_string()).collect();
        assert_eq!(now, frozen);
    }

    #[test]
    fn every_table_is_spread_by_org_beside_the_clock() {
        let plain = text(false);
        assert!(!plain.contains("create_distributed_table"));
        let spread = text(true);
        let made = plain.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        let made: Vec<&str> = made.filter_map(|rest| rest.split_whitespace().next()).collect();
        assert_eq!(made.iter().filter(|name| **name != "IF").count(), TABLES.len());
        for table in made.into_iter().filter(|name| *name != "IF") {
            assert!(spread.contains(&format!("create_distributed_table('{table}', 'org'")), "{table}");
        }
        assert_eq!(spread.matches("colocate_with => 'org_clock'").count(), TABLES.len() - 1);
    }
}
