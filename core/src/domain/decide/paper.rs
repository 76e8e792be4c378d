//! The paper a person is shown before signing, and the check that a signature is under exactly that.

use serde::{Deserialize, Serialize};

use super::Case;
use super::onsite::unsigned_mismatches;
use crate::domain::command::Command;
use crate::domain::ids::Digest;
use crate::domain::lang::Lang;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::seal::{self, Document};

/// What is put before somebody to sign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// The open quote, and the answer given to it (R71).
    Quote {
        /// Yes or no.
        agreed: bool,
    },
    /// Mismatches found before the work (R61).
    Mismatch,
    /// The note on liability (R69).
    Liability,
    /// The pick-up receipt (R74).
    TakeAway {
        /// Its number.
        receipt_no: String,
        /// Name and serial of each thing.
        items: Vec<(String, String)>,
    },
    /// That the visit ended without a solution (R37).
    Unsolved {
        /// Why.
        reason: String,
    },
    /// The service sheet (R86 to R89).
    Sheet {
        /// 1 to 5.
        rating: Option<u8>,
        /// In the resident's words.
        opinion: String,
    },
}

/// The document of a paper as the order stands now: what to show and to seal before the command that carries the signature.
///
/// # Errors
/// When there is no such paper now, for example no open quote.
pub fn document(case: &Case<'_>, paper: &Paper, lang: Lang) -> Result<Document, Refusal> {
    let order = case.order;
    let meta = case.meta();
    Ok(match paper {
        Paper::Quote { agreed } => {
            let quote = order.latest_quote.ok_or_else(|| case.refuse(Reason::NoOpenQuote, ""))?;
            seal::quote_document(order, &meta, quote, *agreed, lang)
        }
        Paper::Mismatch => seal::mismatch_document(order, &meta, &unsigned_mismatches(case), lang),
        Paper::Liability => seal::liability_document(order, &meta, lang),
        Paper::TakeAway { receipt_no, items } => {
            seal::take_away_document(order, &meta, receipt_no, items, lang)
        }
        Paper::Unsolved { reason } => seal::unsolved_document(order, &meta, reason, lang),
        Paper::Sheet { rating, opinion } => seal::sheet_document(order, &meta, *rating, opinion, lang),
    })
}

/// The paper under whose document a command's seals stand; `None` when it carries none.
#[must_use]
pub fn of(command: &Command) -> Option<Paper> {
    Some(match command {
        Command::AcknowledgeMismatch(_) => Paper::Mismatch,
        Command::AcknowledgeLiability(_) => Paper::Liability,
        Command::AnswerQuote { agreed, .. } => Paper::Quote { agreed: *agreed },
        Command::TakeAway { receipt_no, items, .. } => {
            Paper::TakeAway { receipt_no: receipt_no.clone(), items: items.clone() }
        }
        Command::CloseUnsolved { reason, signed: Some(_), .. } => Paper::Unsolved { reason: reason.clone() },
        Command::SignOff { rating, opinion, .. } => {
            Paper::Sheet { rating: *rating, opinion: opinion.clone() }
        }
        _ => return None,
    })
}

/// Passes when the digest is that of the document that stands here now in this language.
pub(super) fn check(case: &Case<'_>, paper: &Paper, digest: &Digest, lang: Lang) -> Result<(), Refusal> {
    if document(case, paper, lang)?.digest() == *digest {
        Ok(())
    } else {
        Err(case.refuse(Reason::DocumentChanged, ""))
    }
}
