//! The order's story: every entry in the server's order, every fact in plain words, who, when, and from where.

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::FactId;

use super::{Logged, Reading};
use crate::pages::words::facts::sentence;
use crate::pages::words::ui::ui;
use crate::pages::words::{labels, when};
use doorstep_core::domain::person::SERVER;

/// One entry, or a run of ticks of one person.
pub(super) struct Moment {
    /// Device time.
    pub at: String,
    /// The same, for machines.
    pub datetime: String,
    /// The person.
    pub who: String,
    /// Their role; empty for the server itself.
    pub role: &'static str,
    /// Phone or office.
    pub origin: &'static str,
    /// Whether it came from a phone.
    pub phone: bool,
    /// The facts in words; the flagged ones are marked.
    pub facts: Vec<Told>,
    /// Why it does not count, when it is only kept.
    pub parked: Option<String>,
    /// How far the clock was off, and how much later it was sent.
    pub remarks: Vec<String>,
    /// Nothing but checklist answers and photos: shown close together.
    pub routine: bool,
}

/// A fact in words.
pub(super) struct Told {
    /// The hour, in a run of ticks.
    pub hour: String,
    /// The sentence.
    pub text: String,
    /// Whether something about it was flagged.
    pub flagged: bool,
}

/// A phone's clock this far off is worth a remark.
const CLOCK_OFF_MS: u64 = 120_000;
/// An entry sent this many minutes after it was made was recorded without network.
const SENT_LATER_MIN: i64 = 5;

pub(super) fn moments(reading: &Reading<'_>) -> Vec<Moment> {
    let mut moments: Vec<Moment> = Vec::with_capacity(reading.log.len());
    for logged in reading.log {
        let moment = moment(logged, reading);
        match moments.last_mut().filter(|last| last.goes_on_with(&moment)) {
            Some(last) => last.facts.extend(moment.facts),
            None => moments.push(moment),
        }
    }
    moments
}

impl Moment {
    fn goes_on_with(&self, next: &Self) -> bool {
        let same = self.who == next.who && self.phone == next.phone && self.remarks == next.remarks;
        same && self.routine && next.routine
    }
}

fn moment(logged: &Logged, reading: &Reading<'_>) -> Moment {
    let (entry, lang) = (&logged.entry, reading.lang());
    let ui = ui(lang);
    let phone = logged.device.is_some();
    let mut remarks = Vec::new();
    if let Some(skew) = entry.skew_ms.filter(|skew| skew.unsigned_abs() > CLOCK_OFF_MS) {
        let minutes = i64::try_from(skew.unsigned_abs() / 60_000).unwrap_or(i64::MAX);
        remarks.push(format!("{} {}", ui.clock_off, when::length(minutes, lang)));
    }
    if phone && logged.received.minutes_since(entry.at) >= SENT_LATER_MIN {
        remarks.push(format!("{}{}", ui.sent_later, reading.moment(logged.received)));
    }
    let flagged = |id| reading.order.concerns.iter().any(|concern| concern.fact == id);
    let told = |(index, fact): (u16, &Fact)| Told {
        hour: when::hour(entry.at),
        text: sentence(fact, &reading.telling()),
        flagged: flagged(FactId(entry.id, index)),
    };
    let mut facts: Vec<Told> = (0_u16..).zip(&entry.facts).map(told).collect();
    if let Some(number) = &logged.number {
        let text = sentence(&Fact::Numbered(number.clone()), &reading.telling());
        facts.push(Told { hour: when::hour(entry.at), text, flagged: false });
    }
    let tick = |fact: &Fact| matches!(fact, Fact::ItemAnswered(_) | Fact::PhotoTaken { .. });
    let plain = entry.facts.iter().all(tick) && !facts.iter().any(|fact| fact.flagged);
    let parked = logged.parked.clone();
    let own = entry.actor.person.as_str() == SERVER;
    Moment {
        at: reading.moment(entry.at),
        datetime: entry.at.to_string(),
        who: reading.names.person(&entry.actor.person),
        role: if own { "" } else { labels::role(entry.actor.role, lang) },
        origin: if own {
            ""
        } else if phone {
            ui.from_device
        } else {
            ui.from_office
        },
        phone,
        routine: plain && parked.is_none(),
        facts,
        parked: parked.map(|why| format!("{}{}", ui.not_counted, labels::parked(why, lang))),
        remarks,
    }
}
