//! The file at rest: encrypted by SQLCipher with a key the platform's key store supplies. Plain SQLite stays a build option.
//!
//! A wrong key and a damaged file look alike: neither is a database. So a small file beside the database names the key it
//! was written with, and only a file under the right key is ever taken for damaged.

mod convert;
mod file_key;
mod key;
mod label;
mod rotate;
#[cfg(all(test, feature = "sqlcipher"))]
mod tests;

use std::path::Path;

pub(crate) use self::file_key::FileKey;
pub use self::key::{KeyError, StorageKey};
pub use self::rotate::rotate_key;

use self::label::Label;
use super::error::{PhoneError, Result};
use super::store::connection;

/// What a file that exists begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Begins {
    /// As every plain SQLite file does.
    Plain,
    /// As an encrypted or damaged one may.
    Otherwise,
}

/// Makes sure that the file may be opened with this key, or without one: says what is wrong, labels a new file, encrypts
/// a plain one.
///
/// # Errors
/// [`KeyError`]; the file is left as it is then.
pub(crate) fn prepare(path: &Path, key: Option<&StorageKey>, begins: Option<Begins>) -> Result<()> {
    if key.is_some() && !cfg!(feature = "sqlcipher") {
        return Err(KeyError::NotInThisBuild.into());
    }
    match (begins, key) {
        // A new file. A label without a file is of one that is gone or was moved aside.
        (None, Some(key)) => match Label::read(path)? {
            Some(label) if label.is_of(key) => Ok(()),
            _ => Label::of(key).write(path),
        },
        (None, None) => Label::remove(path),
        (Some(Begins::Plain), None) => Ok(()),
        (Some(Begins::Plain), Some(key)) => convert::encrypt(path, key),
        (Some(Begins::Otherwise), key) => match Label::read(path)? {
            Some(label) => label.admit(path, key.ok_or(KeyError::Missing)?),
            // Without a label it may be damaged, or the label is lost: under a key that opens it, it is the latter.
            None => key.map_or(Ok(()), |key| opens(path, key, KeyError::Wrong)),
        },
    }
}

/// Passes when the file can be read with the key; otherwise what that means.
fn opens(path: &Path, key: &StorageKey, otherwise: KeyError) -> Result<()> {
    let conn = connection::open_reader(path, Some(key))?;
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(otherwise.into())
        }
        other => Ok(other?),
    }
}

impl From<KeyError> for PhoneError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}
