//! The demo: an office's own files, a real server, real phones without network, a working day, and then they sync.

mod clock;
mod files;
mod hand;
mod handwriting;
mod office;
mod report;
mod stories;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::{HttpTransport, Phone, PhoneConfig, PhoneError, Trust};

use self::clock::WalkingClock;
use self::hand::Hand;
use self::office::Firm;
use self::report::{Cost, Report};
use self::stories::Story;
use crate::admin::import::ImportError;
use crate::error::{Failure, ServerError};
use crate::office::OfficeError;
use crate::storage::StorageError;

/// How to play the demo.
#[derive(Clone, Debug, Default)]
pub struct DemoOptions {
    /// The office's files; the shipped ones of 翠湖花園 when none are given.
    pub from: Option<PathBuf>,
    /// Where to keep server and phones; a folder that goes with the demo when none is given.
    pub data: Option<PathBuf>,
    /// The port of the page; 0 takes a free one.
    pub port: u16,
    /// Stop after the sync, without serving the page.
    pub once: bool,
    /// One JSON line of figures instead of the text.
    pub json: bool,
    /// One JSON line with address and login once the page is served, and nothing else.
    pub ready_json: bool,
}

/// Why the demo stopped.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The office's files have faults; the report of them.
    #[error("{0}")]
    Files(String),
    /// The firm has nobody of this kind.
    #[error("the firm's people have no {0}")]
    Nobody(&'static str),
    /// A tap was refused or could not be saved.
    #[error("{step}: {why}")]
    Step {
        /// The command.
        step: &'static str,
        /// Why.
        why: PhoneError,
    },
    /// The phone.
    #[error(transparent)]
    Phone(#[from] PhoneError),
    /// The server did not start.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The import.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The office.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// Adding people.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A part of the demo ended badly.
    #[error("the demo ended early: {0}")]
    Ended(String),
}

/// Plays the demo, prints what happened, and serves the page until it is interrupted.
///
/// # Errors
/// See [`DemoError`].
pub async fn run(options: DemoOptions) -> Result<(), DemoError> {
    let temporary = tempfile::tempdir()?;
    let data = options.data.clone().unwrap_or_else(|| temporary.path().to_owned());
    let firm = Firm::open(&options, &data).await?;
    let waiting = firm.assign().await?;
    let began = Instant::now();
    let (crew, report) = play_day(&firm, &data).await?;
    firm.edit_meanwhile(&crew.odd).await?;
    let report = come_online(crew, report).await?;
    firm.accept_handovers().await?;
    let report = Report { waiting, total_ms: began.elapsed().as_millis(), ..report };
    if options.json {
        println!("{}", report.json(&firm).await?);
    } else if !options.ready_json {
        print!("{}", report.text(&firm).await?);
    }
    if options.once {
        firm.running.shutdown().await;
        return Ok(());
    }
    if options.ready_json {
        println!("{}", firm.ready_json());
    } else {
        println!("{}", firm.invitation());
    }
    tokio::signal::ctrl_c().await?;
    firm.running.shutdown().await;
    Ok(())
}

/// The technicians after their day, still offline.
struct Crew {
    hands: Vec<Hand>,
    server_lines: Vec<HttpTransport>,
    odd: Vec<OrderId>,
}

/// The phones enrol and fetch their day, then lose the network and work through it.
async fn play_day(firm: &Firm, data: &std::path::Path) -> Result<(Crew, Report), DemoError> {
    let rulebook = Arc::new(firm.rulebook.clone());
    let now = crate::state::now(&rulebook);
    let day = clock::working_day(&rulebook, now);
    let opening = clock::opening(&rulebook, day);
    let next = clock::opening(&rulebook, rulebook.calendar.add_working_days(day, 2)).plus_minutes(60);
    let mut plans = Vec::new();
    for (technician, jobs) in firm.plan() {
        let code = crate::admin::enrol_code(&firm.running.state, &firm.org, &technician.code).await?.1;
        plans.push((technician.name.clone(), technician.code.to_string(), code, jobs));
    }
    let desk = Hand::desk(&firm.people).map(|desk| desk.code.clone());
    let (prices, folder) = (Arc::new(firm.prices.clone()), firm.folder.clone());
    let phones = data.join("phones");
    std::fs::create_dir_all(&phones)?;
    blocking(move || {
        let mut crew = Crew { hands: Vec::new(), server_lines: Vec::new(), odd: Vec::new() };
        let mut report = Report::default();
        for (name, code, qr, jobs) in plans {
            // In the morning the phones' clocks are right; then the day is played at its own hours.
            let clock = WalkingClock::at(now);
            let path = phones.join(format!("{code}.db"));
            let config = PhoneConfig { clock: clock.clone(), ..PhoneConfig::new(path, "demo") };
            let phone = Phone::open(config)?;
            let line = HttpTransport::new(Trust::Platform);
            phone.enrol(&line, &qr)?;
            let first = Cost::of(&name, || phone.sync(&line))?;
            report.first.push(first);
            let rulebook = rulebook.clone();
            let (prices, folder) = (prices.clone(), folder.clone());
            let mut hand = Hand { name, phone, clock, rulebook, prices, folder, photos: 0, vouchers: 0 };
            for (slot, (turn, id)) in (0_i64..).zip(jobs) {
                let story = Story::of(turn);
                let start = opening.plus_minutes(slot * SLOT_MINUTES);
                stories::play(&mut hand, id, story, turn, start, next)?;
                report.played.push((id, story));
                if story == Story::Odd {
                    crew.odd.push(id);
                }
            }
            hand_in(&hand, desk.as_ref(), opening.plus_minutes(DAY_MINUTES))?;
            report.photos += hand.photos;
            report.entries += hand.phone.status()?.waiting;
            crew.hands.push(hand);
            crew.server_lines.push(line);
        }
        Ok((crew, report))
    })
    .await
}

/// Minutes from one visit's start to the next one's, and from opening to handing in.
const SLOT_MINUTES: i64 = 85;
const DAY_MINUTES: i64 = 9 * 60;

/// Money and papers are offered to the desk at the end of the day (R97).
fn hand_in(
    hand: &Hand,
    desk: Option<&doorstep_core::domain::ids::PersonId>,
    at: Stamp,
) -> Result<(), DemoError> {
    let Some(desk) = desk else { return Ok(()) };
    hand.clock.set(at);
    let page = doorstep_core::phone::Page::default();
    for card in hand.phone.list(&doorstep_core::phone::ListFilter::default(), page)?.orders {
        let order = hand.order(card.order)?;
        let items: Vec<_> = order
            .open_custody()
            .filter(|(_, item)| item.kind == doorstep_core::domain::order::closing::CustodyKind::Money)
            .map(|(id, _)| *id)
            .collect();
        if !items.is_empty() {
            let to = desk.clone();
            hand.does(card.order, doorstep_core::domain::command::Command::HandOver { items, to })?;
        }
    }
    Ok(())
}

/// The network is back: every phone pushes its day and pulls what changed.
async fn come_online(crew: Crew, mut report: Report) -> Result<Report, DemoError> {
    blocking(move || {
        for (hand, line) in crew.hands.iter().zip(&crew.server_lines) {
            let cost = Cost::of(&hand.name, || hand.phone.sync(line))?;
            report.sync.push(cost);
            report.still_waiting += hand.phone.status()?.waiting;
            let differing = hand.phone.verify_views()?;
            report.differing_views += differing.len();
            hand.phone.close();
        }
        Ok(report)
    })
    .await
}

/// Phones block; the server does not.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DemoError> + Send + 'static,
) -> Result<T, DemoError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| DemoError::Ended(e.to_string()))?
}
