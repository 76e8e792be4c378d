//! The procedure of a visit, pure: what may be done (`decide`), what follows (`apply`), and why not (`Refusal`).

pub mod apply;
pub mod calendar;
pub mod command;
pub mod concern;
pub mod deadline;
pub mod decide;
pub mod fact;
pub mod fold;
pub mod ids;
pub mod lang;
pub mod money;
pub mod order;
pub mod person;
pub mod policy;
pub mod refusal;
pub mod seal;
pub mod time;

/// Bytes that are no order's state.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an order's state: {0}")]
pub struct BadState(pub String);
