//! The procedure of a visit, pure: what may be done (`decide`), what follows (`apply`), and why not (`Refusal`).

pub mod ids;
pub mod lang;
pub mod money;
pub mod person;
pub mod time;
