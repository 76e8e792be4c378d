//! What the phone reports of itself: how it opened, who it is, what a sync did and how sync stands.

use doorstep_core::domain::person::Actor;
use doorstep_core::phone::{DamageReport, Enrolment, OpenReport, SyncReport, SyncStatus};

use crate::records::Moment;
use crate::words::StaffRole;

/// What opening found.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's OpenReport")]
pub struct OpenedAs {
    pub is_fresh: bool,
    pub migrated_from: Option<u32>,
    pub damage: Option<DamageFound>,
}

impl From<OpenReport> for OpenedAs {
    fn from(report: OpenReport) -> Self {
        let OpenReport { is_fresh, migrated_from, damage } = report;
        Self { is_fresh, migrated_from, damage: damage.map(Into::into) }
    }
}

/// What became of a damaged file. It is never deleted.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's DamageReport")]
pub struct DamageFound {
    pub why: String,
    pub moved_to: String,
    pub identity_kept: bool,
    pub salvaged: u64,
    pub exported_to: Option<String>,
}

impl From<DamageReport> for DamageFound {
    fn from(report: DamageReport) -> Self {
        let DamageReport { why, moved_to, identity_kept, salvaged, exported_to } = report;
        Self {
            why,
            moved_to: moved_to.display().to_string(),
            identity_kept,
            salvaged,
            exported_to: exported_to.map(|path| path.display().to_string()),
        }
    }
}

/// Who this phone is.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's Enrolment")]
pub struct EnrolledAs {
    pub server: String,
    pub org: String,
    pub person: String,
    pub role: StaffRole,
    pub device: String,
}

impl From<Enrolment> for EnrolledAs {
    fn from(enrolment: Enrolment) -> Self {
        let Enrolment { server, org, actor: Actor { person, role }, device } = enrolment;
        Self {
            server,
            org: org.to_string(),
            person: person.to_string(),
            role: role.into(),
            device: device.to_string(),
        }
    }
}

/// What a sync did.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's SyncReport")]
pub struct SyncOutcome {
    pub requests: u32,
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub entries_sent: u64,
    pub orders_changed: u64,
    pub parked: u64,
    pub unread: Vec<String>,
    pub forked: bool,
    pub more: bool,
    /// It was cancelled: what is above was done before.
    pub cancelled: bool,
}

impl SyncOutcome {
    pub(crate) fn of(report: SyncReport, cancelled: bool) -> Self {
        let SyncReport { requests, bytes_up, bytes_down, entries_sent, orders_changed, parked, .. } = report;
        let SyncReport { unread, forked, more, .. } = report;
        Self {
            requests,
            bytes_up,
            bytes_down,
            entries_sent,
            orders_changed,
            parked,
            unread,
            forked,
            more,
            cancelled,
        }
    }
}

/// How sync stands.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's SyncStatus")]
pub struct SyncState {
    pub waiting: u64,
    pub oldest_unsent_age_ms: Option<u64>,
    pub parked: u64,
    pub last_complete: Option<Moment>,
    pub must_sign_in: bool,
    pub skew_ms: Option<i64>,
    pub cursor: u64,
    /// How much is on the phone: `nothing`, `today`, `coming` or `everything`.
    pub loaded: String,
}

impl From<SyncStatus> for SyncState {
    fn from(status: SyncStatus) -> Self {
        let SyncStatus {
            waiting,
            oldest_unsent_age_ms,
            parked,
            last_complete,
            must_sign_in,
            skew_ms,
            cursor,
            loaded,
        } = status;
        let last_complete = last_complete.map(Into::into);
        let loaded = loaded.code().to_owned();
        Self { waiting, oldest_unsent_age_ms, parked, last_complete, must_sign_in, skew_ms, cursor, loaded }
    }
}
