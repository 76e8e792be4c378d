//! Checklists of a policy pack: what is ticked, read or photographed, in which phase, by kind of work.

use serde::{Deserialize, Serialize};

use super::super::ids::ItemId;
use super::super::lang::Text;
use super::super::order::visit::ItemValue;

/// A list for some kinds of work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// The kinds of work; empty for all.
    #[serde(default)]
    pub work_types: Vec<String>,
    /// The items in their order.
    pub items: Vec<ChecklistItem>,
}

/// One item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Its id, unique within the pack.
    pub id: ItemId,
    /// When it is answered.
    pub phase: Phase,
    /// What it asks.
    pub label: Text,
    /// How it is answered.
    pub kind: ItemKind,
    /// Blocks the next step until it is answered.
    #[serde(default)]
    pub required: bool,
    /// A reminder of conduct: never blocks.
    #[serde(default)]
    pub advisory: bool,
    /// Photos it asks for.
    #[serde(default)]
    pub photo: PhotoNeed,
    /// The answer that is a mismatch the resident must sign (R61).
    #[serde(default)]
    pub mismatch_on: Option<ItemValue>,
    /// Its place in a fixed order (R64).
    #[serde(default)]
    pub step: Option<u8>,
    /// Needs the resident's consent before it is done (R65).
    #[serde(default)]
    pub needs_consent: bool,
    /// The rule it comes from.
    pub rule: u16,
}

impl ChecklistItem {
    /// Whether this answer differs from what should be (R61).
    #[must_use]
    pub fn is_mismatch(&self, value: &ItemValue) -> bool {
        self.mismatch_on.as_ref() == Some(value)
    }

    /// Whether a value is of the kind this item takes. "Does not apply" always is, with its reason.
    #[must_use]
    pub fn takes(&self, value: &ItemValue) -> bool {
        match value {
            ItemValue::NotApplicable(_) => true,
            ItemValue::Done => self.kind == ItemKind::Tick,
            ItemValue::Yes | ItemValue::No => self.kind == ItemKind::YesNo,
            ItemValue::Text(_) => matches!(self.kind, ItemKind::Reading | ItemKind::Text),
        }
    }
}

/// When an item is answered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before setting out 準備.
    Preparation,
    /// On site before the work 維修前.
    Before,
    /// After it 維修後.
    After,
}

/// How an item is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Done.
    Tick,
    /// Yes or no.
    YesNo,
    /// A measured value.
    Reading,
    /// Words.
    Text,
}

/// Photos an item asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoNeed {
    /// None.
    #[default]
    None,
    /// One.
    One,
    /// A pair, before and after.
    Paired,
}

impl PhotoNeed {
    /// Whether what was taken is enough: one of either, or both halves of a pair (R84).
    #[must_use]
    pub fn is_met(self, before: bool, after: bool) -> bool {
        match self {
            Self::None => true,
            Self::One => before || after,
            Self::Paired => before && after,
        }
    }
}
