//! What can go wrong on the phone: every cause in detail, and the few kinds an app would act on differently.

use super::at_rest::KeyError;
use super::media::PhotoError;
use crate::domain::refusal::Refusal;
use crate::journal::BadEntry;

/// Why a call of the phone did not do what was asked. Nothing is half done when one is returned.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PhoneError {
    /// A rule said no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The server cannot be reached, or asks to come back later. Everything is kept.
    #[error("the server cannot be reached: {0}")]
    Offline(String),
    /// Something answered in the server's place, such as the sign-in page of a wireless network. Nothing was taken from it.
    #[error("what answered is not the firm's server: {0}")]
    NotOurServer(String),
    /// The server knows other entries under this phone's numbers and would not give it a new incarnation yet.
    #[error("this phone is a copy of another and could not take a name of its own: {0}")]
    Forked(String),
    /// The server does not accept this phone's token any more. Everything is kept.
    #[error("sign in again")]
    SignInAgain,
    /// The phone was never enrolled.
    #[error("this phone is not enrolled")]
    NotEnrolled,
    /// The server has not given the key rescue bundles are sealed for: sync once.
    #[error("the firm's rescue key is not on this phone yet")]
    NoRescueKey,
    /// There is no room to save. Nothing was written.
    #[error("the storage is full")]
    StorageFull,
    /// The file was damaged. It was moved aside and a fresh one made: ask again.
    #[error("the storage was damaged: {0}")]
    StorageDamaged(String),
    /// The storage cannot be used for another reason (rights, a failing disk).
    #[error("the storage cannot be used: {0}")]
    Storage(String),
    /// The file was written by a newer version of the app. It was left untouched.
    #[error("the file has schema {found}, this version knows {known}")]
    FromTheFuture {
        /// The file's schema version.
        found: u32,
        /// The newest this version knows.
        known: u32,
    },
    /// The server speaks a newer protocol, or a newer version of the app wrote this.
    #[error("this version of the app is too old: {0}")]
    TooOld(String),
    /// The file is not this key's. It was left untouched.
    #[error("{0}")]
    Key(KeyError),
    /// What was given cannot be used.
    #[error("{0}")]
    BadInput(String),
    /// What was to be recorded could not be sent: the limit it is beyond. Nothing was saved.
    #[error("{0}")]
    TooLarge(BadEntry),
    /// A file cannot be taken as a photo. Nothing was stored.
    #[error("{0}")]
    Photo(PhotoError),
    /// There is no such thing on this phone.
    #[error("not found: {0}")]
    NotFound(String),
    /// The phone was closed.
    #[error("the phone was closed")]
    Closed,
    /// A mistake of this program.
    #[error("a mistake in the program: {0}")]
    Bug(String),
}

/// What an app does about an error: one kind for each thing it would do differently.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorKind {
    /// Show the rule.
    Refused,
    /// Wait for the network.
    Offline,
    /// Ask for a new enrolment code.
    SignInAgain,
    /// Ask to free some room.
    StorageFull,
    /// Say that the storage failed, and show the report.
    StorageDamaged,
    /// Ask to update the app.
    UpdateApp,
    /// Show what is wrong with the input.
    BadInput,
    /// The thing is not here.
    NotFound,
    /// Report it.
    Bug,
}

impl PhoneError {
    /// What an app does about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(_) => ErrorKind::Refused,
            Self::Offline(_) | Self::NotOurServer(_) | Self::Forked(_) => ErrorKind::Offline,
            Self::SignInAgain | Self::NotEnrolled => ErrorKind::SignInAgain,
            Self::StorageFull => ErrorKind::StorageFull,
            Self::StorageDamaged(_) | Self::Storage(_) => ErrorKind::StorageDamaged,
            Self::FromTheFuture { .. } | Self::TooOld(_) => ErrorKind::UpdateApp,
            Self::BadInput(_) | Self::TooLarge(_) | Self::Key(_) | Self::Photo(_) => ErrorKind::BadInput,
            Self::NotFound(_) | Self::NoRescueKey => ErrorKind::NotFound,
            Self::Closed | Self::Bug(_) => ErrorKind::Bug,
        }
    }
}

impl From<Refusal> for PhoneError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<PhotoError> for PhoneError {
    fn from(error: PhotoError) -> Self {
        Self::Photo(error)
    }
}

impl From<rusqlite::Error> for PhoneError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let text = error.to_string();
        let Some(failure) = error.sqlite_error() else {
            // A wrong type or a missing row is this program's mistake, and no reason to give up on the file.
            return Self::Bug(text);
        };
        match failure.code {
            Code::DiskFull => Self::StorageFull,
            // The shared memory file of the WAL could not grow.
            Code::SystemIoFailure if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => {
                Self::StorageFull
            }
            Code::DatabaseCorrupt | Code::NotADatabase => Self::StorageDamaged(text),
            Code::SystemIoFailure
            | Code::CannotOpen
            | Code::ReadOnly
            | Code::PermissionDenied
            | Code::DatabaseBusy
            | Code::DatabaseLocked
            | Code::NoLargeFileSupport
            | Code::FileLockingProtocolFailed => Self::Storage(text),
            _ => Self::Bug(text),
        }
    }
}

/// The result of most calls here.
pub type Result<T, E = PhoneError> = std::result::Result<T, E>;
