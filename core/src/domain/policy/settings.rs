//! The sections of a policy pack. Each field names the rule whose number or choice it holds.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::super::deadline::DeadlineSpec;
use super::super::lang::{Lang, Text};
use super::super::order::closing::PaymentMethod;
use super::super::person::Role;

/// Registration and answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// Fields that must be filled in (R2, R4, R12).
    pub required: Vec<IntakeField>,
    /// When the request is answered (R14).
    pub answer_within: DeadlineSpec,
    /// The person in charge approves a visit before it is agreed (R17).
    pub visit_approval: bool,
    /// Tags that make a household eligible (R16).
    #[serde(default)]
    pub eligibility_tags: Vec<String>,
}

/// A field of the registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeField {
    /// 業主姓名 (R2).
    OwnerName,
    /// 房號 (R2).
    Unit,
    /// 維修狀況 (R2).
    Fault,
    /// 故障現象 (R2).
    Symptom,
    /// 公司名稱 (R4).
    Company,
    /// 報修人 (R4).
    Reporter,
    /// 電話 (R4, R12).
    Phone,
    /// 預約維修時間 (R4, R12).
    WishedTime,
}

impl IntakeField {
    /// The field's name as people read it.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        lang.pick(match self {
            Self::OwnerName => ["業主姓名", "业主姓名", "owner name"],
            Self::Unit => ["房號", "房号", "unit"],
            Self::Fault => ["報修內容", "报修内容", "repair needed"],
            Self::Symptom => ["故障現象", "故障现象", "symptom"],
            Self::Company => ["公司名稱", "公司名称", "company"],
            Self::Reporter => ["報修人", "报修人", "reporter"],
            Self::Phone => ["電話", "电话", "phone"],
            Self::WishedTime => ["預約時間", "预约时间", "wished time"],
        })
    }
}

/// Contact, window, notice, no-show, unfinished work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// The resident is reached before departure (R27).
    pub contact_before_departure: bool,
    /// Attempts to reach the resident before the desk takes over (R30).
    pub min_attempts: u8,
    /// Minutes between attempts for them to count as different periods (R30).
    pub attempt_spread_minutes: u32,
    /// Hours of notice when the visit cannot be as agreed (R35).
    pub notice_hours: u32,
    /// Minutes past the time before a no-show (R36).
    pub no_show_minutes: u32,
    /// Failed attempts a no-show needs (R36).
    pub no_show_failed_attempts: u8,
    /// Normal working time (R31).
    pub working_hours: Vec<Hours>,
    /// Rest and meal hours to avoid (R32).
    #[serde(default)]
    pub quiet_hours: Vec<Hours>,
    /// What may be done with unfinished work (R37, R38, R73, R74).
    pub unfinished_outcomes: Vec<UnfinishedOutcome>,
}

/// A span of the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// From, `HH:MM`.
    #[serde(with = "hour_minute")]
    pub from: NaiveTime,
    /// To, `HH:MM`, later the same day.
    #[serde(with = "hour_minute")]
    pub to: NaiveTime,
}

mod hour_minute {
    //! `HH:MM` as people write it.
    use chrono::NaiveTime;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| D::Error::custom(format!("not HH:MM: {text}")))
    }
}

/// What may be done with unfinished work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnfinishedOutcome {
    /// Call a colleague (R73).
    Assist,
    /// Agree the next visit (R37).
    NextVisit,
    /// Take the device away (R74).
    TakeAway,
    /// Rest and go on later (R38).
    Pause,
}

/// Warranty and consent to start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// The service document is looked at (R58).
    pub check_required: bool,
    /// Service starts only after the resident agrees (R60).
    pub consent_to_start: bool,
}

/// Quote, report and consent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The supervisor's part in paid work (R17, R66, R68).
    pub supervisor: SupervisorInPaidWork,
    /// With `approve`: amounts above this, in minor units, need it; without, all do.
    #[serde(default)]
    pub approve_above: Option<i64>,
    /// With `approve`: what a phone without network does.
    pub offline_fallback: OfflineFallback,
    /// The most a technician may take off, in percent (R72).
    pub discount_limit_percent: u8,
    /// A charge needs its reason (R66).
    pub reason_required: bool,
    /// How long a quote holds, in days.
    #[serde(default)]
    pub valid_days: Option<u16>,
}

/// The supervisor's part in paid work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisorInPaidWork {
    /// None.
    None,
    /// Is told (R66, R68).
    Notify,
    /// Says yes first.
    Approve,
}

/// What a phone without network does where the supervisor's yes is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfflineFallback {
    /// Goes on once the report is recorded.
    ProceedWithReport,
    /// Waits.
    Wait,
}

/// Payment and voucher.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Fee and signature, in which order (R86).
    pub sequence: PaymentSequence,
    /// Kinds of payment taken (R96).
    pub methods: Vec<PaymentMethod>,
    /// No payment without a voucher's number (R90).
    pub receipt_required: bool,
}

/// Fee and signature, in which order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentSequence {
    /// Form, fee, signature (F0/1.6).
    FeeThenSign,
    /// Signature, then collect (F3 發行三.4).
    SignThenFee,
    /// Billed monthly by finance (F4 ch8).
    Deferred,
}

/// Sign-off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// The resident's seal or stamp beside the signature (R87).
    pub seal: Ask,
    /// The resident's rating (R88).
    pub rating: Ask,
}

/// Whether something is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Not asked.
    NotAsked,
    /// Asked, may be left.
    Optional,
    /// Must be there.
    Required,
}

/// Copies and what is printed on them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copies {
    /// The resident's copy is handed over before the order is approved (R91).
    pub copy_required: bool,
    /// The set of copies (R9).
    pub set: Vec<CopyKind>,
    /// The service phone printed on each (R23).
    #[serde(default)]
    pub service_phone: String,
    /// The complaint line printed on each (R150).
    #[serde(default)]
    pub complaint_line: String,
}

/// A copy of the service sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    /// The office's.
    Office,
    /// The technician's.
    Technician,
    /// The resident's.
    Resident,
}

/// Passes and hand-in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custody {
    /// Large items leave with a pass; what one hand carries does not need one (R78, R79).
    pub pass_unless_one_hand: bool,
    /// When forms and money are handed in (R97).
    pub hand_in_by: DeadlineSpec,
}

/// The supervisor's review.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The verifier is not the technician (R160).
    pub verifier_differs_from_technician: bool,
    /// When a signed-off order is reviewed.
    pub due: DeadlineSpec,
}

/// Order numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// What stands before the number.
    pub prefix: String,
    /// Digits, filled with zeros.
    pub width: u8,
}

impl Numbering {
    /// The order number for a count from 1.
    #[must_use]
    pub fn number(&self, count: u64) -> String {
        format!("{}{count:0width$}", self.prefix, width = usize::from(self.width))
    }
}

/// Photos.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photos {
    /// Long side kept, in pixels.
    pub long_side_px: u32,
    /// JPEG quality.
    pub jpeg_quality: u8,
    /// Whether the place stays in the file.
    pub keep_location: bool,
    /// Full size only over Wi-Fi.
    pub wifi_only: bool,
    /// Order number and time are drawn into the photo.
    #[serde(default)]
    pub watermark: bool,
    /// Days a photo stays on the phone in full after the server has it.
    #[serde(default = "two_weeks")]
    pub keep_days: u16,
}

fn two_weeks() -> u16 {
    14
}

/// Certificates of staff (R46).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificates {
    /// Days before expiry at which dispatch is warned.
    pub warn_days: u16,
}

/// A follow-up rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUpRule {
    /// The kinds of work; empty for all not named elsewhere.
    #[serde(default)]
    pub work_types: Vec<String>,
    /// When.
    pub when: FollowUpWhen,
    /// How.
    pub channel: Channel,
    /// By whom: never the technician.
    pub role: Role,
    /// The rule.
    pub rule: u16,
    /// The share to reach, in percent (R108, R114).
    #[serde(default)]
    pub target_percent: Option<u8>,
    /// What the share is counted over: the procedures mean different things by it.
    #[serde(default)]
    pub counted_over: CountedOver,
}

/// How a follow-up is made (R117).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In passing 口頭.
    Verbal,
    /// By phone 電話.
    Phone,
    /// At the unit 上門.
    Visit,
    /// By letter 信函.
    Letter,
    /// By survey 滿意度調查.
    Survey,
}

impl Channel {
    /// The channel as people read it.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        lang.pick(match self {
            Self::Verbal => ["口頭", "口头", "in person"],
            Self::Phone => ["電話", "电话", "by phone"],
            Self::Visit => ["上門", "上门", "by visit"],
            Self::Letter => ["信函", "信函", "by letter"],
            Self::Survey => ["滿意度調查", "满意度调查", "by survey"],
        })
    }
}

/// What a follow-up rate is counted over (R108, R112 to R114, R125).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedOver {
    /// The orders this rule applies to (F1/1 4.3.3.2).
    #[default]
    Orders,
    /// Requests registered the same day (F1/1 4.3.3.2).
    SameDayRequests,
    /// All households, by day (F4 ch6.2).
    Households,
}

/// When a follow-up is due.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpWhen {
    /// Within a time.
    Within(DeadlineSpec),
    /// After an event, such as `heavy_rain` (R110).
    After(String),
}

/// Complaint deadlines.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaints {
    /// A limit the resident set wins when it is stricter (R139).
    pub resident_limit_wins: bool,
    /// By class.
    pub rules: Vec<ComplaintRule>,
}

/// A complaint deadline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplaintRule {
    /// `ordinary`, `major`, `passed_on`.
    pub class: String,
    /// Closed within.
    pub within: DeadlineSpec,
    /// The rule.
    pub rule: u16,
    /// What the class means.
    pub label: Text,
}

/// A gate that may be waived.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waivable {
    /// The rule.
    pub rule: u16,
    /// By whom.
    pub roles: Vec<Role>,
}
