//! What lists show and search of an order: derived from its state, kept in the columns of `view_order`.

use chrono::{Datelike as _, NaiveDate};
use rusqlite::{CachedStatement, ToSql, params};

use crate::domain::ids::PersonId;
use crate::domain::order::Order;
use crate::domain::order::intake::SharedField;
use crate::domain::order::status::Status;
use crate::domain::time::Window;

/// The agenda of an order that is mine and open and has no window: it is shown every day.
pub(crate) const UNSCHEDULED: i32 = 0;

/// The columns of an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Columns {
    pub(crate) agenda: Option<i32>,
    pub(crate) window: Option<Window>,
    pub(crate) status: Status,
    pub(crate) conflict: bool,
    pub(crate) number: Option<String>,
    pub(crate) technician: Option<String>,
    pub(crate) unit: String,
    pub(crate) resident: String,
    pub(crate) fault: String,
    pub(crate) work_type: String,
    pub(crate) search: String,
}

impl Columns {
    /// The columns of an order, on the phone of `me`.
    pub(crate) fn of(order: &Order, me: Option<&PersonId>) -> Self {
        let status = order.status();
        let intake = order.intake.as_ref();
        let window = order.current_window();
        let is_mine = me.is_some_and(|me| order.is_assigned_to(me));
        let agenda = match window {
            Some(window) => Some(day_number(window.start.date())),
            None => (is_mine && !status.is_closed()).then_some(UNSCHEDULED),
        };
        Self {
            agenda,
            window,
            status,
            conflict: order.has_conflict(),
            number: order.number.clone(),
            technician: order.assignment.as_ref().map(|a| a.technician.0.clone()),
            unit: intake.map(|i| i.unit.clone()).unwrap_or_default(),
            resident: intake.map(|i| i.resident.clone()).unwrap_or_default(),
            fault: order.field(SharedField::Fault).to_owned(),
            work_type: order.work_type().to_owned(),
            search: order.search_text(),
        }
    }

    /// Runs a statement whose parameters 1 to 17 are the view's: three given, then these columns.
    pub(crate) fn run(
        &self,
        statement: &mut CachedStatement<'_>,
        key: &dyn ToSql,
        last_n: u64,
        gone: Option<u8>,
    ) -> rusqlite::Result<usize> {
        let (start, end) = (self.window.map(|w| w.start), self.window.map(|w| w.end));
        statement.execute(params![
            key,
            last_n,
            gone,
            self.agenda,
            start.map(|s| s.utc_ms),
            start.map(|s| s.offset_min),
            end.map(|s| s.utc_ms),
            end.map(|s| s.offset_min),
            self.status.code(),
            self.conflict,
            self.number,
            self.technician,
            self.unit,
            self.resident,
            self.fault,
            self.work_type,
            self.search,
        ])
    }
}

/// A day as the agenda counts it: from year 1. Days before it are no appointments.
pub(crate) fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce().max(1)
}
