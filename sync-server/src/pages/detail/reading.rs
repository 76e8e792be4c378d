//! What the page of an order is read from: the order, its log, the rules, and who looks at it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use doorstep_core::domain::decide::{Action, Case, Rulebook, available_actions};
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, Digest, FactId, OrderId, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::{Mark, Order};
use doorstep_core::domain::person::Actor;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::Entry;
use doorstep_core::journal::wire::ParkReason;

use crate::pages::words::facts::Telling;
use crate::pages::words::names::Names;
use crate::pages::words::when;

/// An entry as the server keeps it.
#[derive(Clone, Debug)]
pub struct Logged {
    /// The entry.
    pub entry: Entry,
    /// The phone it came from; `None` for the office.
    pub device: Option<DeviceId>,
    /// When the server received it.
    pub received: Stamp,
    /// Why it is kept but not folded into the order.
    pub parked: Option<ParkReason>,
    /// The number the order got with it.
    pub number: Option<String>,
}

/// Everything the page of one order is made of.
pub struct Reading<'a> {
    /// The order's id.
    pub id: OrderId,
    /// Its folded state.
    pub order: &'a Order,
    /// Its entries, in the server's order.
    pub log: &'a [Logged],
    /// Encoded strokes of the signatures, by digest.
    pub inks: &'a BTreeMap<Digest, Vec<u8>>,
    /// Photos that have arrived in full.
    pub photos: &'a BTreeSet<Digest>,
    /// The firm's rules.
    pub rulebook: &'a Rulebook,
    /// The firm.
    pub org: &'a OrgId,
    /// Who looks at it.
    pub actor: &'a Actor,
    /// Names and language.
    pub names: Names<'a>,
    /// Everybody an order can be assigned to.
    pub technicians: &'a [PersonId],
    /// Whose certificate is over or soon will be, and its last day (R46).
    pub expiring: &'a BTreeMap<PersonId, NaiveDate>,
    /// The present.
    pub now: Stamp,
    /// The server's count at this state: a form sends it back, so that nobody approves what they have not seen.
    pub seq: u64,
}

impl<'a> Reading<'a> {
    pub(super) fn lang(&self) -> Lang {
        self.names.lang
    }

    pub(super) fn telling(&self) -> Telling<'_> {
        Telling { names: &self.names, now: self.now }
    }

    /// A moment and who recorded it.
    pub(super) fn mark(&self, mark: &Mark) -> String {
        format!("{} · {}", self.moment(mark.at), self.names.person(&mark.by))
    }

    pub(super) fn moment(&self, at: Stamp) -> String {
        when::moment(at, self.now, self.lang())
    }

    /// The entry and the fact of an id.
    pub(super) fn fact(&self, id: FactId) -> Option<(&'a Entry, &'a Fact)> {
        let logged = self.log.iter().find(|logged| logged.entry.id == id.0)?;
        logged.entry.facts.get(usize::from(id.1)).map(|fact| (&logged.entry, fact))
    }

    /// What this person may do, and why not: the same gates as on the phone.
    pub(super) fn actions(&self) -> Vec<Action> {
        available_actions(&Case {
            rulebook: self.rulebook,
            order: self.order,
            org: self.org,
            order_id: self.id,
            actor: self.actor,
            now: self.now,
        })
    }
}
