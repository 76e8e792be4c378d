//! Where the journal ends and how far the server has followed: kept in memory, true as of the last commit.

use rusqlite::{Connection, OptionalExtension as _};

use super::meta::{self, key};
use crate::domain::ids::{DeviceId, Digest};
use crate::journal::ChainHash;
use crate::phone::error::{PhoneError, Result};

/// The state of journal and sync.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    /// The last entry's journal n; 0 when there is none.
    pub(crate) n: u64,
    /// The chain hash after it.
    pub(crate) hash: ChainHash,
    /// The incarnation entries are numbered under.
    pub(crate) device: DeviceId,
    /// The journal n of its entry number 1.
    pub(crate) first: u64,
    /// Entries up to this journal n are the server's.
    pub(crate) acked: u64,
    /// The server epoch the cursor belongs to.
    pub(crate) epoch: u64,
    /// Everything up to this seq is applied.
    pub(crate) cursor: u64,
    /// How far this clock was from the server's at the last sync.
    pub(crate) skew_ms: Option<i64>,
}

impl Head {
    pub(crate) fn load(conn: &Connection) -> Result<Self> {
        let last = conn
            .prepare_cached("SELECT n, hash FROM journal ORDER BY n DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get::<_, [u8; 32]>(1)?)))
            .optional()?;
        let (first, device) = conn
            .prepare_cached("SELECT first, device FROM incarnation ORDER BY first DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get::<_, [u8; 16]>(1)?)))
            .optional()?
            .ok_or_else(|| PhoneError::StorageDamaged("the file names no device".to_owned()))?;
        let (n, hash) = last.unwrap_or((0, [0; 32]));
        let hash = if n < first { ChainHash::default() } else { ChainHash(Digest(hash)) };
        Ok(Self {
            n,
            hash,
            device: DeviceId(uuid::Uuid::from_bytes(device)),
            first,
            acked: acked(conn)?,
            epoch: meta::get(conn, key::EPOCH)?.unwrap_or(0),
            cursor: meta::get(conn, key::CURSOR)?.unwrap_or(0),
            skew_ms: meta::get(conn, key::SKEW)?,
        })
    }

    /// The number an entry has within its incarnation: what is written in it and what the server counts by.
    pub(crate) fn wire(&self, n: u64) -> u64 {
        (n + 1).saturating_sub(self.first)
    }

    /// The journal n of an entry's number, never below this incarnation.
    pub(crate) fn local(&self, wire: u64) -> u64 {
        self.first.saturating_sub(1).saturating_add(wire)
    }

    /// How many entries the server has not acknowledged.
    pub(crate) fn waiting(&self) -> u64 {
        self.n.saturating_sub(self.acked)
    }

    /// Writes what of acknowledgement, epoch and cursor differs from before.
    pub(crate) fn save(&self, conn: &Connection, before: &Self) -> Result<()> {
        for (key, value, old) in [
            (key::ACKED, self.acked, before.acked),
            (key::EPOCH, self.epoch, before.epoch),
            (key::CURSOR, self.cursor, before.cursor),
        ] {
            if value != old {
                meta::set(conn, key, value)?;
            }
        }
        Ok(())
    }

    /// Writes how far the clocks are apart.
    pub(crate) fn save_skew(&self, conn: &Connection) -> Result<()> {
        match self.skew_ms {
            Some(skew) => meta::set(conn, key::SKEW, skew),
            None => Ok(()),
        }
    }
}

/// Up to which journal n entries are the server's.
pub(crate) fn acked(conn: &Connection) -> Result<u64> {
    Ok(meta::get(conn, key::ACKED)?.unwrap_or(0))
}
