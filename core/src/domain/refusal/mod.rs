//! Refusals: every "no" names its rule and clause, says what would unblock it and who may waive it.

mod reasons;

use serde::{Deserialize, Serialize};

pub use self::reasons::Reason;
use super::command::CommandKind;
use super::lang::Lang;
use super::person::Role;
use super::policy::rules::rule;

/// Why something may not be done now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// The rule (R number).
    pub rule: u16,
    /// The clause of the source procedure, for example `F0/1.3`.
    pub source: String,
    /// The command that would unblock it, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<CommandKind>,
    /// Who may waive it, by the policy pack; nobody when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived_by: Vec<Role>,
    /// What it is about: an item's name, a limit, a time. Empty when the reason says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Refusal {
    /// A refusal for a reason, with what it is about.
    #[must_use]
    pub fn new(reason: Reason, detail: impl Into<String>, waived_by: Vec<Role>) -> Self {
        let number = reason.rule();
        Self {
            reason,
            rule: number,
            source: rule(number).map(|info| info.source.to_owned()).unwrap_or_default(),
            needs: reason.needs(),
            waived_by,
            detail: detail.into(),
        }
    }

    /// Why, and what to do about it, in one language, with the rule and clause.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let why = self.reason.text(lang);
        let (open, close, clause) = match lang {
            Lang::ZhHant => ("（", "）", "依據"),
            Lang::ZhHans => ("（", "）", "依据"),
            Lang::En => (" (", ")", "rule "),
        };
        let about =
            if self.detail.is_empty() { String::new() } else { format!("{open}{}{close}", self.detail) };
        let source = if self.source.is_empty() { String::new() } else { format!(", {}", self.source) };
        format!("{why}{about}{open}{clause}R{}{source}{close}", self.rule)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for Refusal {}
