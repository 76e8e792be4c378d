//! What the front desk writes down when a resident asks for a visit, and how the firm answers (R1 to R26).

use serde::{Deserialize, Serialize};

use super::Mark;
use crate::domain::ids::PersonId;
use crate::domain::time::Window;

/// How the request reached the firm (R11).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At the counter 現場.
    Counter,
    /// By phone 電話.
    #[default]
    Phone,
    /// Met by a technician on site 上門.
    Visit,
    /// Another way 其他.
    Other,
}

/// Whether the phone could solve it (R1): a visit is only for what it cannot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Triage {
    /// Not solvable by phone: a visit is needed.
    #[default]
    NeedsVisit,
    /// Advice was given and did not help.
    TriedByPhone,
    /// A safety hazard: go at once.
    Hazard,
}

/// A registration 報修登記 (R2, R4, R12). Empty text means "not given"; policy says which fields must be there.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Intake {
    /// Room or unit 房號.
    pub unit: String,
    /// Owner or resident name 業主姓名.
    pub resident: String,
    /// Phone to reach the resident.
    pub phone: String,
    /// Company name, for company tenants (R4).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company: String,
    /// Who reported it, when not the resident (R4).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reporter: String,
    /// What is to be repaired 維修狀況.
    pub fault: String,
    /// The symptom 故障現象.
    pub symptom: String,
    /// Kind of work, as the policy pack names it: `plumbing`, `electrical`…
    pub work_type: String,
    /// The time the resident wished for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wished: Option<Window>,
    /// How the request came.
    pub channel: Channel,
    /// What the phone triage gave.
    pub triage: Triage,
    /// Visit-eligibility tags (R16), as the policy pack names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How to get in, pets, hours: what the technician must know.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub access: String,
    /// Anything else the desk wrote down.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

/// The firm's answer to the request (R14, R15).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Whether the visit was accepted.
    pub accepted: bool,
    /// Why not, when refused; what to have ready, when accepted (R13, R15).
    pub text: String,
    /// When and by whom.
    pub mark: Mark,
}

/// Who does the work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Assignment {
    /// The technician whose order it is.
    pub technician: PersonId,
    /// Colleagues on the order (R73).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helpers: Vec<PersonId>,
}

/// A field of the registration that both sides may correct later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SharedField {
    /// The resident's phone.
    Phone,
    /// Access notes.
    Access,
    /// Fault text.
    Fault,
}
