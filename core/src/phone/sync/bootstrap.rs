//! The first sync in parts: which part is asked for next, which are here, and never a part taken for the whole.

use rusqlite::{Connection, Transaction};

use crate::domain::time::Stamp;
use crate::journal::ahead::{Ahead, Had, Part};
use crate::phone::error::Result;
use crate::phone::store::head::Head;
use crate::phone::store::meta::{self, key};

/// How much of what the server has for this phone is on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Loaded {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Today's visits and the rules: the phone can be worked with.
    Today,
    /// The visits of the coming days as well.
    Coming,
    /// Everything, since a sync that was complete.
    Everything,
}

impl Loaded {
    /// Its name in data.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Today => "today",
            Self::Coming => "coming",
            Self::Everything => "everything",
        }
    }
}

/// Whether the phone has had everything once. From then on the feed alone says what is new.
pub(crate) fn is_done(conn: &Connection) -> Result<bool> {
    Ok(meta::get::<i64>(conn, key::COMPLETE_MS)?.is_some())
}

/// Whether something is known to be left to ask of the server: an order to send whole, or a name to be told.
pub(crate) fn has_more(conn: &Connection) -> Result<bool> {
    let has_whole = conn.prepare_cached("SELECT 1 FROM whole LIMIT 1")?.exists([])?;
    Ok(has_whole || meta::get(conn, key::REGISTER)? == Some(true))
}

/// How much is here.
pub(crate) fn loaded(conn: &Connection) -> Result<Loaded> {
    if is_done(conn)? {
        return Ok(Loaded::Everything);
    }
    Ok(match had(conn)? {
        Some(Had { coming: 1.., .. }) => Loaded::Coming,
        Some(_) => Loaded::Today,
        None => Loaded::Nothing,
    })
}

fn had(conn: &Connection) -> Result<Option<Had>> {
    let day: Option<i32> = meta::get(conn, key::AHEAD_DAY)?;
    let today: Option<u64> = meta::get(conn, key::AHEAD_TODAY)?;
    let coming: Option<u64> = meta::get(conn, key::AHEAD_COMING)?;
    Ok(day.zip(today).map(|(day, today)| Had { day, today, coming: coming.unwrap_or(0) }))
}

/// The part to ask for next, and what the feed may leave out. A part is only asked for while the feed has not begun.
pub(crate) fn wants(conn: &Connection, head: &Head, now: Stamp) -> Result<(Option<Ahead>, Option<Had>)> {
    use chrono::Datelike as _;
    let had = had(conn)?;
    let ahead = match had {
        _ if head.cursor > 0 => None,
        None => Some(Ahead { today: now.date().num_days_from_ce(), part: Part::Today }),
        Some(Had { day, coming: 0, .. }) => Some(Ahead { today: day, part: Part::Coming }),
        Some(_) => None,
    };
    Ok((ahead, had))
}

/// A part is here, complete as of a seq.
pub(crate) fn got(tx: &Transaction<'_>, ahead: Ahead, seq: u64) -> Result<()> {
    meta::set(tx, key::AHEAD_DAY, ahead.today)?;
    // A server on which nothing ever happened gives a part as of 0, and a part is had all the same.
    match ahead.part {
        Part::Today => meta::set(tx, key::AHEAD_TODAY, seq),
        Part::Coming => meta::set(tx, key::AHEAD_COMING, seq.max(1)),
    }
}

/// The server was restored: the parts were of another history.
pub(crate) fn forget(tx: &Transaction<'_>) -> Result<()> {
    [key::AHEAD_DAY, key::AHEAD_TODAY, key::AHEAD_COMING].iter().try_for_each(|key| meta::clear(tx, key))
}
