//! What the app tells the phone when it opens it, and what opening reports back.

use std::path::PathBuf;
use std::sync::Arc;

use super::at_rest::StorageKey;
use super::clock::{Clock, SystemClock};

/// How to open a phone.
#[derive(Clone)]
pub struct PhoneConfig {
    /// The file. It is made when it is not there.
    pub path: PathBuf,
    /// The app's version, recorded with every entry.
    pub app_version: String,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The seed of the device key, when the platform's key store keeps it. Otherwise one is made and kept in the file.
    pub device_seed: Option<[u8; 32]>,
    /// The key the file is encrypted with, from the platform's key store. Without one the file is plain SQLite.
    pub storage_key: Option<StorageKey>,
    /// A font file for the watermark of photos, where the policy asks for one; whole, as TrueType or OpenType.
    pub watermark_font: Option<Arc<[u8]>>,
}

impl PhoneConfig {
    /// The system's clocks, a key of its own.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, app_version: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            app_version: app_version.into(),
            clock: Arc::new(SystemClock::default()),
            device_seed: None,
            storage_key: None,
            watermark_font: None,
        }
    }
}

impl std::fmt::Debug for PhoneConfig {
    /// Never the seed, never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneConfig")
            .field("path", &self.path)
            .field("app_version", &self.app_version)
            .finish_non_exhaustive()
    }
}

/// What opening found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OpenReport {
    /// The file was made now.
    pub is_fresh: bool,
    /// The schema version it had, when it was brought up to date.
    pub migrated_from: Option<u32>,
    /// The file was damaged and replaced.
    pub damage: Option<DamageReport>,
}

/// What became of a damaged file. It is never deleted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DamageReport {
    /// What was wrong.
    pub why: String,
    /// Where the damaged file lies now.
    pub moved_to: PathBuf,
    /// Whether the phone is still enrolled.
    pub identity_kept: bool,
    /// Entries read from it that the server had not acknowledged. They wait in the new file, to be sent.
    pub salvaged: u64,
    /// The same entries for people to read, when there were any, and those a failing disk changed: these are not sent.
    pub exported_to: Option<PathBuf>,
}
