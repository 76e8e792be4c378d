//! Rescue bundles across the binding: what could not be sent, in one file for the office.

use std::path::Path;

use doorstep_core::phone::{PhoneError, RescueReport, rescue, rescue_trouble};

use crate::failure::{DoorstepException, Result, guard};
use crate::front::{DoorstepPhone, PhoneSettings};
use crate::words::Language;

/// A bundle that was made, with the text to show.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's RescueReport")]
pub struct RescueMade {
    pub to: String,
    pub bytes: u64,
    pub entries: u64,
    pub photos: u64,
    pub moved_aside: u64,
    pub unreadable: Vec<String>,
    pub text: String,
}

impl RescueMade {
    fn of(report: RescueReport, lang: Language) -> Self {
        let text = report.text(lang.into());
        let RescueReport { to, bytes, entries, photos, moved_aside, unreadable } = report;
        Self { to: to.display().to_string(), bytes, entries, photos, moved_aside, unreadable, text }
    }
}

fn made(made: std::result::Result<RescueReport, PhoneError>, lang: Language) -> Result<RescueMade> {
    match made {
        Ok(report) => Ok(RescueMade::of(report, lang)),
        Err(error @ PhoneError::NoRescueKey) => {
            Err(DoorstepException::NotFound { text: rescue_trouble(&error, lang.into()) })
        }
        Err(PhoneError::StorageFull) => Err(DoorstepException::StorageFull {
            text: rescue_trouble(&PhoneError::StorageFull, lang.into()),
        }),
        Err(other) => Err(other.into()),
    }
}

#[uniffi::export]
impl DoorstepPhone {
    /// Writes everything unsent into a file that only the firm's server can read. Nothing here changes.
    ///
    /// # Errors
    /// `NotFound` before the firm's key is here: the text says what to do; when the file cannot be written.
    pub fn rescue(&self, to: String, lang: Language) -> Result<RescueMade> {
        guard(|| made(self.phone.rescue(Path::new(&to)), lang))
    }
}

/// The same for a phone whose file `open` refuses: damaged, or of a newer version. No file is changed.
///
/// # Errors
/// As `DoorstepPhone.rescue`.
#[uniffi::export]
pub fn rescue_without_opening(settings: PhoneSettings, to: String, lang: Language) -> Result<RescueMade> {
    guard(|| {
        let (config, _) = settings.split()?;
        made(rescue(&config, Path::new(&to)), lang)
    })
}
