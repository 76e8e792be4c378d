//! The registration as name and value, and the small types other sections share.

use doorstep_core::domain::order::intake::SharedField;

use super::Reading;
use crate::pages::words::ui::ui;
use crate::pages::words::{in_brackets, labels, list, when};

/// A name and its value.
pub(super) struct Pair {
    /// The name.
    pub term: &'static str,
    /// The value.
    pub text: String,
}

/// Collects pairs, leaving out what was not given.
#[derive(Default)]
pub(super) struct Pairs(pub(super) Vec<Pair>);

impl Pairs {
    pub(super) fn add(&mut self, term: &'static str, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.0.push(Pair { term, text });
        }
    }
}

/// What the desk wrote down, and how the firm answered.
pub(super) struct Registration {
    /// The fields that were given.
    pub pairs: Vec<Pair>,
}

impl Registration {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let (order, lang) = (reading.order, reading.lang());
        let ui = ui(lang);
        let mut pairs = Pairs::default();
        let Some(intake) = &order.intake else { return Self { pairs: pairs.0 } };
        let shared = |field: SharedField| {
            let corrected = if order.shared.contains_key(&field) { ui.corrected_value } else { "" };
            let value = order.field(field);
            if value.is_empty() { String::new() } else { format!("{value}{}", in_brackets(lang, corrected)) }
        };
        pairs.add(ui.unit, intake.unit.as_str());
        pairs.add(ui.resident, intake.resident.as_str());
        pairs.add(ui.phone, shared(SharedField::Phone));
        pairs.add(ui.company, intake.company.as_str());
        pairs.add(ui.reporter, intake.reporter.as_str());
        pairs.add(ui.fault, shared(SharedField::Fault));
        pairs.add(ui.symptom, intake.symptom.as_str());
        pairs.add(ui.work_type, labels::work_type(&intake.work_type, lang));
        pairs.add(ui.wished, intake.wished.map(|w| when::window(w, reading.now, lang)).unwrap_or_default());
        pairs.add(ui.channel, labels::channel(intake.channel, lang));
        pairs.add(ui.triage, labels::triage(intake.triage, lang));
        pairs.add(ui.tags, list(lang, intake.tags.iter().map(|tag| labels::tag(tag, lang))));
        pairs.add(ui.access, shared(SharedField::Access));
        pairs.add(ui.remark, intake.remark.as_str());
        pairs.add(ui.registered_at, order.registered.as_ref().map(|m| reading.mark(m)).unwrap_or_default());
        if let Some(answer) = &order.answer {
            let word = if answer.accepted { ui.accepted } else { ui.refused };
            let text = in_brackets(lang, &answer.text);
            pairs.add(ui.answered, format!("{word}{text} · {}", reading.mark(&answer.mark)));
        }
        if let Some(assignment) = &order.assignment {
            pairs.add(ui.technician, reading.names.person(&assignment.technician));
            pairs.add(ui.helpers, list(lang, assignment.helpers.iter().map(|id| reading.names.person(id))));
        }
        Self { pairs: pairs.0 }
    }
}
