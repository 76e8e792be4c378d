//! Names for the ids in facts: staff by their code, checklist items by the policy pack's label.

use std::collections::BTreeMap;

use crate::domain::ids::{ItemId, PersonId};
use crate::domain::lang::Lang;
use crate::domain::order::visit::STAMP;
use crate::domain::person::SERVER;
use crate::domain::policy::Policy;

use super::terms::terms;

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
