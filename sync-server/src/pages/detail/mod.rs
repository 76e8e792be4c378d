//! The page of one order: everything a supervisor needs to approve it, send single items back or void it.

mod attention;
mod closing;
mod desk;
mod fields;
mod money;
mod panel;
mod papers;
mod reading;
mod signature;
mod timeline;
mod visit;

use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::closing::OrderPart;
use doorstep_core::domain::order::intake::SharedField;

pub(super) use self::attention::{field_code, item_value_sent};
pub use self::panel::Typed;
pub use self::reading::{Logged, Reading};
use super::attention::deadlines;
use super::frame::Frame;
use super::words::{labels, when};

/// The page of one order.
#[derive(askama::Template)]
#[template(path = "detail.html")]
pub struct DetailPage {
    frame: Frame,
    id: OrderId,
    number: Option<String>,
    status_code: &'static str,
    status: &'static str,
    unit: String,
    resident: String,
    fault: String,
    technician: String,
    window: String,
    next: Option<OrderId>,
    attention: attention::Attention,
    sections: Vec<Section>,
    registration: fields::Registration,
    appointment: visit::AppointmentSection,
    entitlement: visit::EntitlementSection,
    before: visit::ChecklistSection,
    after: visit::ChecklistSection,
    quotes: money::QuoteSection,
    parts: money::PartsSection,
    payment: money::PaymentSection,
    sign_off: closing::SignOffSection,
    notes: Vec<closing::NoteLine>,
    deadlines: Vec<DeadlineLine>,
    timeline: Vec<timeline::Moment>,
    panel: panel::Panel,
    papers: Vec<papers::PaperLine>,
    /// Where the copy of the sign-off is, once there is one.
    copy: Option<String>,
}

/// A line of the page's contents: one part of the order.
struct Section {
    anchor: &'static str,
    title: &'static str,
    /// What a supervisor sent back about it.
    returned: Vec<closing::ReturnedLine>,
}

struct DeadlineLine {
    /// The limit in words, with rule, calendar and days passed over.
    text: String,
    past: bool,
}

impl DetailPage {
    /// Makes the page. `next` is the order to review after this one; `typed` keeps what a refused form held.
    #[must_use]
    pub fn new(frame: Frame, reading: &Reading<'_>, next: Option<OrderId>, typed: Typed) -> Self {
        let (order, lang) = (reading.order, reading.lang());
        let intake = order.intake.as_ref();
        let technician = order.assignment.as_ref().map(|a| reading.names.person(&a.technician));
        let window = order.current_window();
        let title =
            format!("{} {}", frame.ui.order_no, order.number.as_deref().unwrap_or(frame.ui.no_number));
        Self {
            id: reading.id,
            number: order.number.clone(),
            status_code: order.status().code(),
            status: labels::status(order.status(), lang),
            unit: intake.map(|i| i.unit.clone()).unwrap_or_default(),
            resident: intake.map(|i| i.resident.clone()).unwrap_or_default(),
            fault: order.field(SharedField::Fault).to_owned(),
            technician: technician.unwrap_or_default(),
            window: window.map(|w| when::window(w, reading.now, lang)).unwrap_or_default(),
            next,
            attention: attention::Attention::new(reading),
            sections: sections(reading),
            registration: fields::Registration::new(reading),
            appointment: visit::AppointmentSection::new(reading),
            entitlement: visit::EntitlementSection::new(reading),
            before: visit::ChecklistSection::before(reading),
            after: visit::ChecklistSection::after(reading),
            quotes: money::QuoteSection::new(reading),
            parts: money::PartsSection::new(reading),
            payment: money::PaymentSection::new(reading),
            sign_off: closing::SignOffSection::new(reading),
            notes: closing::notes(reading),
            deadlines: deadline_lines(reading),
            timeline: timeline::moments(reading),
            panel: panel::Panel::new(reading, typed),
            papers: papers::papers(reading),
            copy: reading.order.latest_sign_off.map(|_| format!("/orders/{}/copy", reading.id)),
            frame: frame.titled(title),
        }
    }

    /// The section of one part, with what was sent back about it.
    fn section(&self, anchor: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.anchor == anchor)
    }
}

/// The name of a part in addresses and forms.
#[must_use]
pub fn part_code(part: OrderPart) -> &'static str {
    match part {
        OrderPart::Registration => "registration",
        OrderPart::Appointment => "appointment",
        OrderPart::Entitlement => "entitlement",
        OrderPart::BeforeChecklist => "before",
        OrderPart::Quote => "quote",
        OrderPart::Parts => "parts",
        OrderPart::AfterChecklist => "after",
        OrderPart::Payment => "payment",
        OrderPart::SignOff => "sign-off",
    }
}

fn sections(reading: &Reading<'_>) -> Vec<Section> {
    let section = |part| Section {
        anchor: part_code(part),
        title: labels::order_part(part, reading.lang()),
        returned: closing::returned(reading, part),
    };
    OrderPart::ALL.into_iter().map(section).collect()
}

fn deadline_lines(reading: &Reading<'_>) -> Vec<DeadlineLine> {
    let running = deadlines(reading.order, reading.rulebook);
    let line = |limit: &doorstep_core::domain::deadline::Deadline| DeadlineLine {
        text: limit.explain(reading.lang()),
        past: limit.is_past(reading.now),
    };
    running.iter().map(line).collect()
}
