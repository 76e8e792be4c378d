//! What the pages of one firm share: its rules, its people, its name, the time on its clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::{OrgId, PersonId};
use doorstep_core::domain::lang::{Lang, Text};
use doorstep_core::domain::person::Role;
use doorstep_core::domain::time::Stamp;

use crate::error::Failure;
use crate::pages::words::names::{self, Names};
use crate::state::AppState;

/// One firm, as its pages need it.
pub(crate) struct Shop {
    pub(crate) rulebook: Arc<Rulebook>,
    pub(crate) people: BTreeMap<PersonId, String>,
    pub(crate) technicians: Vec<PersonId>,
    /// Whose certificate is over or soon will be, and its last day (R46).
    pub(crate) expiring: BTreeMap<PersonId, NaiveDate>,
    /// The firm's name.
    pub(crate) name: String,
    pub(crate) lang: Lang,
    pub(crate) now: Stamp,
}

impl Shop {
    pub(crate) async fn load(state: &AppState, org: &OrgId, lang: Lang) -> Result<Self, Failure> {
        let rulebook = state.rulebook(org).await?;
        let people = state.storage().people(org.clone()).await?;
        let technicians =
            people.iter().filter(|person| person.role == Role::Technician).map(|p| p.id.clone());
        let now = state.now(&rulebook);
        let warned = now.date() + Days::new(u64::from(rulebook.policy.certificates.warn_days));
        let expiring = people.iter().filter_map(|p| Some((p.id.clone(), p.certificate_expires?)));
        Ok(Self {
            technicians: technicians.collect(),
            expiring: expiring.filter(|(_, last_day)| *last_day <= warned).collect(),
            now,
            name: names(state, org).await?.get(lang).to_owned(),
            people: people.into_iter().map(|person| (person.id, person.name)).collect(),
            rulebook,
            lang,
        })
    }

    pub(crate) fn names(&self) -> Names<'_> {
        Names { people: &self.people, policy: &self.rulebook.policy, lang: self.lang }
    }
}

/// The firm's name in all languages, from its reference data; its code while it has none.
pub(crate) async fn names(state: &AppState, org: &OrgId) -> Result<Text, Failure> {
    let documents = state.storage().documents(org.clone(), "org".to_owned()).await?;
    let [hant, hans, en] = [Lang::ZhHant, Lang::ZhHans, Lang::En].map(|lang| {
        let name = documents.first().and_then(|document| names::firm(&document.body, lang));
        name.unwrap_or_else(|| org.to_string())
    });
    Ok(Text::new(&hant, &hans, &en))
}
