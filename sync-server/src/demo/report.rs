//! What happened in the demo and what it cost, for people and as one JSON line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::status::Status;
use doorstep_core::phone::{PhoneError, SyncReport};
use serde_json::json;

use super::DemoError;
use super::office::Firm;
use super::stories::Story;

/// What one sync of one phone cost.
#[derive(Clone, Debug)]
pub(super) struct Cost {
    name: String,
    report: SyncReport,
    ms: f64,
}

impl Cost {
    pub(super) fn of(
        name: &str,
        sync: impl FnOnce() -> Result<SyncReport, PhoneError>,
    ) -> Result<Self, DemoError> {
        let began = Instant::now();
        let report = sync()?;
        Ok(Self { name: name.to_owned(), report, ms: began.elapsed().as_secs_f64() * 1000.0 })
    }
}

/// What happened.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) first: Vec<Cost>,
    pub(super) sync: Vec<Cost>,
    pub(super) played: Vec<(OrderId, Story)>,
    pub(super) photos: u32,
    pub(super) entries: u64,
    pub(super) waiting: usize,
    pub(super) still_waiting: u64,
    pub(super) differing_views: usize,
    pub(super) total_ms: u128,
}

impl Report {
    async fn statuses(firm: &Firm) -> Result<BTreeMap<Status, usize>, DemoError> {
        let mut statuses = BTreeMap::new();
        for stored in firm.stored().await? {
            *statuses.entry(stored.order.status()).or_default() += 1;
        }
        Ok(statuses)
    }

    /// One line for programs: the sync after the day, all phones together.
    pub(super) async fn json(&self, firm: &Firm) -> Result<String, DemoError> {
        let sum = |each: fn(&SyncReport) -> u64| self.sync.iter().map(|cost| each(&cost.report)).sum::<u64>();
        let statuses = Self::statuses(firm).await?;
        let statuses: BTreeMap<&str, usize> = statuses.iter().map(|(s, n)| (s.code(), *n)).collect();
        Ok(json!({
            "org": firm.org,
            "orders": statuses.values().sum::<usize>(),
            "phones": self.sync.len(),
            "entries": self.entries,
            "photos": self.photos,
            "requests": sum(|r| u64::from(r.requests)),
            "bytes_up": sum(|r| r.bytes_up),
            "bytes_down": sum(|r| r.bytes_down),
            "ms": self.sync.iter().map(|cost| cost.ms).sum::<f64>(),
            "parked": sum(|r| r.parked),
            "still_waiting": self.still_waiting,
            "differing_views": self.differing_views,
            "statuses": statuses,
            "total_ms": u64::try_from(self.total_ms).unwrap_or(u64::MAX),
        })
        .to_string())
    }

    /// For people.
    pub(super) async fn text(&self, firm: &Firm) -> Result<String, DemoError> {
        let mut text = format!("{}\n\n", firm.name);
        let stored = firm.stored().await?;
        let _ =
            writeln!(text, "A day without network, {} entries on {} phones:", self.entries, self.sync.len());
        for (id, story) in &self.played {
            let Some(order) = stored.iter().find(|stored| stored.id == *id).map(|stored| &stored.order)
            else {
                continue;
            };
            let number = order.number.as_deref().unwrap_or("-");
            let unit = order.intake.as_ref().map_or("", |intake| &intake.unit);
            let _ = writeln!(text, "  {number}  {unit:<8} {}", story.title());
        }
        let _ = writeln!(text, "\nBack online:");
        for (label, costs) in [("first sync of the morning", &self.first), ("sync after the day", &self.sync)]
        {
            for cost in costs {
                let r = &cost.report;
                let _ = writeln!(
                    text,
                    "  {}: {label}: {} request(s), {} bytes up, {} bytes down, {:.1} ms, {} entries sent",
                    cost.name, r.requests, r.bytes_up, r.bytes_down, cost.ms, r.entries_sent
                );
            }
        }
        let statuses = Self::statuses(firm).await?;
        let list: Vec<String> = statuses.iter().map(|(s, n)| format!("{n} {}", s.code())).collect();
        let _ = writeln!(text, "\nOn the server: {}.", list.join(", "));
        let _ = writeln!(text, "Left unanswered for the office: {}.", self.waiting);
        let _ = writeln!(
            text,
            "Still waiting on phones: {}; views that differ from what was recorded: {}.\n",
            self.still_waiting, self.differing_views
        );
        Ok(text)
    }
}
