//! Errors across the binding: one variant for each thing an app does differently, each with its text.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::refusal::Refusal;
use doorstep_core::phone::PhoneError;

use crate::words::{CommandName, RefusalReason, StaffRole};

/// Why a call did not do what was asked. Nothing is half done, and nothing recorded is lost.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, uniffi::Error)]
pub enum DoorstepException {
    /// A rule said no: show the text in the reader's language.
    #[error("{text_en}")]
    Refused {
        /// The reason, to switch over.
        reason: RefusalReason,
        /// The rule's number.
        rule: u16,
        /// The clause of the procedure.
        source_clause: String,
        /// Why and what unblocks it, in Traditional Chinese.
        text_hant: String,
        /// In Simplified Chinese.
        text_hans: String,
        /// In English.
        text_en: String,
        /// The command that would unblock it, when it is one.
        needs: Option<CommandName>,
        /// The roles that may waive it.
        waived_by: Vec<StaffRole>,
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
    /// Report it. A call after `shutdown`, before `reopen`, is one.
    #[error("{text}")]
    Bug {
        /// What happened.
        text: String,
    },
}

/// The result of every call that can fail.
pub(crate) type Result<T> = std::result::Result<T, DoorstepException>;

impl From<PhoneError> for DoorstepException {
    fn from(error: PhoneError) -> Self {
        use PhoneError as P;
        let text = error.to_string();
        match error {
            P::Refused(refusal) => Self::refused(*refusal),
            P::Offline(_) | P::NotOurServer(_) | P::Forked(_) => Self::Offline { text },
            P::SignInAgain | P::NotEnrolled => Self::SignInAgain { text },
            P::StorageFull => Self::StorageFull { text },
            P::StorageDamaged(_) | P::Storage(_) => Self::StorageDamaged { text },
            P::BadInput(_)
            | P::TooLarge(_)
            | P::Key(_)
            | P::Photo(_)
            | P::FromTheFuture { .. }
            | P::TooOld(_) => Self::BadInput { text },
            P::NotFound(_) | P::NoRescueKey => Self::NotFound { text },
            P::Closed | P::Bug(_) => Self::Bug { text },
        }
    }
}

/// What a foreign callback throws beside the errors it may.
impl From<uniffi::UnexpectedUniFFICallbackError> for DoorstepException {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::bug(error)
    }
}

impl DoorstepException {
    fn refused(refusal: Refusal) -> Self {
        let texts = [Lang::ZhHant, Lang::ZhHans, Lang::En].map(|lang| refusal.text(lang));
        let [text_hant, text_hans, text_en] = texts;
        // The texts hold the detail already.
        let Refusal { reason, rule, source, needs, waived_by, detail: _ } = refusal;
        Self::Refused {
            reason: reason.into(),
            rule,
            source_clause: source,
            text_hant,
            text_hans,
            text_en,
            needs: needs.map(Into::into),
            waived_by: waived_by.into_iter().map(Into::into).collect(),
        }
    }

    pub(crate) fn bad(text: impl std::fmt::Display) -> Self {
        Self::BadInput { text: text.to_string() }
    }

    pub(crate) fn bug(text: impl std::fmt::Display) -> Self {
        Self::Bug { text: text.to_string() }
    }
}

/// Does the work of one call. A panic in it becomes [`DoorstepException::Bug`] instead of ending the app.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(DoorstepException::bug(said(&*panic))))
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words")
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::refusal::Reason;

    #[test]
    fn a_panic_becomes_a_bug_with_its_words() {
        let result: Result<()> = guard(|| panic!("entry {} is missing", 7));
        assert_eq!(result, Err(DoorstepException::Bug { text: "entry 7 is missing".to_owned() }));
        assert_eq!(guard(|| Ok(5)), Ok(5));
    }

    #[test]
    fn a_refusal_keeps_its_rule_and_speaks_three_languages() {
        let refusal = Refusal::new(Reason::ConsentUnsigned, "", Vec::new());
        let DoorstepException::Refused { reason, rule, text_hant, text_hans, text_en, .. } =
            PhoneError::from(refusal).into()
        else {
            panic!("not refused")
        };
        assert_eq!((reason, rule), (RefusalReason::ConsentUnsigned, 71));
        assert!(text_hant.starts_with("同意須由住戶簽字"), "{text_hant}");
        assert!(text_hans.starts_with("同意须由住户签字"), "{text_hans}");
        assert!(text_en.contains("rule R71"), "{text_en}");
    }
}
