//! Sign-off with both signatures, the resident's copy, notes, and what was sent back.

use doorstep_core::domain::order::closing::{OrderPart, SignOff};

use super::Reading;
use super::fields::{Pair, Pairs};
use super::signature::Signature;
use crate::pages::words::ui::ui;
use crate::pages::words::{labels, list};

/// The sign-off in force, and earlier ones it supersedes.
pub(super) struct SignOffSection {
    /// The sign-offs, the one in force first.
    pub sign_offs: Vec<SignOffBlock>,
    /// How the resident got the copy; empty when not yet.
    pub copies: String,
    /// Whether it is time for a copy: there is a sign-off.
    pub copy_due: bool,
}

/// One sign-off.
pub(super) struct SignOffBlock {
    /// Whether it is the one in force.
    pub in_force: bool,
    /// When and by whom.
    pub mark: String,
    /// Technician's, then resident's.
    pub signatures: Vec<Signature>,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// The rating as stars, for the eye.
    pub stars: String,
    /// In the resident's words.
    pub opinion: String,
}

impl SignOffSection {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let (order, lang) = (reading.order, reading.lang());
        let current = order.latest_sign_off;
        let mut sign_offs: Vec<_> = order.sign_offs.iter().collect();
        sign_offs.sort_by_key(|(id, _)| Some(**id) != current);
        let copies = order
            .copies
            .values()
            .map(|copy| format!("{} · {}", labels::copy_by(copy.by, lang), reading.mark(&copy.mark)));
        Self {
            sign_offs: sign_offs.iter().map(|(id, one)| block(one, Some(**id) == current, reading)).collect(),
            copies: list(lang, copies),
            copy_due: current.is_some(),
        }
    }
}

fn block(sign_off: &SignOff, in_force: bool, reading: &Reading<'_>) -> SignOffBlock {
    let ui = ui(reading.lang());
    let filled = usize::from(sign_off.rating.unwrap_or_default().min(5));
    SignOffBlock {
        in_force,
        mark: reading.mark(&sign_off.mark),
        signatures: vec![
            Signature::of_signed(ui.technician_signature, &sign_off.technician, reading),
            Signature::of_outcome(ui.resident_signature, &sign_off.resident, reading),
        ],
        rating: sign_off.rating,
        stars: "★".repeat(filled) + &"☆".repeat(5 - filled),
        opinion: sign_off.opinion.clone(),
    }
}

/// A note.
pub(super) struct NoteLine {
    /// Note or call for help.
    pub kind: &'static str,
    /// The text.
    pub text: String,
    /// When and by whom.
    pub mark: String,
}

pub(super) fn notes(reading: &Reading<'_>) -> Vec<NoteLine> {
    let note = |note: &doorstep_core::domain::order::Note| NoteLine {
        kind: labels::note_kind(note.kind, reading.lang()),
        text: note.text.clone(),
        mark: reading.mark(&note.mark),
    };
    reading.order.notes.values().map(note).collect()
}

/// Something sent back.
pub(super) struct ReturnedLine {
    /// What is wrong.
    pub note: String,
    /// When and by whom.
    pub mark: String,
    /// What was done about it, when, by whom.
    pub corrected: Option<String>,
}

/// What was sent back about one part.
pub(super) fn returned(reading: &Reading<'_>, part: OrderPart) -> Vec<ReturnedLine> {
    let items = reading.order.review.returned.values().filter(|item| item.part == part);
    items
        .map(|item| ReturnedLine {
            note: item.note.clone(),
            mark: reading.mark(&item.mark),
            corrected: item.corrected.as_ref().map(|c| format!("{} · {}", c.note, reading.mark(&c.mark))),
        })
        .collect()
}

/// What the review has come to so far.
pub(super) fn review_pairs(reading: &Reading<'_>) -> Vec<Pair> {
    let (order, ui) = (reading.order, ui(reading.lang()));
    let mut pairs = Pairs::default();
    if let Some(approval) = &order.review.approved {
        pairs.add(ui.approved_by, with_note(&approval.note, &reading.mark(&approval.mark)));
    }
    if let Some(void) = &order.void {
        pairs.add(ui.void_by, with_note(&void.reason, &reading.mark(&void.mark)));
    }
    for (rule, waiver) in &order.waivers {
        let what = format!("R{rule} {}", waiver.reason);
        pairs.add(ui.waived_rules, with_note(&what, &reading.mark(&waiver.mark)));
    }
    pairs.0
}

fn with_note(note: &str, mark: &str) -> String {
    if note.trim().is_empty() { mark.to_owned() } else { format!("{note} · {mark}") }
}
