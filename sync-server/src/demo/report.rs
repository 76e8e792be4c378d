//! What the demo did and what it cost, for people and as one JSON line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use doorstep_core::domain::order::status::Status;
use doorstep_core::phone::SyncReport;
use serde_json::json;

use super::DemoError;
use super::device::Cost;
use super::office::Firm;
use super::plan::Job;

/// What happened.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The day that was played, as people write it.
    pub(super) date: String,
    pub(super) jobs: Vec<Job>,
    /// The technicians' phones: the first sync in the morning, and the one after the day.
    pub(super) first: Vec<Cost>,
    pub(super) sync: Vec<Cost>,
    pub(super) photos: u32,
    /// Photos the server does not have at the end.
    pub(super) photos_waiting: u64,
    /// Entries that waited on the technicians' phones when the day was over.
    pub(super) entries: u64,
    /// Entries that wait on any device at the end.
    pub(super) still_waiting: u64,
    /// Orders of any device that are not what its records and the server's state make.
    pub(super) differing_views: usize,
    pub(super) total_ms: u128,
}

impl Report {
    /// One line for programs: the sync after the day, all phones together.
    pub(super) async fn json(&self, firm: &Firm) -> Result<String, DemoError> {
        let sum = |each: fn(&SyncReport) -> u64| self.sync.iter().map(|cost| each(&cost.report)).sum::<u64>();
        let statuses = statuses(firm).await?;
        let statuses: BTreeMap<&str, usize> = statuses.iter().map(|(s, n)| (s.code(), *n)).collect();
        let phones: Vec<_> = self.sync.iter().map(one_phone).collect();
        Ok(json!({
            "org": firm.org,
            "orders": statuses.values().sum::<usize>(),
            "phones": phones.len(),
            "entries": self.entries,
            "photos": self.photos,
            "photos_waiting": self.photos_waiting,
            "requests": sum(|r| u64::from(r.requests)),
            "bytes_up": sum(|r| r.bytes_up),
            "bytes_down": sum(|r| r.bytes_down),
            "ms": self.sync.iter().map(|cost| cost.ms).sum::<f64>(),
            "parked": sum(|r| r.parked),
            "refused": self.jobs.iter().filter(|job| job.refused.is_some()).count(),
            "still_waiting": self.still_waiting,
            "differing_views": self.differing_views,
            "statuses": statuses,
            "each_phone": phones,
            "total_ms": u64::try_from(self.total_ms).unwrap_or(u64::MAX),
        })
        .to_string())
    }

    /// For people.
    pub(super) async fn text(&self, firm: &Firm) -> Result<String, DemoError> {
        let mut text = format!("{}\nIts files: {}.\n", firm.name, firm.files);
        if self.jobs.is_empty() {
            text.push_str("Nothing is played: there is no new registration, or there was a day in this folder before.\n");
        } else {
            let phones = self.sync.len();
            let _ = writeln!(text, "\n{}, {phones} phone(s) without network:", self.date);
            self.stories(firm, &mut text).await?;
            let _ = writeln!(text, "{} entries were saved on the phones, and none was sent.", self.entries);
            let _ = writeln!(text, "\nBack online:");
            for cost in &self.sync {
                let _ = writeln!(text, "  {}", cost_in_words(cost));
            }
            let first: Vec<String> =
                self.first.iter().map(|cost| cost.report.bytes_down.to_string()).collect();
            let _ =
                writeln!(text, "  (their first sync, in the morning, brought {} bytes)", first.join(" and "));
        }
        let list: Vec<String> =
            statuses(firm).await?.iter().map(|(status, n)| format!("{n} {}", words(*status))).collect();
        let _ = writeln!(text, "\nOn the server: {}.", list.join(", "));
        let _ = writeln!(
            text,
            "Still waiting on a phone: {}. Kept apart by the server: {}. Orders that differ: {}.\n",
            self.still_waiting,
            self.sync.iter().map(|cost| cost.report.parked).sum::<u64>(),
            self.differing_views
        );
        Ok(text)
    }

    /// A line for each order.
    async fn stories(&self, firm: &Firm, text: &mut String) -> Result<(), DemoError> {
        let stored = firm.stored().await?;
        for job in &self.jobs {
            let order = stored.iter().find(|stored| stored.id == job.id).map(|stored| &stored.order);
            let number = order.and_then(|order| order.number.as_deref()).unwrap_or("-");
            let when = job.start.map_or(String::new(), |start| start.local().format("%H:%M").to_string());
            let when = if job.story.is_visited() { when } else { String::new() };
            let intake = &job.intake;
            let story = if job.refused.is_some() { "" } else { job.story.title() };
            let (unit, resident) = (padded(&intake.unit, 8), padded(&intake.resident, 14));
            let no = job.refused.as_ref().map_or(String::new(), |no| format!("stopped at {no}"));
            let _ = writeln!(text, "  {number:8}  {when:5}  {unit} {resident} {story}{no}");
        }
        Ok(())
    }
}

async fn statuses(firm: &Firm) -> Result<BTreeMap<Status, usize>, DemoError> {
    let mut statuses = BTreeMap::new();
    for stored in firm.stored().await? {
        *statuses.entry(stored.order.status()).or_default() += 1;
    }
    Ok(statuses)
}

fn one_phone(cost: &Cost) -> serde_json::Value {
    let report = &cost.report;
    json!({
        "entries": report.entries_sent,
        "requests": report.requests,
        "bytes_up": report.bytes_up,
        "bytes_down": report.bytes_down,
        "ms": cost.ms,
    })
}

fn cost_in_words(cost: &Cost) -> String {
    let report = &cost.report;
    format!(
        "{}: {} entries in {} request(s), {} bytes up, {} bytes down, {:.0} ms",
        cost.name, report.entries_sent, report.requests, report.bytes_up, report.bytes_down, cost.ms
    )
}

fn words(status: Status) -> String {
    status.code().replace('_', " ")
}

/// Text filled up to a width on the screen, where Chinese characters take two places.
fn padded(text: &str, width: usize) -> String {
    let taken: usize = text.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(taken)))
}
