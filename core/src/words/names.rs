//! Names for the ids in facts: staff by their code, checklist items by the policy pack's label.

use std::collections::BTreeMap;

use crate::domain::ids::{ItemId, PersonId};
use crate::domain::lang::{Lang, Text};
use crate::domain::order::visit::STAMP;
use crate::domain::person::SERVER;
use crate::domain::policy::Policy;

use super::terms::terms;

/// The firm's name from its reference document (kind `org`); `None` when the document has none.
#[must_use]
pub fn firm(document: &[u8], lang: Lang) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        name: Text,
    }
    let named: Named = serde_json::from_slice(document).ok()?;
    Some(named.name.get(lang).to_owned()).filter(|name| !name.is_empty())
}

/// A member of staff from their reference document (kind `person`).
#[must_use]
pub fn person(document: &[u8]) -> Option<(PersonId, String)> {
    #[derive(serde::Deserialize)]
    struct Known {
        id: PersonId,
        name: String,
    }
    let known: Known = serde_json::from_slice(document).ok()?;
    Some((known.id, known.name))
}

/// A price-list code and how many days its work or part is warranted for, from its reference document (kind `price`);
/// `None` when it is not.
#[must_use]
pub fn warranty(document: &[u8]) -> Option<(String, u32)> {
    #[derive(serde::Deserialize)]
    struct Price {
        code: String,
        warranty_days: Option<u32>,
    }
    let price: Price = serde_json::from_slice(document).ok()?;
    Some((price.code, price.warranty_days.filter(|days| *days > 0)?))
}

/// Who and what the ids on a page stand for.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// Names of the firm's people.
    pub people: &'a BTreeMap<PersonId, String>,
    /// The policy pack, for its checklists.
    pub policy: &'a Policy,
    /// The language of the page.
    pub lang: Lang,
}

impl Names<'_> {
    /// A person's name. Somebody who is not in the list (left, or of another list) is shown by the staff code.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> String {
        if id.as_str() == SERVER {
            return terms(self.lang).server.to_owned();
        }
        self.people.get(id).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| id.to_string())
    }

    /// What a checklist item asks; its id when the pack no longer has it.
    #[must_use]
    pub fn item(&self, id: &ItemId) -> String {
        let items = self.policy.checklists.iter().flat_map(|list| &list.items);
        let mut found = items.filter(|item| item.id == *id);
        match found.next() {
            Some(item) => item.label.get(self.lang).to_owned(),
            None if id.as_str() == STAMP => terms(self.lang).stamp.to_owned(),
            None => id.to_string(),
        }
    }
}
