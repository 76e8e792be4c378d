//! The review panel: what this person may do now, and beside every closed button why not, by the same gates as the phone.

use std::collections::BTreeMap;

use doorstep_core::domain::command::CommandKind;
use doorstep_core::domain::order::closing::OrderPart;
use doorstep_core::domain::order::quote::QuoteStanding;
use doorstep_core::domain::refusal::{Reason, Refusal};

use super::closing::review_pairs;
use super::desk::Desk;
use super::fields::Pair;
use super::{Reading, part_code};
use crate::pages::words::ui::ui;
use crate::pages::words::{labels, list};

/// What a refused form held, so that nothing has to be typed twice.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The note of an approval.
    pub approve: String,
    /// Notes of parts to send back, by the part's name; ticked or written.
    pub parts: BTreeMap<String, String>,
    /// The reason of a void.
    pub void: String,
    /// The reason of a waiver.
    pub waive: String,
    /// What the resident is told to have ready.
    pub materials: String,
    /// The reason of a refusal.
    pub refuse: String,
    /// A plain note.
    pub note: String,
}

/// The panel.
pub(super) struct Panel {
    /// The server's count the page was made at.
    pub seq: u64,
    /// Approve.
    pub approve: Gate,
    /// Send items back.
    pub return_items: Gate,
    /// Void.
    pub void: Gate,
    /// Give a word on the open quote; `None` when there is none to give.
    pub review_quote: Option<Gate>,
    /// Write a note.
    pub note: Gate,
    /// The parts that can be sent back.
    pub parts: Vec<PartChoice>,
    /// What the review has come to so far.
    pub pairs: Vec<Pair>,
    /// What the desk can do now.
    pub desk: Desk,
    /// Pick between values.
    pub settle: bool,
    /// What a refused form held.
    pub typed: Typed,
}

/// Whether a button is open, and why not.
#[derive(Default)]
pub(super) struct Gate {
    /// Why not, with rule and clause; empty when it is open.
    pub why: String,
    /// Who may waive the rule, in words; empty when nobody may.
    pub waivable_by: String,
    /// The rule, when the person who looks at the page may waive it.
    pub waive: Option<u16>,
}

impl Gate {
    /// Whether the button is open.
    #[must_use]
    pub(super) fn is_open(&self) -> bool {
        self.why.is_empty()
    }
}

/// A part that can be sent back.
pub(super) struct PartChoice {
    /// Its name in forms.
    pub code: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// What was written about it in a refused form.
    pub note: String,
    /// Whether it was ticked in a refused form.
    pub picked: bool,
}

impl Panel {
    pub(super) fn new(reading: &Reading<'_>, typed: Typed) -> Self {
        let actions = reading.actions();
        let refusal =
            |kind| actions.iter().find(|action| action.kind == kind).and_then(|a| a.refusal.as_ref());
        let gate = |kind| refusal(kind).map(|refusal| closed(refusal, reading)).unwrap_or_default();
        let open_quote = matches!(reading.order.quote_standing(), QuoteStanding::Open(_));
        let choice = |part: OrderPart| {
            let code = part_code(part);
            PartChoice {
                code,
                label: labels::order_part(part, reading.lang()),
                note: typed.parts.get(code).cloned().unwrap_or_default(),
                picked: typed.parts.contains_key(code),
            }
        };
        // Whoever may not settle anything by their role sees the values without buttons.
        let settle = refusal(CommandKind::SettleField).is_none();
        Self {
            seq: reading.seq,
            approve: gate(CommandKind::Approve),
            return_items: gate(CommandKind::ReturnItems),
            void: gate(CommandKind::Void),
            review_quote: open_quote.then(|| gate(CommandKind::ReviewQuote)),
            note: gate(CommandKind::AddNote),
            parts: OrderPart::ALL.into_iter().map(choice).collect(),
            pairs: review_pairs(reading),
            desk: Desk::new(reading, |kind| refusal(kind).is_none()),
            settle,
            typed,
        }
    }
}

fn closed(refusal: &Refusal, reading: &Reading<'_>) -> Gate {
    let lang = reading.lang();
    let roles = refusal.waived_by.iter().map(|role| labels::role(*role, lang));
    let mine = refusal.waived_by.contains(&reading.actor.role) && refusal.reason != Reason::WrongRole;
    let others = if mine { String::new() } else { list(lang, roles) };
    Gate {
        why: format!("{}{}", ui(lang).cannot_now, refusal.text(lang)),
        waivable_by: others,
        waive: mine.then_some(refusal.rule),
    }
}
