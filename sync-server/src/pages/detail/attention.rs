//! The box that says what needs attention: reasons, flagged facts, and conflicts with both values to pick from.

use doorstep_core::domain::ids::FactId;
use doorstep_core::domain::order::Mark;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::domain::order::visit::ItemValue;

use super::Reading;
use super::visit::visit_name;
use crate::pages::attention::{Flag, flags};
use crate::pages::list::Pill;
use crate::pages::words::facts::sentence;
use crate::pages::words::ui::ui;
use crate::pages::words::{in_brackets, labels};

/// What needs attention.
pub(super) struct Attention {
    /// The reasons that are no concern of a single fact.
    pub pills: Vec<Pill>,
    /// Flagged facts.
    pub concerns: Vec<ConcernLine>,
    /// Values to pick from.
    pub conflicts: Vec<Conflict>,
}

/// A flagged fact.
pub(super) struct ConcernLine {
    /// Why it was flagged.
    pub why: &'static str,
    /// What was recorded.
    pub what: String,
    /// When and by whom.
    pub mark: String,
}

/// A field or item with several values.
pub(super) struct Conflict {
    /// What it is.
    pub label: String,
    /// The values; the one shown first.
    pub values: Vec<Value>,
    /// `settle-field` or `settle-item`.
    pub action: &'static str,
    /// The hidden fields of the form that picks: which field, or which visit and item.
    pub hidden: Vec<(&'static str, String)>,
}

/// One of several values.
pub(super) struct Value {
    /// As people read it.
    pub shown: String,
    /// As the form sends it.
    pub sent: String,
    /// When and by whom.
    pub mark: String,
    /// Whether it is the one in force.
    pub current: bool,
}

impl Attention {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let reasons = flags(reading.order, reading.rulebook, reading.now);
        // Concerns and conflicts are told in full below.
        let reasons = reasons.iter().filter(|flag| !matches!(flag, Flag::Concern(_) | Flag::Conflict(_)));
        let mut pills: Vec<Pill> = reasons.map(|flag| Pill::of(flag, &reading.names)).collect();
        if reading.log.iter().any(|logged| logged.parked.is_some()) {
            pills.push(Pill { class: "warn", text: ui(reading.lang()).not_counted_flag.to_owned() });
        }
        Self {
            pills,
            concerns: reading.order.concerns.iter().map(|c| concern(c.fact, c.kind, reading)).collect(),
            conflicts: fields(reading).into_iter().chain(items(reading)).collect(),
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub(super) fn is_calm(&self) -> bool {
        self.pills.is_empty() && self.concerns.is_empty() && self.conflicts.is_empty()
    }
}

fn concern(
    fact: FactId,
    kind: doorstep_core::domain::concern::ConcernKind,
    reading: &Reading<'_>,
) -> ConcernLine {
    let found = reading.fact(fact);
    ConcernLine {
        why: labels::concern(kind, reading.lang()),
        what: found.map(|(_, fact)| sentence(fact, &reading.telling())).unwrap_or_default(),
        mark: found
            .map(|(entry, _)| {
                format!("{} · {}", reading.moment(entry.at), reading.names.person(&entry.actor.person))
            })
            .unwrap_or_default(),
    }
}

/// The name of a shared field in forms.
#[must_use]
pub(in crate::pages) fn field_code(field: SharedField) -> &'static str {
    match field {
        SharedField::Phone => "phone",
        SharedField::Access => "access",
        SharedField::Fault => "fault",
    }
}

fn fields(reading: &Reading<'_>) -> Vec<Conflict> {
    let torn = reading.order.shared.iter().filter(|(_, shared)| !shared.conflicts.is_empty());
    torn.map(|(field, shared)| Conflict {
        label: labels::shared_field(*field, reading.lang()).to_owned(),
        values: values(
            (&shared.value, &shared.mark),
            shared.conflicts.values().map(|other| (&other.value, &other.mark)),
            |text: &String| (text.clone(), text.clone()),
            reading,
        ),
        action: "settle-field",
        hidden: vec![("field", field_code(*field).to_owned())],
    })
    .collect()
}

fn items(reading: &Reading<'_>) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (number, visit) in &reading.order.visits {
        for (item, answer) in visit.answers.iter().filter(|(_, answer)| !answer.conflicts.is_empty()) {
            let which = in_brackets(reading.lang(), &visit_name(*number, reading.lang()));
            found.push(Conflict {
                label: format!("{}{which}", reading.names.item(item)),
                values: values(
                    (&answer.value, &answer.mark),
                    answer.conflicts.values().map(|other| (&other.given, &other.mark)),
                    |value| (labels::item_value(value, reading.lang()), item_value_sent(value)),
                    reading,
                ),
                action: "settle-item",
                hidden: vec![("visit", number.to_string()), ("item", item.to_string())],
            });
        }
    }
    found
}

/// An answer as the form that picks it sends it: unlike its words, this tells a typed text from a tapped answer.
pub(in crate::pages) fn item_value_sent(value: &ItemValue) -> String {
    // Plain data: there is no failing path.
    serde_json::to_string(value).unwrap_or_default()
}

/// The value in force, then the others. `told` gives a value as people read it and as the form sends it.
fn values<'a, T: 'a>(
    current: (&'a T, &'a Mark),
    others: impl Iterator<Item = (&'a T, &'a Mark)>,
    told: impl Fn(&T) -> (String, String),
    reading: &Reading<'_>,
) -> Vec<Value> {
    let value = |(value, mark): (&T, &Mark), current: bool| {
        let (shown, sent) = told(value);
        Value { shown, sent, mark: reading.mark(mark), current }
    };
    std::iter::once(value(current, true)).chain(others.map(|other| value(other, false))).collect()
}
