//! The order's story: every entry in the server's order, every fact in plain words, who, when, and from where.

use super::Reading;
use crate::pages::words::facts::sentence;
use crate::pages::words::ui::ui;
use crate::pages::words::{labels, when};

/// One entry.
pub(super) struct Moment {
    /// Device time.
    pub at: String,
    /// The same, for machines.
    pub datetime: String,
    /// The person.
    pub who: String,
    /// Their role.
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
}

/// A fact in words.
pub(super) struct Told {
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
    let ui = ui(reading.lang());
    let mut moments = Vec::with_capacity(reading.log.len());
    for logged in reading.log {
        let entry = &logged.entry;
        let phone = logged.device.is_some();
        let mut remarks = Vec::new();
        if let Some(skew) = entry.skew_ms.filter(|skew| skew.unsigned_abs() > CLOCK_OFF_MS) {
            let minutes = i64::try_from(skew.unsigned_abs() / 60_000).unwrap_or(i64::MAX);
            remarks.push(format!("{} {}", ui.clock_off, when::length(minutes, reading.lang())));
        }
        let delay = logged.received.minutes_since(entry.at);
        if phone && delay >= SENT_LATER_MIN {
            remarks.push(format!("{}{}", ui.sent_later, reading.moment(logged.received)));
        }
        let told = (0_u16..).zip(&entry.facts).map(|(index, fact)| {
            let id = doorstep_core::domain::ids::FactId(entry.id, index);
            Told {
                text: sentence(fact, &reading.telling()),
                flagged: reading.order.concerns.iter().any(|concern| concern.fact == id),
            }
        });
        moments.push(Moment {
            at: reading.moment(entry.at),
            datetime: entry.at.to_string(),
            who: reading.names.person(&entry.actor.person),
            role: labels::role(entry.actor.role, reading.lang()),
            origin: if phone { ui.from_device } else { ui.from_office },
            phone,
            facts: told.collect(),
            parked: logged.parked.as_ref().map(|why| format!("{}{}", ui.not_counted, labels::parked(why.clone(), reading.lang()))),
            remarks,
        });
    }
    moments
}
