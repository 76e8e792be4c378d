//! The office's commands: decided by the firm's rules inside the writing transaction, kept as entries like everybody's.

mod at_work;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::{Action, Case, available_actions, decide};
use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::refusal::Refusal;
use doorstep_core::journal::bytes::Exact;

pub use self::at_work::{AtWork, at_work, of_device, takes_away};
use crate::auth::SignedIn;
use crate::error::Failure;
use crate::judge::{Work, Writing};
use crate::state::AppState;
use crate::storage::{Loaded, StorageError, StoredOrder, Want, Writes};

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// A rule said no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// There is no such order.
    #[error("there is no such order")]
    NoSuchOrder,
    /// More than an entry holds.
    #[error("the command is too large")]
    TooLarge,
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<OfficeError> for Failure {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Refused(refusal) => Self::Refused(refusal),
            OfficeError::NoSuchOrder => Self::NotFound("order"),
            OfficeError::TooLarge => Self::TooLarge(doorstep_core::journal::limits::MAX_ENTRY_BYTES),
            OfficeError::Storage(error) => error.into(),
        }
    }
}

/// Carries out a command on an order, or on a new one when it is [`Command::Register`]; gives the order as it is then.
///
/// # Errors
/// [`OfficeError::Refused`] names the rule; nothing is written then.
pub async fn execute(
    state: &AppState,
    org: &OrgId,
    actor: &Actor,
    order_id: OrderId,
    command: Command,
) -> Result<StoredOrder, OfficeError> {
    let rulebook = state.rulebook(org).await?;
    let want = Want { orders: vec![order_id], ..Want::default() };
    let (org_id, actor, server) = (org.clone(), actor.clone(), state.clone());
    let decided = move |loaded: Loaded, write: &mut dyn FnMut(Writes)| {
        let now = server.now(&rulebook);
        let mut act = Act { rulebook: &rulebook, org: &org_id, actor: &actor, now, command: &command };
        match act.carry_out(loaded, order_id) {
            Ok((writes, order)) => {
                write(writes);
                Ok(order)
            }
            Err(error) => Err(error),
        }
    };
    let stored = state.storage().decide_with(org.clone(), want, decided).await??;
    state.changed(org, None).await;
    Ok(stored)
}

struct Act<'a> {
    rulebook: &'a doorstep_core::domain::decide::Rulebook,
    org: &'a OrgId,
    actor: &'a Actor,
    now: doorstep_core::domain::time::Stamp,
    command: &'a Command,
}

impl Act<'_> {
    fn carry_out(&mut self, mut loaded: Loaded, id: OrderId) -> Result<(Writes, StoredOrder), OfficeError> {
        let stored = loaded.orders.remove(&id);
        if stored.is_none() && !matches!(self.command, Command::Register(_)) {
            return Err(OfficeError::NoSuchOrder);
        }
        let unreadable = |e: doorstep_core::domain::BadState| StorageError::Unreadable {
            what: "order",
            why: e.to_string(),
        };
        let parked = loaded.parked.remove(&id).unwrap_or_default();
        let mut work = Work::begin(id, stored, parked).map_err(unreadable)?;
        let case = Case {
            rulebook: self.rulebook,
            order: &work.order,
            org: self.org,
            order_id: id,
            actor: self.actor,
            now: self.now,
        };
        let facts = decide(&case, self.command).map_err(|refusal| OfficeError::Refused(Box::new(refusal)))?;
        let inks = self.command.inks().into_iter().filter(|ink| !ink.bytes.is_empty());
        let inks = inks.map(|ink| Exact(ink.bytes.clone()));
        let entry = work.entry(self.actor.clone(), self.now, facts, inks.collect());
        if entry.encode().is_err() {
            return Err(OfficeError::TooLarge);
        }
        let mut writing = Writing::new(self.org, &self.rulebook.policy.numbering, self.now, loaded.clock);
        writing.office_entry(&mut work, &entry);
        work.settle(None);
        for ink in entry.inks {
            writing.ink(&mut work, ink.0);
        }
        writing.unpark(&mut work);
        let order = work.order.clone();
        let seq = writing.order(work).map_or(0, |(seq, _)| seq);
        Ok((writing.into_writes(), StoredOrder { id, seq, order }))
    }
}

/// Every kind of command on an order, allowed or why not, for somebody now.
///
/// # Errors
/// When the org's rules cannot be read.
pub async fn actions(
    state: &AppState,
    org: &OrgId,
    actor: &Actor,
    stored: &StoredOrder,
) -> Result<Vec<Action>, StorageError> {
    let rulebook = state.rulebook(org).await?;
    let case = Case {
        rulebook: &rulebook,
        order: &stored.order,
        org,
        order_id: stored.id,
        actor,
        now: state.now(&rulebook),
    };
    Ok(available_actions(&case))
}

/// Whether somebody signed in may look at an order: the office at all, a technician at their own.
#[must_use]
pub fn may_see(signed: &SignedIn, order: &Order) -> bool {
    let registered = order.registered.as_ref().is_some_and(|mark| mark.by == signed.person);
    signed.role != Role::Technician || registered || order.is_assigned_to(&signed.person)
}
