//! Plain records that cross in both directions: times, money, forms, strokes, and an order in a list.

use doorstep_core::domain::money::{Currency, Money};
use doorstep_core::domain::order::intake::Intake;
use doorstep_core::domain::seal::ink::{InkPoint, Stroke};
use doorstep_core::domain::time::{Stamp, Window};
use doorstep_core::phone::OrderCard;

use crate::failure::DoorstepException;
use crate::words::{Channel, OrderPart, OrderStatus, Triage};

/// A point in time: UTC and the offset of the place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, uniffi::Record)]
pub struct Moment {
    /// Milliseconds since 1970, UTC.
    pub utc_ms: i64,
    /// Minutes east of UTC.
    pub offset_min: i16,
}

impl From<Moment> for Stamp {
    fn from(Moment { utc_ms, offset_min }: Moment) -> Self {
        Self { utc_ms, offset_min }
    }
}

impl From<Stamp> for Moment {
    fn from(Stamp { utc_ms, offset_min }: Stamp) -> Self {
        Self { utc_ms, offset_min }
    }
}

/// A window agreed with the resident.
#[derive(Clone, Copy, PartialEq, Eq, Debug, uniffi::Record)]
pub struct TimeWindow {
    /// Its start.
    pub start: Moment,
    /// Its end.
    pub end: Moment,
}

impl From<TimeWindow> for Window {
    fn from(TimeWindow { start, end }: TimeWindow) -> Self {
        Self { start: start.into(), end: end.into() }
    }
}

impl From<Window> for TimeWindow {
    fn from(Window { start, end }: Window) -> Self {
        Self { start: start.into(), end: end.into() }
    }
}

/// An amount in hundredths, with the currency's ISO code.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct MoneyAmount {
    /// Hundredths.
    pub minor: i64,
    /// `CNY`, `HKD`, `TWD` or `MOP`.
    pub currency: String,
}

impl From<Money> for MoneyAmount {
    fn from(Money { minor, currency }: Money) -> Self {
        Self { minor, currency: currency.code().to_owned() }
    }
}

impl MoneyAmount {
    pub(crate) fn read(self) -> Result<Money, DoorstepException> {
        let Self { minor, currency } = self;
        let known = Currency::from_code(&currency);
        known
            .map(|known| Money::new(minor, known))
            .ok_or_else(|| DoorstepException::bad(format!("no currency {currency}")))
    }
}

/// A registration to fill in (R2, R4).
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's Intake")]
pub struct IntakeForm {
    pub unit: String,
    pub resident: String,
    pub phone: String,
    pub company: String,
    pub reporter: String,
    pub fault: String,
    pub symptom: String,
    pub work_type: String,
    pub wished: Option<TimeWindow>,
    pub channel: Channel,
    pub triage: Triage,
    pub tags: Vec<String>,
    pub access: String,
    pub remark: String,
}

impl From<IntakeForm> for Intake {
    fn from(form: IntakeForm) -> Self {
        let IntakeForm {
            unit,
            resident,
            phone,
            company,
            reporter,
            fault,
            symptom,
            work_type,
            wished,
            channel,
            triage,
            tags,
            access,
            remark,
        } = form;
        Self {
            unit,
            resident,
            phone,
            company,
            reporter,
            fault,
            symptom,
            work_type,
            wished: wished.map(Into::into),
            channel: channel.into(),
            triage: triage.into(),
            tags,
            access,
            remark,
        }
    }
}

impl From<Intake> for IntakeForm {
    fn from(form: Intake) -> Self {
        let Intake {
            unit,
            resident,
            phone,
            company,
            reporter,
            fault,
            symptom,
            work_type,
            wished,
            channel,
            triage,
            tags,
            access,
            remark,
        } = form;
        Self {
            unit,
            resident,
            phone,
            company,
            reporter,
            fault,
            symptom,
            work_type,
            wished: wished.map(Into::into),
            channel: channel.into(),
            triage: triage.into(),
            tags,
            access,
            remark,
        }
    }
}

/// A thing taken away (R74).
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct ThingTaken {
    /// What it is.
    pub name: String,
    /// Its serial number.
    pub serial: String,
}

/// A part of an order sent back, and what is wrong with it (R160).
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct PartReturned {
    /// Which part.
    pub part: OrderPart,
    /// What is wrong with it.
    pub note: String,
}

/// One sample of the pen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, uniffi::Record)]
pub struct PenPoint {
    /// Tenths of a pixel from the left.
    pub x: i32,
    /// Tenths of a pixel from the top.
    pub y: i32,
    /// Milliseconds since the first touch.
    pub t_ms: u32,
    /// 0 to 255; 128 where the screen gives none.
    pub pressure: u8,
}

pub(crate) fn strokes(lines: Vec<Vec<PenPoint>>) -> Vec<Stroke> {
    let point = |PenPoint { x, y, t_ms, pressure }| InkPoint { x, y, t: t_ms, pressure };
    lines.into_iter().map(|line| line.into_iter().map(point).collect()).collect()
}

/// An order in a list.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's OrderCard")]
pub struct OrderSummary {
    pub order: String,
    pub number: Option<String>,
    pub status: OrderStatus,
    pub unit: String,
    pub resident: String,
    pub fault: String,
    pub work_type: String,
    pub window: Option<TimeWindow>,
    pub technician: Option<String>,
    pub waiting_to_send: u32,
    pub has_conflict: bool,
    pub is_departing: bool,
}

impl From<OrderCard> for OrderSummary {
    fn from(card: OrderCard) -> Self {
        let OrderCard {
            order,
            number,
            status,
            unit,
            resident,
            fault,
            work_type,
            window,
            technician,
            waiting_to_send,
            has_conflict,
            is_departing,
        } = card;
        Self {
            order: order.to_string(),
            number,
            status: status.into(),
            unit,
            resident,
            fault,
            work_type,
            window: window.map(Into::into),
            technician: technician.map(|person| person.0),
            waiting_to_send,
            has_conflict,
            is_departing,
        }
    }
}
