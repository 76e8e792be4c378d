//! Errors across the binding: one variant for each thing an app does differently, each with its text.

use doorstep_core::domain::lang::Lang;
use doorstep_core::phone::{ErrorKind, PhoneError};

/// Why a call did not do what was asked. Nothing is half done, and nothing recorded is lost.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, uniffi::Error)]
pub enum DoorstepException {
    /// A rule said no: show the text in the reader's language.
    #[error("{english}")]
    Refused {
        /// The rule's number.
        rule: u16,
        /// The clause of the procedure.
        source_clause: String,
        /// Why and what unblocks it, in Traditional Chinese.
        zh_hant: String,
        /// In Simplified Chinese.
        zh_hans: String,
        /// In English.
        english: String,
        /// The command that would unblock it, by its name; empty when it is none.
        needs: String,
        /// The roles that may waive it.
        waived_by: Vec<String>,
    },
    /// Wait for the network.
    #[error("{text}")]
    Offline {
        /// What happened.
        text: String,
    },
    /// Ask for a new enrolment code.
    #[error("{text}")]
    SignInAgain {
        /// What happened.
        text: String,
    },
    /// Ask to free some room.
    #[error("{text}")]
    StorageFull {
        /// What happened.
        text: String,
    },
    /// The storage failed: show the report and ask again.
    #[error("{text}")]
    StorageDamaged {
        /// What happened.
        text: String,
    },
    /// Show what is wrong with the input, or that the app must be updated.
    #[error("{text}")]
    BadInput {
        /// What is wrong.
        text: String,
    },
    /// The thing is not on this phone.
    #[error("{text}")]
    NotFound {
        /// What was looked for.
        text: String,
    },
    /// Report it. A call after `close` is one.
    #[error("{text}")]
    Bug {
        /// What happened.
        text: String,
    },
}

impl From<PhoneError> for DoorstepException {
    fn from(error: PhoneError) -> Self {
        if let PhoneError::Refused(refusal) = &error {
            return Self::Refused {
                rule: refusal.rule,
                source_clause: refusal.source.clone(),
                zh_hant: refusal.text(Lang::ZhHant),
                zh_hans: refusal.text(Lang::ZhHans),
                english: refusal.text(Lang::En),
                needs: refusal.needs.map(|kind| kind.code().to_owned()).unwrap_or_default(),
                waived_by: refusal.waived_by.iter().map(|role| role.code().to_owned()).collect(),
            };
        }
        let text = error.to_string();
        match error.kind() {
            ErrorKind::Offline => Self::Offline { text },
            ErrorKind::SignInAgain => Self::SignInAgain { text },
            ErrorKind::StorageFull => Self::StorageFull { text },
            ErrorKind::StorageDamaged => Self::StorageDamaged { text },
            ErrorKind::UpdateApp | ErrorKind::BadInput => Self::BadInput { text },
            ErrorKind::NotFound => Self::NotFound { text },
            ErrorKind::Refused | ErrorKind::Bug => Self::Bug { text },
        }
    }
}

impl DoorstepException {
    pub(crate) fn bad(text: impl std::fmt::Display) -> Self {
        Self::BadInput { text: text.to_string() }
    }
}
