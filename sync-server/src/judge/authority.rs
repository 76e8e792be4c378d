//! Who may state what from a phone, and who acts on an order that is no longer theirs.

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::FactId;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::person::Role;
use doorstep_core::journal::Entry;

use crate::storage::Device;

/// Whether an entry can be this device's at all: its own person in the role it was enrolled in, stating nothing that
/// only the server or another role may.
pub(super) fn may_come_from(device: &Device, entry: &Entry) -> bool {
    let own = entry.actor.person == device.person && entry.actor.role == device.role;
    own && may_state(device.role, &entry.facts)
}

fn may_state(role: Role, facts: &[Fact]) -> bool {
    let registers = facts.iter().any(|fact| matches!(fact, Fact::Registered(_)));
    let is_desk = role != Role::Technician;
    let is_head = matches!(role, Role::Supervisor | Role::Director);
    facts.iter().all(|fact| match fact {
        // The server's own word.
        Fact::Numbered(_) | Fact::Flagged(_) => false,
        Fact::VisitApproved
        | Fact::QuoteReviewed { .. }
        | Fact::Approved(_)
        | Fact::PartReturned { .. }
        | Fact::Voided(_)
        | Fact::RuleWaived { .. }
        | Fact::FieldSettled { .. }
        | Fact::ItemSettled { .. } => is_head,
        // A technician takes on what he himself registers, and nothing else.
        Fact::RequestAccepted(_) | Fact::Assigned(_) => is_desk || registers,
        Fact::RequestRefused(_) => is_desk,
        _ => true,
    })
}

/// The first fact that a technician states about an order that is not assigned to them: reassigned meanwhile, or never.
pub(super) fn acts_unassigned(order: &Order, entry: &Entry) -> Option<FactId> {
    let is_bound = entry.actor.role == Role::Technician && order.intake.is_some();
    if !is_bound || order.is_assigned_to(&entry.actor.person) {
        return None;
    }
    let mut facts = (0_u16..).zip(&entry.facts);
    // Things are handed over between colleagues, whoever's order they came from; a second registration flags itself.
    let bound = facts.find(|(_, fact)| {
        !matches!(
            fact,
            Fact::Registered(_)
                | Fact::RequestAccepted(_)
                | Fact::Assigned(_)
                | Fact::HandoverOffered { .. }
                | Fact::HandoverAccepted(_)
                | Fact::CustodyClosed { .. }
        )
    });
    bound.map(|(index, _)| FactId(entry.id, index))
}
