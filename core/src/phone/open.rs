//! Opening a file: is it ours, is it whole, is it of this version. Only what is cheap is checked; the rest shows when it is read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::at_rest::{self, Begins, FileKey};
use super::config::{OpenReport, PhoneConfig};
use super::damage;
use super::documents;
use super::error::{PhoneError, Result};
use super::photos::{self, Folder};
use super::rescue::sidecar;
use super::schema::{self, APPLICATION_ID, KNOWN};
use super::store::head::Head;
use super::store::identity::Identity;
use super::store::journal;
use super::store::meta::{self, key};
use super::store::{Store, connection};
use super::sync::rows;
use super::views::Maker;
use crate::domain::ids::DeviceId;

/// Opens the file, or makes it, or replaces it when it is damaged.
pub(crate) fn open(config: &PhoneConfig) -> Result<(Store, OpenReport)> {
    match open_as_it_is(config) {
        Err(PhoneError::StorageDamaged(why)) => {
            let (store, damage) = damage::replace(config, &why)?;
            Ok((store, OpenReport { is_fresh: true, migrated_from: None, damage: Some(damage) }))
        }
        other => other,
    }
}

/// Opens the file, or makes it.
pub(crate) fn open_as_it_is(config: &PhoneConfig) -> Result<(Store, OpenReport)> {
    let key = config.storage_key.as_ref();
    let header = header(&config.path)?;
    let is_fresh = header.is_none();
    let begins = header.as_ref().map(Header::begins);
    if let Some(header) = header.filter(|_| begins == Some(Begins::Plain)) {
        header.check()?;
    }
    at_rest::prepare(&config.path, key, begins)?;
    if begins == Some(Begins::Otherwise) && key.is_none() {
        return Err(PhoneError::StorageDamaged("the file is not a database".to_owned()));
    }
    let mut conn = connection::open_writer(&config.path, key)?;
    if !is_fresh {
        // The header in the file may be older than what its WAL says.
        let found = schema::version(&conn)?;
        if found > KNOWN {
            connection::leave_untouched(&conn)?;
            return Err(PhoneError::FromTheFuture { found, known: KNOWN });
        }
    }
    connection::use_wal(&conn)?;
    let found = schema::migrate(&mut conn)?;
    begin(&mut conn, config)?;
    if found < KNOWN {
        // From here on the file itself says what it is, also without its WAL.
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    check(&conn)?;
    look_again(&mut conn, config)?;
    let folder = photos(&mut conn, config, is_fresh)?;
    sidecar::refresh(&config.path, &conn);
    let store = Store::new(config.path.clone(), config.storage_key.clone(), folder, conn)?;
    let migrated_from = (found > 0 && found < KNOWN).then_some(found);
    Ok((store, OpenReport { is_fresh, migrated_from, damage: None }))
}

/// Gives a new file its device id and, unless the platform keeps it, its key.
fn begin(conn: &mut Connection, config: &PhoneConfig) -> Result<()> {
    let is_begun: bool = conn.query_row("SELECT EXISTS (SELECT 1 FROM incarnation)", [], |row| row.get(0))?;
    if is_begun {
        return Ok(());
    }
    let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
    tx.execute(
        "INSERT INTO incarnation (first, device) VALUES (1, ?1)",
        params![DeviceId::new().as_bytes()],
    )?;
    if config.device_seed.is_none() {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|e| PhoneError::Bug(format!("no randomness: {e}")))?;
        meta::set(&tx, key::SEED, seed)?;
    }
    tx.commit()?;
    Ok(())
}

/// Photos without a fact are swept. Beside a fresh file they are taken for what is left of a lost one, and kept.
fn photos(conn: &mut Connection, config: &PhoneConfig, is_fresh: bool) -> Result<Folder> {
    let beside = |key: Option<&FileKey>| Folder::beside(&config.path, key.cloned());
    let seal_all = |key: &FileKey| beside(Some(key)).seal_all();
    let key =
        config.storage_key.as_ref().map(|key| FileKey::of(conn, &config.path, key, seal_all)).transpose()?;
    let folder = beside(key.as_ref());
    if !is_fresh {
        photos::sweep(conn, &folder)?;
        return Ok(folder);
    }
    let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
    photos::adopt(&tx, &folder)?;
    tx.commit()?;
    Ok(folder)
}

/// What damage would most likely show in, at the cost of a few pages: the newest entry and the newest view.
fn check(conn: &Connection) -> Result<()> {
    let head = Head::load(conn)?;
    if head.n >= head.first && head.n > 0 {
        let before = journal::hash_after(conn, head.n - 1)?.map_or([0; 32], |hash| hash.0);
        let bytes: Vec<u8> = conn
            .prepare_cached("SELECT bytes FROM journal WHERE n = ?1")?
            .query_row([head.n], |row| row.get(0))?;
        let before = if head.n == head.first { [0; 32] } else { before };
        let hash = crate::journal::ChainHash(crate::domain::ids::Digest(before)).then(&bytes);
        if hash != head.hash {
            return Err(PhoneError::StorageDamaged(
                "the journal's last entry is not what was written".to_owned(),
            ));
        }
    }
    Ok(())
}

/// After an update of the app, tries again what the version before could not read.
fn look_again(conn: &mut Connection, config: &PhoneConfig) -> Result<()> {
    let last: Option<String> = meta::get(conn, key::APP)?;
    if last.as_deref() == Some(&config.app_version) {
        return Ok(());
    }
    let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
    documents::retry(&tx)?;
    let identity = Identity::load(&tx)?;
    rows::retry_unread(&tx, &Head::load(&tx)?, &Maker::new(&identity))?;
    meta::set(&tx, key::APP, &config.app_version)?;
    tx.commit()?;
    Ok(())
}

/// What a file begins with; `None` when there is none or nothing in it.
pub(crate) fn begins(path: &Path) -> Result<Option<Begins>> {
    Ok(header(path)?.as_ref().map(Header::begins))
}

/// The first bytes of an existing file.
struct Header([u8; 100]);

/// The header of the file; `None` when there is no file or nothing in it.
fn header(path: &Path) -> Result<Option<Header>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(PhoneError::Storage(e.to_string())),
    };
    let mut bytes = Vec::with_capacity(100);
    let read = (&mut file).take(100).read_to_end(&mut bytes);
    read.map_err(|e| PhoneError::Storage(e.to_string()))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    <[u8; 100]>::try_from(bytes.as_slice())
        .map(|bytes| Some(Header(bytes)))
        .map_err(|_| PhoneError::StorageDamaged("the file is cut short".to_owned()))
}

impl Header {
    fn number(&self, at: usize) -> u32 {
        let four = self.0.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        four.map_or(0, u32::from_be_bytes)
    }

    fn begins(&self) -> Begins {
        if self.0.starts_with(b"SQLite format 3\0") { Begins::Plain } else { Begins::Otherwise }
    }

    /// Whether a plain file is ours, and of a version this one knows.
    fn check(&self) -> Result<()> {
        let (version, owner) = (self.number(60), self.number(68));
        if owner != 0 && i64::from(owner) != i64::from(APPLICATION_ID) {
            return Err(PhoneError::BadInput("the file belongs to another program".to_owned()));
        }
        if owner == 0 && version != 0 {
            return Err(PhoneError::BadInput("the file is another program's database".to_owned()));
        }
        if version > KNOWN {
            return Err(PhoneError::FromTheFuture { found: version, known: KNOWN });
        }
        Ok(())
    }
}
