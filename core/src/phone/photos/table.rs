//! The table of photos taken here: how far each is on its way to the server.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::domain::ids::{Digest, OrderId};
use crate::phone::error::Result;

/// How far a photo taken on this phone is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PhotoState {
    /// On this phone alone.
    Kept,
    /// On its way: the server has a part of it, or may have.
    Sending,
    /// The server has it and verified it. It is still here in full.
    Verified,
    /// The server has it, and the full photo left this phone as the policy allows; a preview stays.
    Safe,
    /// The file is gone from this phone, and the server does not have it.
    Lost,
}

impl PhotoState {
    pub(super) fn code(self) -> i64 {
        match self {
            Self::Kept => 0,
            Self::Sending => 1,
            Self::Verified => 2,
            Self::Safe => 3,
            Self::Lost => 4,
        }
    }

    fn from_code(code: i64) -> Self {
        match code {
            0 => Self::Kept,
            1 => Self::Sending,
            2 => Self::Verified,
            3 => Self::Safe,
            _ => Self::Lost,
        }
    }
}

/// How many photos are how far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PhotoCounts {
    /// On this phone alone, and those on their way.
    pub waiting: u64,
    /// Their size in bytes.
    pub waiting_bytes: u64,
    /// With the server, and still here in full.
    pub verified: u64,
    /// With the server, here only as a preview.
    pub safe: u64,
    /// Gone.
    pub lost: u64,
}

/// Remembers a photo in the transaction that records it. One taken again is to be sent again unless the server has it.
pub(crate) fn add(tx: &Transaction<'_>, digest: Digest, order: &[u8], bytes: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO blob (digest, order_id, bytes, state) VALUES (?1, ?2, ?3, 0)
         ON CONFLICT (digest) DO UPDATE SET state = 0 WHERE state IN (3, 4)",
    )?
    .execute(params![digest.0, order, bytes])?;
    Ok(())
}

/// How far a photo is; `None` for one that was not taken here.
pub(crate) fn state(conn: &Connection, digest: Digest) -> Result<Option<PhotoState>> {
    let mut find = conn.prepare_cached("SELECT state FROM blob WHERE digest = ?1")?;
    Ok(find.query_row([digest.0], |row| row.get(0).map(PhotoState::from_code)).optional()?)
}

/// Notes how far a photo is.
pub(super) fn set(tx: &Transaction<'_>, digest: Digest, state: PhotoState, now_ms: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE blob SET state = ?2, verified_ms = CASE ?2 WHEN 2 THEN ?3 ELSE verified_ms END
         WHERE digest = ?1 AND state <> ?2",
    )?
    .execute(params![digest.0, state.code(), now_ms])?;
    Ok(())
}

/// What is to be sent, and in which order: what the office waits for to review a visit first, then the oldest.
pub(super) fn waiting(conn: &Connection, most: u32) -> Result<Vec<Digest>> {
    let mut find = conn.prepare_cached(
        "SELECT b.digest FROM blob b LEFT JOIN view_order v ON v.order_id = b.order_id
         WHERE b.state IN (0, 1) ORDER BY v.status IS NOT 'signed_off', b.id LIMIT ?1",
    )?;
    let rows = find.query_map([most], |row| row.get(0).map(Digest))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the server does not have, oldest first; asks no other table.
pub(crate) fn unsent(conn: &Connection) -> Result<Vec<Digest>> {
    let mut find = conn.prepare_cached("SELECT digest FROM blob WHERE state IN (0, 1) ORDER BY id")?;
    let rows = find.query_map([], |row| row.get(0).map(Digest))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many photos of an order the server has not verified.
pub(crate) fn unsent_of(conn: &Connection, order: OrderId) -> Result<u32> {
    let mut count =
        conn.prepare_cached("SELECT count(*) FROM blob WHERE state IN (0, 1) AND order_id = ?1")?;
    Ok(count.query_row([order.as_bytes()], |row| row.get(0))?)
}

/// Verified photos whose full file may leave, when they were verified before then.
pub(super) fn may_leave(conn: &Connection, before_ms: i64, most: u32) -> Result<Vec<Digest>> {
    let mut find = conn.prepare_cached(
        "SELECT digest FROM blob WHERE state = 2 AND verified_ms <= ?1 ORDER BY id LIMIT ?2",
    )?;
    let rows = find.query_map(params![before_ms, most], |row| row.get(0).map(Digest))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The server was restored: what it verified since may be gone, so that it is asked for each again.
pub(crate) fn ask_again(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("UPDATE blob SET state = 0 WHERE state = 2", [])?;
    Ok(())
}

pub(super) fn counts(conn: &Connection) -> Result<PhotoCounts> {
    let mut counts = PhotoCounts::default();
    let mut find = conn.prepare_cached("SELECT state, count(*), sum(bytes) FROM blob GROUP BY state")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let (count, bytes): (u64, u64) = (row.get(1)?, row.get(2)?);
        match PhotoState::from_code(row.get(0)?) {
            PhotoState::Kept | PhotoState::Sending => {
                counts.waiting += count;
                counts.waiting_bytes += bytes;
            }
            PhotoState::Verified => counts.verified += count,
            PhotoState::Safe => counts.safe += count,
            PhotoState::Lost => counts.lost += count,
        }
    }
    Ok(counts)
}

/// The order a photo belongs to, when that is known.
pub(super) fn order_of(conn: &Connection, digest: Digest) -> Result<Option<OrderId>> {
    let mut find = conn.prepare_cached("SELECT order_id FROM blob WHERE digest = ?1")?;
    let id: Option<Vec<u8>> = find.query_row([digest.0], |row| row.get(0)).optional()?;
    Ok(id.and_then(|id| OrderId::from_slice(&id)))
}
