//! Making a rescue bundle 救援包: everything unsent, sealed for the firm, also from a file that does not open.

pub(crate) mod sidecar;
mod words;

pub use self::words::rescue_trouble;

use std::collections::HashSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::at_rest::FileKey;
use super::config::PhoneConfig;
use super::durable::{self, failed, with_suffix};
use super::error::{PhoneError, Result};
use super::front::Phone;
use super::photos::{Folder, PhotoSize, table};
use super::salvage::{self, Salvage};
use super::store::connection;
use super::store::head::Head;
use crate::domain::ids::{Digest, EntryId};
use crate::rescue::{BundleError, BundleWriter, PublicKey, Run};

/// What a bundle holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RescueReport {
    /// The bundle.
    pub to: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Entries in it.
    pub entries: u64,
    /// Photos in it.
    pub photos: u64,
    /// Files that were moved aside when they were damaged, and of which something is in it.
    pub moved_aside: u64,
    /// Files nothing could be read of, by name.
    pub unreadable: Vec<String>,
}

impl Phone {
    /// Writes everything unsent into one file that only the firm's server can read, and changes nothing here: entries
    /// wait for the next sync as before. An existing file is replaced.
    ///
    /// # Errors
    /// [`PhoneError::NoRescueKey`] before the server gave its key; [`PhoneError::BadInput`] for the phone's own file;
    /// [`PhoneError::StorageFull`] and others when the bundle cannot be written.
    pub fn rescue(&self, to: &Path) -> Result<RescueReport> {
        let made = self.rescue_open(to);
        match made {
            // The damaged file is aside now: what can be read of it is in the next try.
            Err(PhoneError::StorageDamaged(_)) => self.rescue_open(to),
            other => other,
        }
    }

    fn rescue_open(&self, to: &Path) -> Result<RescueReport> {
        let config = self.config();
        self.run(|store| {
            store.read(|conn| {
                let head = Head::load(conn)?;
                let mut made = Making::new(config, store.photos().clone());
                made.key = sidecar::known(conn).or_else(|| sidecar::beside(&config.path));
                let found = made.take(conn);
                if found != head.waiting() {
                    return Err(PhoneError::StorageDamaged(
                        "the journal cannot be read to its end".to_owned(),
                    ));
                }
                made.photos = table::unsent(conn)?;
                made.aside();
                made.write(to)
            })
        })
    }
}

/// Makes a bundle of a phone that does not open: damaged, or written by a newer version. No file is changed.
///
/// # Errors
/// As [`Phone::rescue`].
pub fn rescue(config: &PhoneConfig, to: &Path) -> Result<RescueReport> {
    let key = config.storage_key.as_ref().and_then(|key| FileKey::in_label(&config.path, key));
    let mut made = Making::new(config, Folder::beside(&config.path, key));
    made.key = sidecar::beside(&config.path);
    if config.path.exists() {
        made.file(&config.path);
    }
    made.photos_of_a_closed_file();
    made.aside();
    made.write(to)
}

/// A bundle being made.
struct Making<'a> {
    config: &'a PhoneConfig,
    key: Option<PublicKey>,
    runs: Vec<Run>,
    folder: Folder,
    photos: Vec<Digest>,
    /// Entries that are in it, or that a journal that can be read has sent.
    seen: HashSet<EntryId>,
    report: RescueReport,
}

impl<'a> Making<'a> {
    fn new(config: &'a PhoneConfig, folder: Folder) -> Self {
        Self {
            config,
            key: None,
            runs: Vec::new(),
            folder,
            photos: Vec::new(),
            seen: HashSet::new(),
            report: RescueReport::default(),
        }
    }

    /// Takes what is unsent in a journal; gives how many entries it found there.
    fn take(&mut self, conn: &Connection) -> u64 {
        let salvage = Salvage::read(conn);
        let found = salvage.entries.len() as u64;
        let runs = salvage.runs(conn, &self.seen, self.config.device_seed.as_ref());
        self.report.entries += runs.iter().map(|run| run.entries.len() as u64).sum::<u64>();
        self.runs.extend(runs);
        self.seen.extend(salvage::ids(conn));
        found
    }

    /// Takes what can be read of a file that nobody has open. Gives whether anything new was.
    fn file(&mut self, path: &Path) -> bool {
        let before = self.report.entries;
        if let Some(conn) = self.open_closed(path) {
            self.key = self.key.or_else(|| sidecar::known(&conn));
            self.take(&conn);
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.report.unreadable.push(name);
        }
        self.report.entries > before
    }

    /// Takes what is in files that were moved aside and nowhere else.
    fn aside(&mut self) {
        for path in moved_aside(&self.config.path) {
            if self.file(&path) {
                self.report.moved_aside += 1;
            }
        }
    }

    /// The photos the server does not have, or where that cannot be told, all that lie here in full.
    fn photos_of_a_closed_file(&mut self) {
        let known = self.open_closed(&self.config.path).and_then(|conn| table::unsent(&conn).ok());
        self.photos = known.unwrap_or_else(|| {
            let all = self.folder.photos().unwrap_or_default();
            all.into_iter().map(|(digest, _)| digest).collect()
        });
    }

    /// Opens a file that nobody has open; `None` when nothing can be read of it.
    fn open_closed(&self, path: &Path) -> Option<Connection> {
        // One from before there was a key is plain.
        let keys = [self.config.storage_key.as_ref(), None];
        keys.into_iter().find_map(|key| connection::open_unchanged(path, key).ok())
    }

    fn write(mut self, to: &Path) -> Result<RescueReport> {
        let key = self.key.ok_or(PhoneError::NoRescueKey)?;
        if is_ours(&self.config.path, to) {
            return Err(PhoneError::BadInput("the bundle would replace the phone's own file".to_owned()));
        }
        // All of it or nothing: a cut bundle under the right name would be taken for a whole one.
        let partial = with_suffix(to, durable::PART);
        let written = self.write_to(&partial, &key).and_then(|()| durable::rename(&partial, to));
        if let Err(error) = written {
            let _ = std::fs::remove_file(&partial);
            return Err(error);
        }
        self.report.bytes = std::fs::metadata(to).map_err(failed)?.len();
        self.report.to = to.to_owned();
        Ok(self.report)
    }

    fn write_to(&mut self, path: &Path, key: &PublicKey) -> Result<()> {
        let file = BufWriter::new(File::create(path).map_err(failed)?);
        let mut bundle = BundleWriter::new(file, key)?;
        for run in &self.runs {
            bundle.run(run)?;
        }
        for digest in &self.photos {
            // One that is gone from the folder is shown as lost in its slot.
            if let Some(bytes) = self.folder.read(*digest, PhotoSize::Full)? {
                bundle.photo(&bytes)?;
                self.report.photos += 1;
            }
        }
        let file = bundle.finish()?.into_inner().map_err(|e| failed(e.into_error()))?;
        file.sync_all().map_err(failed)
    }
}

/// Files that were moved aside, newest first, so that an entry is taken where it is best known.
fn moved_aside(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Vec::new() };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let begins = format!("{}.damaged-", name.to_string_lossy());
    let is_database = |name: &str| {
        let mark = name.strip_prefix(&begins);
        mark.is_some_and(|mark| mark.chars().all(|c| c.is_ascii_digit() || c == '-'))
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_database(name))
        .map(|name| folder.join(name))
        .collect();
    found.sort();
    found.reverse();
    found
}

/// Whether a path is the phone's file or one that belongs to it.
fn is_ours(file: &Path, to: &Path) -> bool {
    let same_folder = || {
        let folder = |path: &Path| path.parent().map(Path::to_owned).unwrap_or_default().canonicalize().ok();
        folder(file) == folder(to)
    };
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (file_name, to_name) = (name(file), name(to));
    let rest = to_name.strip_prefix(&file_name);
    let belongs = rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with('-')
            || rest.starts_with(".damaged-")
            || rest.starts_with(".rescue-key")
    });
    belongs && (file == to || same_folder())
}

impl From<BundleError> for PhoneError {
    /// A bundle that cannot be written: the file's fault, or this program's.
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Full => Self::StorageFull,
            BundleError::Io(why) => Self::Storage(why),
            other => Self::Bug(other.to_string()),
        }
    }
}
