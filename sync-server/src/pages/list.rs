//! The list of orders: which are shown, in what order, and the page model. Odd ones float up with a plain reason.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::{OrderId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::time::Stamp;

use super::attention::{Flag, Weight, flags};
use super::frame::Frame;
use super::words::names::Names;
use super::words::ui::ui;
use super::words::{flags as flag_words, labels, when};
use crate::storage::StoredOrder;

/// Rows on one page of the list; odd ones are always all on the first.
pub const PAGE_ROWS: usize = 100;

/// Which orders to show by status.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// Every order.
    All,
    /// Orders of any status with something odd.
    Odd,
    /// Those of one status.
    Status(Status),
}

impl Shown {
    /// What the list opens with: signed off, waiting for the supervisor.
    pub const FIRST: Self = Self::Status(Status::SignedOff);

    /// The name in addresses and forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Odd => "odd",
            Self::Status(status) => status.code(),
        }
    }

    /// Reads a name; anything unknown is the first view.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "all" => Self::All,
            "odd" => Self::Odd,
            code => Status::from_code(code).map_or(Self::FIRST, Self::Status),
        }
    }
}

/// What the supervisor asked to see. The search text may be a name: it is never in an address and never logged.
#[derive(Clone, Debug)]
pub struct Query {
    /// By status.
    pub shown: Shown,
    /// Search text.
    pub text: String,
    /// By technician.
    pub technician: Option<PersonId>,
    /// By day of the visit.
    pub day: Option<NaiveDate>,
    /// Page from 0.
    pub page: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self { shown: Shown::FIRST, text: String::new(), technician: None, day: None, page: 0 }
    }
}

impl Query {
    /// Whether anything narrows the list beside the status.
    #[must_use]
    pub fn narrows(&self) -> bool {
        !self.text.trim().is_empty() || self.technician.is_some() || self.day.is_some()
    }
}

/// A filter chip.
pub struct Chip {
    /// The name in addresses and forms.
    pub code: &'static str,
    /// What it says.
    pub label: &'static str,
    /// How many orders it shows.
    pub count: u64,
    /// Whether it is the one shown.
    pub current: bool,
}

/// A reason beside an order.
pub struct Pill {
    /// `alert`, `warn` or `note`.
    pub class: &'static str,
    /// The reason.
    pub text: String,
}

impl Pill {
    /// The pill of a flag.
    #[must_use]
    pub fn of(flag: &Flag, names: &Names<'_>) -> Self {
        let class = match flag.weight() {
            Weight::Alert => "alert",
            Weight::Warn => "warn",
            Weight::Note => "note",
        };
        Self { class, text: flag_words::text(flag, names.lang) }
    }
}

/// A row of the list.
pub struct Row {
    /// The order.
    pub id: OrderId,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// The status's name, for its colour.
    pub status_code: &'static str,
    /// The status in words.
    pub status: &'static str,
    /// How long it has been waiting for the supervisor.
    pub waiting: Option<String>,
    /// The unit.
    pub unit: String,
    /// The resident.
    pub resident: String,
    /// What is to be repaired.
    pub fault: String,
    /// The kind of work.
    pub work_type: String,
    /// The technician's name.
    pub technician: String,
    /// The agreed window.
    pub window: String,
    /// Reasons for a second look.
    pub pills: Vec<Pill>,
    /// Whether the loudest reason is an alert.
    pub alert: bool,
}

/// A technician to filter by.
pub struct Choice {
    /// The staff code.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether this one is chosen.
    pub current: bool,
}

/// The list page.
#[derive(askama::Template)]
#[template(path = "list.html")]
pub struct ListPage {
    frame: Frame,
    chips: Vec<Chip>,
    /// Whether chips must carry search text and technician along, which only a form may.
    chips_post: bool,
    query: QueryView,
    technicians: Vec<Choice>,
    odd: Vec<Row>,
    plain: Vec<Row>,
    /// Whether the view splits into odd and plain.
    splits: bool,
    earlier: Option<usize>,
    later: Option<usize>,
}

struct QueryView {
    code: &'static str,
    text: String,
    day: String,
    narrows: bool,
}

/// Everything the list is made of.
pub struct Source<'a> {
    /// The orders that match the query but for its status, as far as they were loaded.
    pub orders: &'a [StoredOrder],
    /// How many orders of each status match, loaded or not.
    pub counts: &'a [(Status, u64)],
    /// Everybody an order can be assigned to.
    pub technicians: &'a [PersonId],
    /// The firm's rules.
    pub rulebook: &'a Rulebook,
    /// Names and language.
    pub names: Names<'a>,
    /// The present.
    pub now: Stamp,
}

struct Looked<'a> {
    id: OrderId,
    order: &'a Order,
    status: Status,
    flags: Vec<Flag>,
}

impl Looked<'_> {
    fn weight(&self) -> Weight {
        self.flags.first().map_or(Weight::Note, Flag::weight)
    }

    fn is_odd(&self) -> bool {
        self.weight() >= Weight::Warn
    }

    /// Since when it waits, as far as the status knows.
    fn since(&self) -> Option<Stamp> {
        match self.status {
            Status::SignedOff => self.order.sign_off().map(|sign_off| sign_off.mark.at),
            Status::Registered => self.order.registered.as_ref().map(|mark| mark.at),
            _ => self.order.current_window().map(|window| window.start),
        }
    }
}

/// The order that a supervisor reviews next: the oddest of those waiting, `after` left out.
#[must_use]
pub fn next_to_review(source: &Source<'_>, after: OrderId) -> Option<OrderId> {
    let mut waiting = look(source);
    waiting.retain(|looked| looked.status == Status::SignedOff && looked.id != after);
    sort(&mut waiting);
    waiting.first().map(|looked| looked.id)
}

impl ListPage {
    /// Makes the list page.
    #[must_use]
    pub fn new(frame: Frame, source: &Source<'_>, query: &Query) -> Self {
        let mut looked = look(source);
        let chips = chips(&looked, query.shown, source);
        looked.retain(|one| match query.shown {
            Shown::All => true,
            Shown::Odd => one.is_odd(),
            Shown::Status(status) => one.status == status,
        });
        sort(&mut looked);
        let (odd, plain): (Vec<_>, Vec<_>) = looked.iter().partition(|one| one.is_odd());
        let row = |looked: &&Looked<'_>| row(looked, source);
        let from = query.page.saturating_mul(PAGE_ROWS);
        let later = plain.len() > from.saturating_add(PAGE_ROWS);
        Self {
            chips,
            chips_post: !query.text.trim().is_empty() || query.technician.is_some(),
            query: QueryView {
                code: query.shown.code(),
                text: query.text.clone(),
                day: query.day.map(|day| day.to_string()).unwrap_or_default(),
                narrows: query.narrows(),
            },
            technicians: technicians(source, query),
            odd: if query.page == 0 { odd.iter().map(row).collect() } else { Vec::new() },
            plain: plain.iter().skip(from).take(PAGE_ROWS).map(row).collect(),
            splits: query.shown != Shown::Odd,
            earlier: query.page.checked_sub(1),
            later: later.then(|| query.page.saturating_add(1)),
            frame,
        }
    }

    fn nothing(&self) -> bool {
        self.odd.is_empty() && self.plain.is_empty()
    }
}

fn look<'a>(source: &Source<'a>) -> Vec<Looked<'a>> {
    let one = |stored: &'a StoredOrder| Looked {
        id: stored.id,
        order: &stored.order,
        status: stored.order.status(),
        flags: flags(&stored.order, source.rulebook, source.now),
    };
    source.orders.iter().map(one).collect()
}

/// The loudest first, then those with more to say, then those that wait longest.
fn sort(looked: &mut [Looked<'_>]) {
    looked.sort_by_key(|one| {
        let loud = one.flags.iter().filter(|flag| flag.weight() == one.weight()).count();
        let loudness = if one.is_odd() { (one.weight(), loud) } else { (Weight::Note, 0) };
        (Reverse(loudness), one.since(), one.id)
    });
}

fn chips(looked: &[Looked<'_>], shown: Shown, source: &Source<'_>) -> Vec<Chip> {
    let lang = source.names.lang;
    let chip =
        |which: Shown, label, count| Chip { code: which.code(), label, count, current: which == shown };
    let counts: BTreeMap<Status, u64> = source.counts.iter().copied().collect();
    let count = |status: Status| counts.get(&status).copied().unwrap_or_default();
    let odd = looked.iter().map(|one| u64::from(one.is_odd())).sum();
    let mut chips = vec![
        chip(Shown::FIRST, labels::status(Status::SignedOff, lang), count(Status::SignedOff)),
        chip(Shown::Odd, ui(lang).odd_everywhere, odd),
    ];
    for status in Status::ALL.into_iter().filter(|status| *status != Status::SignedOff) {
        // A status without orders is no filter, but the one being looked at stays visible.
        if count(status) > 0 || shown == Shown::Status(status) {
            chips.push(chip(Shown::Status(status), labels::status(status, lang), count(status)));
        }
    }
    chips.push(chip(Shown::All, ui(lang).all, counts.values().sum()));
    chips
}

fn technicians(source: &Source<'_>, query: &Query) -> Vec<Choice> {
    let choice = |id: &PersonId| Choice {
        id: id.to_string(),
        name: source.names.person(id),
        current: query.technician.as_ref() == Some(id),
    };
    source.technicians.iter().map(choice).collect()
}

fn row(looked: &Looked<'_>, source: &Source<'_>) -> Row {
    let (order, lang) = (looked.order, source.names.lang);
    let intake = order.intake.as_ref();
    let waits = matches!(looked.status, Status::SignedOff | Status::Registered);
    let since = looked.since().filter(|_| waits).map(|at| source.now.minutes_since(at)).filter(|m| *m >= 0);
    let technician = order.assignment.as_ref().map(|assignment| source.names.person(&assignment.technician));
    let window = order.current_window();
    Row {
        id: looked.id,
        number: order.number.clone(),
        status_code: looked.status.code(),
        status: labels::status(looked.status, lang),
        waiting: since.map(|minutes| when::about(minutes, lang)),
        unit: intake.map(|i| i.unit.clone()).unwrap_or_default(),
        resident: intake.map(|i| i.resident.clone()).unwrap_or_default(),
        fault: order.field(SharedField::Fault).to_owned(),
        work_type: labels::work_type(order.work_type(), lang).to_owned(),
        technician: technician.unwrap_or_default(),
        window: window.map(|window| when::window(window, source.now, lang)).unwrap_or_default(),
        pills: looked.flags.iter().map(|flag| Pill::of(flag, &source.names)).collect(),
        alert: looked.weight() == Weight::Alert,
    }
}
