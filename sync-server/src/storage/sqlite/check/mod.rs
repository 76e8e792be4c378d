//! Looks a database over without changing it: is it whole, does every chain hold, is every order what its log says.

mod chains;
mod orders;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use doorstep_core::domain::ids::{Digest, OrgId};
use rusqlite::{Connection, OpenFlags, params};

use super::codes::{self, unsigned};
use super::migrate;
use crate::storage::{Clock, StorageError};

/// What is wrong with a database or a backup.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// What kind of thing.
    pub what: What,
    /// Which one, and what about it. Ids and numbers; nothing of a person.
    pub text: String,
}

/// What kind of thing is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A file of a backup: missing, or not as its manifest says.
    File,
    /// The database file itself.
    Database,
    /// An org's clock.
    Clock,
    /// A device's log: a gap, or bytes that are not those that were hashed.
    Chain,
    /// A seal that does not verify, or strokes that are missing, and nothing says so on the order.
    Seal,
    /// An order that is not what its log gives.
    Order,
    /// Strokes or a thumbnail that are not those their digest names.
    Ink,
    /// A photo whose bytes are not those its name says.
    Photo,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.what, self.text)
    }
}

/// What was looked at, and what was wrong.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Examined {
    /// The orgs and their clocks.
    pub orgs: Vec<(OrgId, Clock)>,
    /// The database's schema version.
    pub schema: i64,
    /// Entries whose chain was followed.
    pub entries: u64,
    /// Orders that were folded again.
    pub orders: u64,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
}

impl Examined {
    fn say(&mut self, what: What, text: String) {
        self.wrong.push(Wrong { what, text });
    }
}

/// Whether the file is whole, and which orgs are in it.
///
/// # Errors
/// When it cannot be read at all.
pub fn look(file: &Path) -> Result<Examined, StorageError> {
    with_snapshot(file, whole)
}

/// Whether every device's chain holds.
///
/// # Errors
/// When it cannot be read at all.
pub fn chains(file: &Path) -> Result<Examined, StorageError> {
    with_snapshot(file, |conn| {
        let mut found = whole(conn)?;
        for (org, _) in found.orgs.clone() {
            chains::check(conn, &org, &mut found)?;
        }
        Ok(found)
    })
}

/// All of it: chains, seals, folds, strokes.
///
/// # Errors
/// When it cannot be read at all.
pub fn examine(file: &Path) -> Result<Examined, StorageError> {
    with_snapshot(file, |conn| {
        let mut found = whole(conn)?;
        if found.schema != migrate::VERSION {
            let text = format!(
                "its version is {}, this server's {}: what is in it was not looked at",
                found.schema,
                migrate::VERSION
            );
            found.say(What::Database, text);
            return Ok(found);
        }
        for (org, clock) in found.orgs.clone() {
            self::clock(conn, &org, clock, &mut found)?;
            chains::check(conn, &org, &mut found)?;
            orders::check(conn, &org, &mut found)?;
            inks(conn, &org, &mut found)?;
        }
        Ok(found)
    })
}

fn with_snapshot(
    file: &Path,
    work: impl FnOnce(&Connection) -> Result<Examined, StorageError>,
) -> Result<Examined, StorageError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(Duration::from_secs(30))?;
    conn.execute_batch("PRAGMA query_only = ON; BEGIN")?;
    let found = work(&conn);
    conn.execute_batch("COMMIT")?;
    found
}

fn whole(conn: &Connection) -> Result<Examined, StorageError> {
    let mut found = Examined::default();
    let mut check = conn.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            found.say(What::Database, line);
        }
    }
    found.schema = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let mut orgs = conn.prepare("SELECT org, seq, epoch, next_number FROM org_clock ORDER BY org")?;
    let mut rows = orgs.query([])?;
    while let Some(row) = rows.next()? {
        let clock = Clock {
            seq: unsigned(row.get(1)?),
            epoch: unsigned(row.get(2)?),
            next_number: unsigned(row.get(3)?),
        };
        found.orgs.push((OrgId(row.get(0)?), clock));
    }
    Ok(found)
}

/// Nothing is newer than the clock, and it has given as many numbers as there are orders with one (R155).
fn clock(conn: &Connection, org: &OrgId, clock: Clock, found: &mut Examined) -> Result<(), StorageError> {
    let sql = r#"SELECT max(
        (SELECT coalesce(max(seq), 0) FROM "order" WHERE org = ?1),
        (SELECT coalesce(max(seq), 0) FROM "grant" WHERE org = ?1),
        (SELECT coalesce(max(seq), 0) FROM ink WHERE org = ?1),
        (SELECT coalesce(max(seq), 0) FROM document WHERE org = ?1)),
      (SELECT count(*) FROM "order" WHERE org = ?1 AND number IS NOT NULL)"#;
    let (newest, numbered) = conn.query_row(sql, params![org.as_str()], |row| {
        Ok((unsigned(row.get(0)?), unsigned(row.get::<_, i64>(1)?)))
    })?;
    if newest > clock.seq {
        found.say(What::Clock, format!("{org}: it stands at {}, and something is of {newest}", clock.seq));
    }
    if numbered + 1 != clock.next_number {
        let text =
            format!("{org}: {numbered} orders have a number, and the next is number {}", clock.next_number);
        found.say(What::Clock, text);
    }
    Ok(())
}

fn inks(conn: &Connection, org: &OrgId, found: &mut Examined) -> Result<(), StorageError> {
    let mut all = conn.prepare("SELECT order_id, digest, bytes FROM ink WHERE org = ?1")?;
    let mut rows = all.query([org.as_str()])?;
    while let Some(row) = rows.next()? {
        let digest: Vec<u8> = row.get(1)?;
        let digest = codes::digest(&digest)?;
        if Digest::of(&codes::blob(row.get_ref(2)?)?) != digest {
            let order = codes::order_id(row.get_ref(0)?)?;
            found.say(What::Ink, format!("{org}: order {order}: {digest}"));
        }
    }
    Ok(())
}
