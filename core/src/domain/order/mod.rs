//! The order 工作令單: everything known about one repair, as folded from facts. Nothing here is written but by `apply`.

pub mod closing;
pub mod contacts;
pub mod intake;
pub mod quote;
pub mod signing;
pub mod statement;
pub mod status;
pub mod visit;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::closing::{Copy, CustodyItem, Diagnosis, PartUse, Payment, Review, SignOff, TakeAway};
use self::intake::{Answer, Assignment, Intake, SharedField};
use self::quote::Quote;
use self::visit::{Contact, Visit};
use super::concern::Concern;
use super::ids::{FactId, PersonId};
use super::time::{Stamp, Window};

/// When something happened and who recorded it. Device time is evidence: nothing is ordered by it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Device time.
    pub at: Stamp,
    /// The member of staff.
    pub by: PersonId,
}

/// A value that somebody gave without having seen the one that is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Alternative {
    /// The value, as text.
    pub value: String,
    /// When and by whom.
    pub mark: Mark,
}

/// A field that both sides may change: the value in force, and any that was given in ignorance of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shared {
    /// The value in force.
    pub value: String,
    /// When and by whom it was given.
    pub mark: Mark,
    /// Values kept beside it until a person picks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts: BTreeMap<FactId, Alternative>,
    /// The values that stood when a person picked, oldest first: what nobody picked is remembered with author and time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<Alternative>,
}

/// A waived gate: who may, did, with a reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// When and by whom.
    pub mark: Mark,
}

/// A contact attempt with its mark and the visit it was for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactAttempt {
    /// What was tried and came of it.
    pub contact: Contact,
    /// The visit it belongs to; 0 before one was booked.
    pub visit: u16,
    /// When and by whom.
    pub mark: Mark,
}

/// A part used, with its mark.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UsedPart {
    /// The part.
    pub part: PartUse,
    /// When and by whom.
    pub mark: Mark,
}

/// A note or a call for help, with its mark.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Note {
    /// What kind of note.
    pub kind: NoteKind,
    /// The text.
    pub text: String,
    /// When and by whom.
    pub mark: Mark,
}

/// Kinds of notes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A plain note.
    Note,
    /// A call for a colleague (R73).
    Assistance,
}

/// One order. `Default` is the order nobody has registered yet.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// The number the server gave it (R155). A phone that opened it offline waits for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intake: Option<Intake>,
    /// When and by whom it was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered: Option<Mark>,
    /// Fields of the registration corrected since.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shared: BTreeMap<SharedField, Shared>,
    /// The person in charge let the visit be made (R17).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit_approved: Option<Mark>,
    /// The firm's answer (R14, R15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
    /// Attempts to reach the resident, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub contacts: BTreeMap<FactId, ContactAttempt>,
    /// Visits, by number from 1.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub visits: BTreeMap<u16, Visit>,
    /// What is wrong and whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
    /// Quotes, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub quotes: BTreeMap<FactId, Quote>,
    /// The quote presented last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_quote: Option<FactId>,
    /// The quote the resident agreed to last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed_quote: Option<FactId>,
    /// Parts used, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<FactId, UsedPart>,
    /// Devices taken away, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub take_aways: BTreeMap<FactId, TakeAway>,
    /// Things in somebody's custody: by the fact that made them and their place in it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custody: BTreeMap<CustodyId, CustodyItem>,
    /// Payments, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub payments: BTreeMap<FactId, Payment>,
    /// Sign-offs, by fact: a corrected one supersedes, none is removed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sign_offs: BTreeMap<FactId, SignOff>,
    /// The sign-off in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_sign_off: Option<FactId>,
    /// Copies handed over, by fact (R91).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub copies: BTreeMap<FactId, Copy>,
    /// The supervisor's review.
    pub review: Review,
    /// Gates waived, by rule number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub waivers: BTreeMap<u16, Waiver>,
    /// Voided, with the reason (R155). The number stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<Waiver>,
    /// Notes and calls for help, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<FactId, Note>,
    /// What the supervisor should look at: facts that should not have happened, kept and flagged.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub concerns: BTreeSet<Concern>,
    /// Concerns that were there when somebody approved or voided the order, and so had them before their eyes.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub settled: BTreeSet<Concern>,
}

/// The name of a thing in custody: the fact that brought it, and its place in that fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CustodyId(pub FactId, pub u8);

impl std::fmt::Display for CustodyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl std::str::FromStr for CustodyId {
    type Err = super::ids::BadId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.rsplit_once('.')
            .and_then(|(fact, place)| Some(Self(fact.parse().ok()?, place.parse().ok()?)))
            .ok_or_else(|| super::ids::BadId { expected: "custody id", found: text.to_owned() })
    }
}

// Text in both encodings: it names a map key, and there are few of them.
impl Serialize for CustodyId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CustodyId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Order {
    /// The visit under way or planned: the one with the highest number. Its number and itself.
    #[must_use]
    pub fn visit(&self) -> Option<(u16, &Visit)> {
        self.visits.iter().next_back().map(|(number, visit)| (*number, visit))
    }

    /// The concerns nobody has settled by approving or voiding the order.
    pub fn unsettled(&self) -> impl Iterator<Item = &Concern> {
        self.concerns.difference(&self.settled)
    }

    /// The window of the current visit. That of a visit that is over is history, and the next one has none yet.
    #[must_use]
    pub fn current_window(&self) -> Option<Window> {
        self.visit().filter(|(_, visit)| !visit.is_over()).and_then(|(_, visit)| visit.window)
    }

    /// The number of the current visit, 0 when none was booked.
    #[must_use]
    pub fn visit_number(&self) -> u16 {
        self.visit().map_or(0, |(number, _)| number)
    }

    /// The kind of work, empty before registration.
    #[must_use]
    pub fn work_type(&self) -> &str {
        self.intake.as_ref().map_or("", |intake| &intake.work_type)
    }

    /// A shared field's value in force: the correction if there is one, else what was registered.
    #[must_use]
    pub fn field(&self, field: SharedField) -> &str {
        if let Some(shared) = self.shared.get(&field) {
            return &shared.value;
        }
        let Some(intake) = &self.intake else { return "" };
        match field {
            SharedField::Phone => &intake.phone,
            SharedField::Access => &intake.access,
            SharedField::Fault => &intake.fault,
        }
    }

    /// What a search looks through: number, unit, resident, phone, company, fault and symptom, each folded, a line each.
    #[must_use]
    pub fn search_text(&self) -> String {
        let intake = self.intake.as_ref();
        let searched = [
            self.number.as_deref().unwrap_or_default(),
            intake.map_or("", |i| &i.unit),
            intake.map_or("", |i| &i.resident),
            self.field(SharedField::Phone),
            intake.map_or("", |i| &i.company),
            self.field(SharedField::Fault),
            intake.map_or("", |i| &i.symptom),
        ];
        let mut text = String::with_capacity(160);
        for (at, part) in searched.into_iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            text.push_str(&super::fold::fold(part));
        }
        text
    }

    /// The sign-off in force.
    #[must_use]
    pub fn sign_off(&self) -> Option<&SignOff> {
        self.sign_offs.get(&self.latest_sign_off?)
    }

    /// Whether `person` works on this order.
    #[must_use]
    pub fn is_assigned_to(&self, person: &PersonId) -> bool {
        self.assignment.as_ref().is_some_and(|a| &a.technician == person || a.helpers.contains(person))
    }

    /// Things still in somebody's custody (R76, R97).
    pub fn open_custody(&self) -> impl Iterator<Item = (&CustodyId, &CustodyItem)> {
        self.custody.iter().filter(|(_, item)| item.closed.is_none())
    }

    /// Whether anything waits for a person to pick between two values.
    #[must_use]
    pub fn has_conflict(&self) -> bool {
        self.shared.values().any(|shared| !shared.conflicts.is_empty())
            || self.visits.values().any(|v| v.answers.values().any(|a| !a.conflicts.is_empty()))
    }

    /// The canonical bytes of this state: the same facts give the same bytes on phone and server.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serialising plain data into memory has no failing path; an empty state would show as damage, not pass unseen.
        cbor4ii::serde::to_vec(Vec::with_capacity(2048), self).unwrap_or_default()
    }

    /// Reads a state written by [`Self::to_bytes`], of this version or another.
    ///
    /// # Errors
    /// When the bytes are not a state.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, super::BadState> {
        cbor4ii::serde::from_slice(bytes).map_err(|e| super::BadState(e.to_string()))
    }
}
