//! Plain records: what a screen reads and what a form fills in.

use doorstep_core::domain::decide::Action;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::{Currency, Money, Quantity};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::Intake;
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::policy::ChecklistItem;
use doorstep_core::domain::seal::ink::{InkPoint, Stroke};
use doorstep_core::domain::time::{Stamp, Window};
use doorstep_core::phone::{OrderCard, OrderDetail};

use crate::failure::DoorstepException;
use crate::words::{Channel, ItemAnswer, ItemKind, Language, Phase, PhotoNeed, Triage};

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
        known.map(|known| Money::new(minor, known)).ok_or_else(|| DoorstepException::bad(format!("no currency {currency}")))
    }
}

/// A priced line.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct PriceLine {
    /// The price-list code, or empty.
    pub code: String,
    /// What it is.
    pub name: String,
    /// How much of it, in thousandths.
    pub quantity_thousandths: i64,
    /// Price of one.
    pub unit_price: MoneyAmount,
}

/// A quote to present (R66).
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct QuoteOffer {
    /// The lines.
    pub lines: Vec<PriceLine>,
    /// Taken off the sum.
    pub discount: MoneyAmount,
    /// Why it costs something.
    pub reason: String,
}

impl QuoteOffer {
    pub(crate) fn read(self) -> Result<QuoteTerms, DoorstepException> {
        let Self { lines, discount, reason } = self;
        let line = |PriceLine { code, name, quantity_thousandths, unit_price }| {
            let quantity = Quantity { thousandths: quantity_thousandths };
            Ok(QuoteLine { code, name, quantity, unit_price: unit_price.read()? })
        };
        let lines = lines.into_iter().map(line).collect::<Result<_, DoorstepException>>()?;
        Ok(QuoteTerms { lines, discount: discount.read()?, reason })
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
        let IntakeForm { unit, resident, phone, company, reporter, fault, symptom, work_type, .. } = form.clone();
        let IntakeForm { wished, channel, triage, tags, access, remark, .. } = form;
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
    pub status: String,
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
            status: status.code().to_owned(),
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

/// A kind of command, and why it may not be given now.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct ActionRecord {
    /// The command's name.
    pub command: String,
    /// Whether it may be given.
    pub allowed: bool,
    /// The rule that says no; 0 when it may.
    pub rule: u16,
    /// Why not, in the language asked for; empty when it may.
    pub why_not: String,
}

impl ActionRecord {
    pub(crate) fn of(action: &Action, lang: Lang) -> Self {
        let Action { kind, refusal } = action;
        Self {
            command: kind.code().to_owned(),
            allowed: refusal.is_none(),
            rule: refusal.as_ref().map_or(0, |refusal| refusal.rule),
            why_not: refusal.as_ref().map(|refusal| refusal.text(lang)).unwrap_or_default(),
        }
    }
}

/// A checklist item as the firm's pack has it, with the answer given on the current visit.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's ChecklistItem")]
pub struct CheckItem {
    pub item: String,
    pub phase: Phase,
    pub label: String,
    pub kind: ItemKind,
    pub required: bool,
    pub advisory: bool,
    pub photo: PhotoNeed,
    pub mismatch_on: Option<ItemAnswer>,
    pub step: Option<u8>,
    pub needs_consent: bool,
    pub rule: u16,
    pub answer: Option<ItemAnswer>,
}

impl CheckItem {
    pub(crate) fn of(item: &ChecklistItem, order: &Order, lang: Lang) -> Self {
        let ChecklistItem {
            id,
            phase,
            label,
            kind,
            required,
            advisory,
            photo,
            mismatch_on,
            step,
            needs_consent,
            rule,
        } = item.clone();
        let answered = order.visit().and_then(|(_, visit)| visit.answers.get(&id));
        Self {
            item: id.0,
            phase: phase.into(),
            label: label.get(lang).to_owned(),
            kind: kind.into(),
            required,
            advisory,
            photo: photo.into(),
            mismatch_on: mismatch_on.map(Into::into),
            step,
            needs_consent,
            rule,
            answer: answered.map(|answer| answer.value.clone().into()),
        }
    }
}

/// One thing in custody.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct Handling {
    /// Its id.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Serial or amount.
    pub serial: String,
    /// Who holds it.
    pub holder: String,
}

/// One order with everything a screen about it needs.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct OrderPage {
    /// Its id.
    pub order: String,
    /// Its number, once the server gave one.
    pub number: Option<String>,
    /// Its status, by name.
    pub status: String,
    /// The current visit's number; 0 when none was booked.
    pub visit: u16,
    /// What the resident agreed to pay.
    pub fee: MoneyAmount,
    /// What is paid.
    pub paid: MoneyAmount,
    /// Every kind of command: allowed, or why not.
    pub actions: Vec<ActionRecord>,
    /// The checklists for this kind of work.
    pub checklist: Vec<CheckItem>,
    /// What is in custody.
    pub custody: Vec<Handling>,
    /// Entries that wait to be sent.
    pub waiting: u32,
    /// It leaves this phone once everything is sent.
    pub is_departing: bool,
    /// The whole state as JSON, for screens that show more.
    pub state_json: String,
}

impl OrderPage {
    pub(crate) fn of(
        detail: &OrderDetail,
        policy: &doorstep_core::domain::policy::Policy,
        lang: Language,
    ) -> Result<Self, DoorstepException> {
        let OrderDetail { id, order, seq: _, actions, waiting, verdicts: _, is_departing } = detail;
        let lang = lang.into();
        let state_json =
            serde_json::to_string(order).map_err(|e| DoorstepException::Bug { text: e.to_string() })?;
        let held = order.open_custody().map(|(id, item)| Handling {
            id: id.to_string(),
            name: item.name.clone(),
            serial: item.serial.clone(),
            holder: item.holder.to_string(),
        });
        Ok(Self {
            order: id.to_string(),
            number: order.number.clone(),
            status: order.status().code().to_owned(),
            visit: order.visit_number(),
            fee: order.fee(policy.currency).into(),
            paid: order.paid(policy.currency).into(),
            actions: actions.iter().map(|action| ActionRecord::of(action, lang)).collect(),
            checklist: policy.items(order.work_type()).map(|item| CheckItem::of(item, order, lang)).collect(),
            custody: held.collect(),
            waiting: *waiting,
            is_departing: *is_departing,
            state_json,
        })
    }
}
