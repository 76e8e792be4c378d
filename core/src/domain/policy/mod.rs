//! The policy pack 制度: a firm's own settings and deadlines, versioned, each citing the rule it comes from.
//!
//! What the source procedures disagree about is a setting here, not code.

mod check;
mod checklist;
pub mod rules;
mod settings;

use serde::{Deserialize, Serialize};

pub use self::checklist::{Checklist, ChecklistItem, ItemKind, Phase, PhotoNeed};
pub use self::settings::{
    Appointment, Ask, Certificates, Channel, ComplaintRule, Complaints, Copies, CopyKind, CountedOver,
    Custody, Entitlement, FollowUpRule, FollowUpWhen, Hours, Intake, IntakeField, Numbering, OfflineFallback,
    Payment, PaymentSequence, Photos, Quote, Review, SignOff, SupervisorInPaidWork, UnfinishedOutcome,
    Waivable,
};
use super::calendar::Region;
use super::lang::Text;
use super::money::Currency;
use super::person::Role;

/// A firm's policy pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The pack's id.
    pub id: String,
    /// Its version: a changed pack is a new version.
    pub version: u32,
    /// Its name.
    pub name: Text,
    /// Whose calendar counts.
    pub region: Region,
    /// What fees are in.
    pub currency: Currency,
    /// Minutes east of UTC of the firm's clock.
    pub offset_min: i16,
    /// Registration and answer (R2 to R17).
    pub intake: Intake,
    /// Contact, window, notice, no-show (R27 to R38).
    pub appointment: Appointment,
    /// Warranty and consent to start (R58 to R60).
    pub entitlement: Entitlement,
    /// Quote, report and consent (R66 to R72).
    pub quote: Quote,
    /// Payment and voucher (R86, R90, R96).
    pub payment: Payment,
    /// Sign-off (R86 to R89).
    pub sign_off: SignOff,
    /// Copies and what is printed on them (R9, R23, R91, R150).
    pub copies: Copies,
    /// Passes and hand-in (R76 to R79, R97).
    pub custody: Custody,
    /// The supervisor's review (R155 to R160).
    pub review: Review,
    /// Order numbers (R155).
    pub numbering: Numbering,
    /// Photos.
    pub photos: Photos,
    /// Certificates of staff (R46).
    pub certificates: Certificates,
    /// A section that packs had once and nothing read.
    #[serde(default, skip_serializing, rename = "retention")]
    _retention: Dropped,
    /// Follow-ups by kind of work (R106 to R115).
    #[serde(default)]
    pub follow_up: Vec<FollowUpRule>,
    /// Complaint deadlines (R137 to R143).
    pub complaints: Complaints,
    /// Who may waive which gate.
    #[serde(default)]
    pub waivers: Vec<Waivable>,
    /// Checklists by kind of work (R39 to R44, R61 to R65, R82 to R85).
    #[serde(default)]
    pub checklists: Vec<Checklist>,
}

/// Anything at all, forgotten: packs that are stored already still have it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Dropped;

impl<'de> Deserialize<'de> for Dropped {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// What is wrong with a policy pack.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PolicyError {
    /// Not TOML of this shape; the text names the key and line.
    #[error("the policy pack cannot be read: {0}")]
    Unreadable(String),
    /// A value that makes no sense.
    #[error("the policy pack has a wrong value at `{key}`: {why}")]
    Wrong {
        /// The key, dotted.
        key: String,
        /// What is wrong with it.
        why: String,
    },
}

/// The property-management pack, as text.
pub const PROPERTY_PACK: &str = include_str!("../../../policy/property.toml");
/// The device after-sales pack, as text.
pub const DEVICE_SERVICE_PACK: &str = include_str!("../../../policy/device-service.toml");

impl Policy {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// [`PolicyError`] names the key.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let policy: Self = toml::from_str(text).map_err(|e| PolicyError::Unreadable(e.to_string()))?;
        policy.check()?;
        Ok(policy)
    }

    /// The text of a pack that ships with Doorstep: `property` or `device-service`.
    #[must_use]
    pub fn builtin_text(id: &str) -> Option<&'static str> {
        match id {
            "property" => Some(PROPERTY_PACK),
            "device-service" => Some(DEVICE_SERVICE_PACK),
            _ => None,
        }
    }

    /// The property-management pack.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the shipped text is compiled in and read by a test")]
    pub fn builtin_property() -> Self {
        Self::parse(PROPERTY_PACK).expect("the shipped property pack")
    }

    /// The device after-sales pack.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the shipped text is compiled in and read by a test")]
    pub fn builtin_device_service() -> Self {
        Self::parse(DEVICE_SERVICE_PACK).expect("the shipped device-service pack")
    }

    /// The follow-ups a kind of work calls for: those that name it, or else those for all work (R106 to R111).
    #[must_use]
    pub fn follow_ups(&self, work_type: &str) -> Vec<&FollowUpRule> {
        let named = |rule: &&FollowUpRule| rule.work_types.iter().any(|named| named == work_type);
        let own: Vec<_> = self.follow_up.iter().filter(named).collect();
        if own.is_empty() {
            self.follow_up.iter().filter(|rule| rule.work_types.is_empty()).collect()
        } else {
            own
        }
    }

    /// The deadline of a class of complaint (R137 to R143).
    #[must_use]
    pub fn complaint(&self, class: &str) -> Option<&ComplaintRule> {
        self.complaints.rules.iter().find(|rule| rule.class == class)
    }

    /// Who may waive a rule's gate; nobody when empty.
    #[must_use]
    pub fn waived_by(&self, rule: u16) -> Vec<Role> {
        self.waivers.iter().filter(|w| w.rule == rule).flat_map(|w| w.roles.iter().copied()).collect()
    }

    /// The checklist items for a kind of work, in the pack's order.
    pub fn items<'a>(&'a self, work_type: &str) -> impl Iterator<Item = &'a ChecklistItem> + use<'a> {
        let work_type = work_type.to_owned();
        self.checklists
            .iter()
            .filter(move |list| list.work_types.is_empty() || list.work_types.contains(&work_type))
            .flat_map(|list| &list.items)
    }
}

#[cfg(test)]
mod tests;
