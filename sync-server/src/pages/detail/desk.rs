//! What the desk can do to an order now: answer the request, assign, take over what was handed in.
//!
//! Unlike the review, these are shown only while they are open: before and after their time they are no choice.

use doorstep_core::domain::command::CommandKind as C;
use doorstep_core::domain::ids::PersonId;
use doorstep_core::domain::order::status::Status;

use super::Reading;
use crate::pages::words::{in_brackets, labels, say};

/// Open actions of the desk.
pub(super) struct Desk {
    /// The person in charge may let the visit be made (R17).
    pub approve_visit: bool,
    /// The request may be accepted.
    pub accept: bool,
    /// The request may be refused.
    pub refuse: bool,
    /// Technicians to assign; empty when it is not the time.
    pub technicians: Vec<Technician>,
    /// Things offered to the person who looks at the page: their id and what they are.
    pub offered: Vec<(String, String)>,
}

/// A technician to assign.
pub(super) struct Technician {
    /// The staff code.
    pub id: String,
    /// The name, with what is to be known before an order is given (R46).
    pub name: String,
    /// Whether the order is theirs now.
    pub current: bool,
}

impl Desk {
    pub(super) fn new(reading: &Reading<'_>, open: impl Fn(C) -> bool) -> Self {
        let order = reading.order;
        // On site or later the order stays with whoever is there; the phone asks for help instead (R73).
        let time = matches!(
            order.status(),
            Status::Accepted | Status::Assigned | Status::Booked | Status::ToRebook | Status::Unsolved
        );
        let now = order.assignment.as_ref().map(|assignment| &assignment.technician);
        let technician = |id: &PersonId| Technician {
            id: id.to_string(),
            name: format!("{}{}", reading.names.person(id), certificate(reading, id)),
            current: now == Some(id),
        };
        let assignable = if time && open(C::Assign) { reading.technicians } else { &[] };
        let me = &reading.actor.person;
        let offered = order.open_custody().filter(|(_, item)| item.offered_to.as_ref() == Some(me));
        Self {
            approve_visit: open(C::ApproveVisit),
            accept: open(C::Accept),
            refuse: open(C::Refuse),
            technicians: assignable.iter().map(technician).collect(),
            offered: offered
                .map(|(id, item)| {
                    let kind = labels::custody_kind(item.kind, reading.lang());
                    (
                        id.to_string(),
                        format!("{kind} {}{}", item.name, in_brackets(reading.lang(), &item.serial)),
                    )
                })
                .collect(),
        }
    }

    /// Whether there is anything to do.
    pub(super) fn is_open(&self) -> bool {
        let answer = self.approve_visit || self.accept || self.refuse;
        answer || !self.technicians.is_empty() || !self.offered.is_empty()
    }
}

/// The last day of a certificate that is over or soon will be (R46).
fn certificate(reading: &Reading<'_>, id: &PersonId) -> String {
    let Some(last_day) = reading.expiring.get(id) else { return String::new() };
    let lang = reading.lang();
    let until =
        say!(lang, "證書有效至 {last_day}", "证书有效至 {last_day}", "certificate valid until {last_day}");
    in_brackets(lang, &until)
}
