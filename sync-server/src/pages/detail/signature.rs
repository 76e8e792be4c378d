//! A signature on the page: what was recorded, who signed, drawn strokes, and the digest of what was agreed to.

use doorstep_core::domain::order::signing::{Outcome, Signed};
use doorstep_core::evidence::signature::{Shown, svg};

use super::Reading;
use crate::pages::words::labels;

/// A signature, or what stands in its place.
pub(super) struct Signature {
    /// What it is a signature to.
    pub title: &'static str,
    /// `signed`, `objection`, `refused` or `absent`.
    pub class: &'static str,
    /// The outcome in words.
    pub outcome: &'static str,
    /// The objection, or the reason why nobody signed.
    pub reason: String,
    /// The signature itself.
    pub signed: Option<Drawn>,
}

/// A drawn signature.
pub(super) struct Drawn {
    /// The name as given.
    pub name: String,
    /// In what capacity.
    pub capacity: String,
    /// When.
    pub at: String,
    /// The language the document was shown in.
    pub lang: &'static str,
    /// The strokes as SVG, when they have arrived.
    pub svg: Option<String>,
    /// SHA-256 of the sealed document.
    pub digest: String,
}

impl Signature {
    pub(super) fn of_outcome(title: &'static str, outcome: &Outcome, reading: &Reading<'_>) -> Self {
        let class = match outcome {
            Outcome::Signed(_) => "signed",
            Outcome::SignedWithObjection(..) => "objection",
            Outcome::Refused(_) => "refused",
            Outcome::Absent(_) => "absent",
        };
        Self {
            title,
            class,
            outcome: labels::outcome(outcome, reading.lang()),
            reason: outcome.reason().unwrap_or_default().to_owned(),
            signed: outcome.signed().map(|signed| Drawn::new(title, signed, reading)),
        }
    }

    pub(super) fn of_signed(title: &'static str, signed: &Signed, reading: &Reading<'_>) -> Self {
        Self::of_outcome(title, &Outcome::Signed(signed.clone()), reading)
    }
}

impl Drawn {
    fn new(title: &str, signed: &Signed, reading: &Reading<'_>) -> Self {
        let name = &signed.signer.name;
        let label = format!("{title} {name}");
        let ink = reading.inks.get(&signed.ink.digest);
        Self {
            name: name.clone(),
            capacity: labels::capacity(&signed.signer.capacity, reading.lang()),
            at: reading.moment(signed.at),
            lang: labels::language(signed.lang),
            svg: ink.and_then(|ink| svg(ink, Shown::on_page(&label)).ok()),
            digest: signed.document.to_string(),
        }
    }
}
