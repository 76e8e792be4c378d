//! One attendance at the unit: from the booked window to leaving, with everything answered on site (R27 to R65, R82 to R85).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Mark;
use super::signing::Signed;
use crate::domain::ids::{FactId, ItemId};
use crate::domain::time::{Stamp, Window};

/// Under this item the photo of the resident's stamp is kept (R87); no checklist needs to name it.
pub const STAMP: &str = "stamp";

/// One visit 上門. Numbered from 1 within its order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Visit {
    /// The window agreed with the resident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// When the window was agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked: Option<Mark>,
    /// Notice that the visit cannot take place as agreed (R35).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// "Running late" calls made on the way (R34), by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub late: BTreeMap<FactId, Late>,
    /// Left for the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_out: Option<Mark>,
    /// At the door (R33).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived: Option<Mark>,
    /// The resident was not there and could not be reached (R36).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_show: Option<Mark>,
    /// Warranty or service agreement as looked at on site (R58, R59).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<Entitlement>,
    /// The resident agreed that service may begin (R60).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_agreed: Option<Agreement>,
    /// Checklist answers, by item.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<ItemId, ItemAnswer>,
    /// Photos, by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub photos: BTreeMap<FactId, Photo>,
    /// Mismatches the resident signed (R61), by fact.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mismatches: BTreeMap<FactId, Acknowledgement>,
    /// Consent to single steps such as opening the case (R65), by checklist item.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub step_consents: BTreeMap<ItemId, Agreement>,
    /// Work began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<Mark>,
    /// The visit rests (R38).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused: Option<Pause>,
    /// Work ended, solved or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished: Option<Finish>,
    /// The visit ended without a solution (R37).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsolved: Option<Unsolved>,
}

impl Visit {
    /// Whether this visit is over, one way or another, and a new one may be booked.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.notice.is_some() || self.no_show.is_some() || self.unsolved.is_some()
    }
}

/// An attempt to reach the resident (R27, R30).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contact {
    /// How.
    pub by: ContactBy,
    /// Whether the resident was reached.
    pub reached: bool,
    /// What was said: fault, place, time, route (R29).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The ways to reach a resident.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactBy {
    /// A phone call.
    #[default]
    Call,
    /// A message.
    Message,
    /// At the door.
    Door,
}

/// Notice that the visit will not take place as agreed (R35).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// Which side asked for it. The procedure is symmetric.
    pub by: Side,
    /// The explanation given.
    pub reason: String,
    /// Given later than the procedure asks, counted by policy when it was recorded.
    pub late: bool,
    /// When and by whom.
    pub mark: Mark,
}

/// The two sides of an appointment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The firm.
    Firm,
    /// The resident.
    Resident,
}

/// A call from the road: later than agreed, with the reason (R34).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Late {
    /// When the technician expects to be there.
    pub eta: Stamp,
    /// Why.
    pub reason: String,
    /// When and by whom.
    pub mark: Mark,
}

/// What the service document says (R58).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Covered: within warranty or agreement.
    Covered,
    /// There was one and it ran out.
    Expired,
    /// None.
    None,
}

/// Warranty or agreement as looked at on site (R58, R59).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entitlement {
    /// What it gives.
    pub coverage: Coverage,
    /// What it was read from: document number, or part barcode when there is no document (R59).
    pub evidence: String,
}

/// The resident's spoken yes or no to something, by whom (R60, R65, R71).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Agreement {
    /// Agree or disagree: there is no default.
    pub agreed: bool,
    /// Who said so.
    pub by: String,
    /// When, and who recorded it.
    pub mark: Mark,
}

/// The value given to a checklist item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemValue {
    /// Done.
    Done,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Does not apply here, with the reason: nothing is left blank (R89).
    NotApplicable(String),
    /// A reading or text.
    Text(String),
}

impl ItemValue {
    /// Whether something was really said.
    #[must_use]
    pub fn is_given(&self) -> bool {
        match self {
            Self::Done | Self::Yes | Self::No => true,
            Self::NotApplicable(text) | Self::Text(text) => !text.trim().is_empty(),
        }
    }
}

/// An item's answer, with any value given at the same time that this one did not know of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ItemAnswer {
    /// The value given on site.
    pub value: ItemValue,
    /// Something that differs from what should be, in words (R61).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    /// When and by whom.
    pub mark: Mark,
    /// Values of others that the answerer had not seen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts: BTreeMap<FactId, KeptAnswer>,
    /// The answers that stood when a person picked, oldest first, each with its author and time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<KeptAnswer>,
}

/// An answer that was given without having seen the one that is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "KeptForm")]
pub struct KeptAnswer {
    /// The answer.
    pub given: ItemValue,
    /// When and by whom.
    pub mark: Mark,
}

/// The forms in which states have it: at first only its text was kept.
#[derive(Deserialize)]
struct KeptForm {
    #[serde(default)]
    given: Option<ItemValue>,
    #[serde(default)]
    value: String,
    mark: Mark,
}

impl From<KeptForm> for KeptAnswer {
    fn from(form: KeptForm) -> Self {
        let KeptForm { given, value, mark } = form;
        let of_text = || match value.as_str() {
            "✓" => ItemValue::Done,
            "是" => ItemValue::Yes,
            "否" => ItemValue::No,
            text => match text.strip_prefix("— ") {
                Some(why) => ItemValue::NotApplicable(why.to_owned()),
                None => ItemValue::Text(text.to_owned()),
            },
        };
        Self { given: given.unwrap_or_else(of_text), mark }
    }
}

/// A photo taken for a checklist item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Photo {
    /// The checklist item it belongs to.
    pub item: ItemId,
    /// Before or after the work.
    pub moment: PhotoMoment,
    /// SHA-256 of the picture.
    pub picture: crate::domain::ids::Digest,
    /// SHA-256 of its thumbnail, which came beside the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<crate::domain::ids::Digest>,
    /// When and by whom.
    pub mark: Mark,
}

/// Which half of a pair a photo is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoMoment {
    /// Before the work.
    Before,
    /// After it.
    After,
}

/// A signed acknowledgement of mismatches found before the work (R61).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The items it covers.
    pub items: Vec<ItemId>,
    /// The resident's outcome: signed, or a sealed reason why not.
    pub outcome: super::signing::Outcome,
    /// When and by whom.
    pub mark: Mark,
}

/// A visit that rests until the resident's hours (R38).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pause {
    /// Why.
    pub reason: String,
    /// When the work goes on.
    pub resume_at: Stamp,
    /// When and by whom.
    pub mark: Mark,
}

/// How the work ended (R83).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finish {
    /// Whether the fault is gone.
    pub solved: bool,
    /// The cause.
    pub cause: String,
    /// What was done.
    pub method: String,
    /// What to watch from now on.
    pub advice: String,
    /// When and by whom.
    pub mark: Mark,
}

/// A visit closed without a solution: the next one is agreed, or the reason why not (R37).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unsolved {
    /// Why it is not solved.
    pub reason: String,
    /// The number of the next visit, when its window was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_visit: Option<u16>,
    /// When and by whom.
    pub mark: Mark,
    /// The resident's acknowledgement, when it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// States written before answers were kept whole have their text.
    #[test]
    fn an_answer_kept_as_its_text_is_read_and_a_typed_one_stays_typed() {
        let mark = r#""mark":{"at":"2026-11-25T10:00:00+08:00","by":"T01"}"#;
        let read = |field: &str| serde_json::from_str::<KeptAnswer>(&format!("{{{field},{mark}}}")).unwrap();
        assert_eq!(read(r#""value":"✓""#).given, ItemValue::Done);
        assert_eq!(read(r#""value":"是""#).given, ItemValue::Yes);
        assert_eq!(read(r#""value":"— 無此設備""#).given, ItemValue::NotApplicable("無此設備".into()));
        assert_eq!(read(r#""value":"0.6 MPa""#).given, ItemValue::Text("0.6 MPa".into()));
        for given in [ItemValue::Yes, ItemValue::Text("是".into())] {
            let kept = KeptAnswer { given: given.clone(), mark: read(r#""value":"x""#).mark };
            let text = serde_json::to_string(&kept).unwrap();
            assert_eq!(serde_json::from_str::<KeptAnswer>(&text).unwrap().given, given);
        }
    }
}
