//! People of the firm and what their role lets them do.

use serde::{Deserialize, Serialize};

use super::ids::PersonId;

/// A role in the firm. The names are those of the procedures (see the rule list's role column).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 客服/前台: registers, answers, assigns, follows up.
    FrontDesk,
    /// 維修員: does the visit.
    Technician,
    /// 主管: hears of paid work, reviews, waives.
    Supervisor,
    /// 主任: everything a supervisor may, and the cases only the head may close.
    Director,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::FrontDesk, Self::Technician, Self::Supervisor, Self::Director];

    /// The role's name in data and addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::FrontDesk => "front_desk",
            Self::Technician => "technician",
            Self::Supervisor => "supervisor",
            Self::Director => "director",
        }
    }

    /// Reads a role's name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// The name under which the server itself acts. No staff code has brackets.
pub const SERVER: &str = "(server)";

/// Who acts: the person and the role they act in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Actor {
    /// The member of staff.
    pub person: PersonId,
    /// The role they act in.
    pub role: Role,
}
