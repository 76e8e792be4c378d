//! How sync stands: a phone that is stuck must be visible.

use rusqlite::{Connection, OptionalExtension as _};

use super::error::Result;
use super::front::Phone;
use super::store::head::Head;
use super::store::meta::{self, key};
use super::sync::bootstrap::{self, Loaded};
use crate::domain::ids::{DeviceId, OrgId};
use crate::domain::person::Actor;
use crate::domain::time::Stamp;
use crate::journal::Entry;

/// How sync stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SyncStatus {
    /// How many entries the server has not acknowledged.
    pub waiting: u64,
    /// How long the oldest of them waits, in milliseconds, by this phone's clock.
    pub oldest_unsent_age_ms: Option<u64>,
    /// How many of this phone's entries the server keeps apart for a reason.
    pub parked: u64,
    /// When everything was last exchanged.
    pub last_complete: Option<Stamp>,
    /// The server wants a new enrolment.
    pub must_sign_in: bool,
    /// How far this phone's clock is from the server's, in milliseconds, at the last sync; positive when it is ahead.
    pub skew_ms: Option<i64>,
    /// Everything up to this seq of the server is on the phone.
    pub cursor: u64,
    /// How much of what the server has for this phone is on it.
    pub loaded: Loaded,
}

/// Who this phone is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enrolment {
    /// The server's address.
    pub server: String,
    /// The org.
    pub org: OrgId,
    /// The member of staff and the role they act in.
    pub actor: Actor,
    /// The device id of this incarnation.
    pub device: DeviceId,
}

impl Phone {
    /// How sync stands.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn status(&self) -> Result<SyncStatus> {
        let now = self.clock().now();
        self.run(|store| {
            let written = store.read(|conn| status(conn, now))?;
            Ok(SyncStatus { last_complete: store.last_complete().or(written.last_complete), ..written })
        })
    }

    /// Who this phone is; `None` before it was enrolled.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn enrolment(&self) -> Result<Option<Enrolment>> {
        self.run(|store| {
            let device = store.read(Head::load)?.device;
            Ok(store.identity().enrolled.as_ref().map(|enrolled| Enrolment {
                server: enrolled.server.clone(),
                org: enrolled.org.clone(),
                actor: enrolled.actor.clone(),
                device,
            }))
        })
    }
}

fn status(conn: &Connection, now: Stamp) -> Result<SyncStatus> {
    let head = Head::load(conn)?;
    let oldest: Option<Vec<u8>> = if head.waiting() == 0 {
        None
    } else {
        conn.prepare_cached("SELECT bytes FROM journal WHERE n = ?1")?
            .query_row([head.acked + 1], |row| row.get(0))
            .optional()?
    };
    let age = |bytes: Vec<u8>| {
        let at = Entry::decode(&bytes).ok()?.at;
        u64::try_from(now.utc_ms.saturating_sub(at.utc_ms)).ok()
    };
    let complete_ms: Option<i64> = meta::get(conn, key::COMPLETE_MS)?;
    let complete_offset: Option<i16> = meta::get(conn, key::COMPLETE_OFFSET)?;
    let must_sign_in: Option<bool> = meta::get(conn, key::SIGN_IN)?;
    Ok(SyncStatus {
        waiting: head.waiting(),
        // A clock that was set back gives no age but zero.
        oldest_unsent_age_ms: oldest.map(|bytes| age(bytes).unwrap_or(0)),
        parked: conn
            .prepare_cached("SELECT count(*) FROM verdict WHERE parked AND n >= ?1")?
            .query_row([head.first], |row| row.get(0))?,
        last_complete: complete_ms.map(|ms| Stamp::new(ms, complete_offset.unwrap_or(0))),
        must_sign_in: must_sign_in.unwrap_or(false),
        skew_ms: head.skew_ms,
        cursor: head.cursor,
        loaded: bootstrap::loaded(conn)?,
    })
}
