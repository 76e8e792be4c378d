//! The order's status: derived from facts, never written.

use serde::{Deserialize, Serialize};

use super::Order;
use super::quote::QuoteStanding;

/// Where an order stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Known, not registered: only entries of a later kind have arrived.
    Unknown,
    /// 已登記.
    Registered,
    /// 不受理.
    Refused,
    /// 已受理.
    Accepted,
    /// 已派工.
    Assigned,
    /// 已預約.
    Booked,
    /// 前往中.
    OnTheWay,
    /// 已到場.
    OnSite,
    /// 待住戶同意: a quote is open.
    Quoted,
    /// 住戶不同意報價.
    QuoteRefused,
    /// 施工中.
    Working,
    /// 暫停.
    Paused,
    /// 已完工, not signed yet.
    Finished,
    /// 改期: the visit was called off or the resident was not there, and a new window is needed.
    ToRebook,
    /// 未解決: closed without a next date.
    Unsolved,
    /// 待審核: signed off, waits for the supervisor.
    SignedOff,
    /// 退回補正: items sent back.
    Returned,
    /// 已審核.
    Approved,
    /// 作廢.
    Void,
}

impl Status {
    /// All, in the order of the procedure.
    pub const ALL: [Self; 19] = [
        Self::Unknown,
        Self::Registered,
        Self::Refused,
        Self::Accepted,
        Self::Assigned,
        Self::Booked,
        Self::OnTheWay,
        Self::OnSite,
        Self::Quoted,
        Self::QuoteRefused,
        Self::Working,
        Self::Paused,
        Self::Finished,
        Self::ToRebook,
        Self::Unsolved,
        Self::SignedOff,
        Self::Returned,
        Self::Approved,
        Self::Void,
    ];

    /// The status's name in data and addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Registered => "registered",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Assigned => "assigned",
            Self::Booked => "booked",
            Self::OnTheWay => "on_the_way",
            Self::OnSite => "on_site",
            Self::Quoted => "quoted",
            Self::QuoteRefused => "quote_refused",
            Self::Working => "working",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::ToRebook => "to_rebook",
            Self::Unsolved => "unsolved",
            Self::SignedOff => "signed_off",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Void => "void",
        }
    }

    /// Reads a status's name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether a visit was agreed and the technician has still something to do at it.
    #[must_use]
    pub fn is_unfinished_visit(self) -> bool {
        matches!(
            self,
            Self::Booked
                | Self::OnTheWay
                | Self::OnSite
                | Self::Quoted
                | Self::QuoteRefused
                | Self::Working
                | Self::Paused
                | Self::Finished
                | Self::Returned
        )
    }

    /// Whether nothing more is expected of anybody.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Refused | Self::Approved | Self::Void)
    }
}

impl Order {
    /// Where the order stands, from its facts.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.void.is_some() {
            return Status::Void;
        }
        if self.review.approved.is_some() {
            return Status::Approved;
        }
        if self.review.returned.values().any(|item| item.corrected.is_none()) {
            return Status::Returned;
        }
        if self.latest_sign_off.is_some() {
            return Status::SignedOff;
        }
        self.visit_status().unwrap_or_else(|| self.desk_status())
    }

    fn visit_status(&self) -> Option<Status> {
        let (_, visit) = self.visit()?;
        Some(if let Some(unsolved) = &visit.unsolved {
            if unsolved.next_visit.is_some() { Status::ToRebook } else { Status::Unsolved }
        } else if visit.is_over() {
            Status::ToRebook
        } else if visit.finished.is_some() {
            Status::Finished
        } else if visit.paused.is_some() {
            Status::Paused
        } else if let Some(status) = self.money_status() {
            status
        } else if visit.started.is_some() {
            Status::Working
        } else if visit.arrived.is_some() {
            Status::OnSite
        } else if visit.set_out.is_some() {
            Status::OnTheWay
        } else {
            Status::Booked
        })
    }

    fn money_status(&self) -> Option<Status> {
        match self.quote_standing() {
            QuoteStanding::Open(_) => Some(Status::Quoted),
            QuoteStanding::Refused(_) => Some(Status::QuoteRefused),
            QuoteStanding::None | QuoteStanding::Agreed(_) => None,
        }
    }

    fn desk_status(&self) -> Status {
        match (&self.assignment, &self.answer, &self.intake) {
            (_, Some(answer), _) if !answer.accepted => Status::Refused,
            (Some(_), _, _) => Status::Assigned,
            (None, Some(_), _) => Status::Accepted,
            (None, None, Some(_)) => Status::Registered,
            (None, None, None) => Status::Unknown,
        }
    }
}
