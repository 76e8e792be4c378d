//! A pull from a copy that follows the database, when it has come as far as it must.

use deadpool_postgres::Pool;
use doorstep_core::domain::ids::OrgId;

use super::conn::Conn;
use super::values::{count, key};
use super::{pull, sql};
use crate::storage::{Pull, Pulled, StorageError};

/// The snapshot, read from the replica; `None` when the database itself has to be asked.
///
/// It will do when it is in the phone's epoch and not behind what the phone has (its cursor), what this process saw of the
/// org (`seen`: a push that was just answered), or the phone's journal as the database has it: a push of entries that
/// changed nothing moves no seq.
pub(super) async fn pull(
    replica: &Pool,
    primary: &Pool,
    org: &OrgId,
    pull: &Pull,
    seen: u64,
) -> Option<Pulled> {
    let (pulled, acked) = tokio::join!(pull::pull(replica, org, pull), acked(primary, org, pull));
    let (pulled, stood, acked) = match (pulled, acked) {
        (Ok((pulled, stood)), Ok(acked)) => (pulled, stood, acked),
        // An org that was just made may not be there yet.
        (Err(StorageError::NoOrg(_)), _) => return None,
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%error, "the replica is not used");
            return None;
        }
    };
    let is_there = pulled.epoch == pull.epoch && stood >= pull.cursor.max(seen) && pulled.acked >= acked;
    is_there.then_some(pulled)
}

async fn acked(primary: &Pool, org: &OrgId, pull: &Pull) -> Result<u64, StorageError> {
    let conn = Conn::take(primary).await?;
    let rows = conn.find(sql::ACKED, &[&key(org.as_str()).as_ref(), &pull.device.0]).await?;
    Ok(rows.first().map(|row| count(row, 0)).transpose()?.unwrap_or(0))
}
