//! The demo: an office's own files, a real server, two real phones without network, a working day, and then they sync.

mod clock;
mod cursive;
mod day;
mod desk;
mod device;
mod files;
mod hand;
mod handwriting;
mod office;
mod plan;
mod play;
mod prices;
mod report;
mod stories;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::Role;
use doorstep_core::phone::PhoneError;
use tokio::runtime::Handle;

use self::office::Firm;
use self::play::Play;
use self::report::Report;
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
    /// The office's command was refused or could not be kept.
    #[error("{step}: {why}")]
    Act {
        /// The command.
        step: &'static str,
        /// Why.
        why: OfficeError,
    },
    /// The phone.
    #[error(transparent)]
    Phone(#[from] PhoneError),
    /// Something else listens on the port.
    #[error("port {0} is in use: choose another with --port, or let --port 0 take a free one")]
    PortInUse(u16),
    /// The server did not start.
    #[error(transparent)]
    Server(ServerError),
    /// The import.
    #[error(transparent)]
    Import(#[from] ImportError),
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

impl From<ServerError> for DemoError {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Listen { addr, source } if source.kind() == std::io::ErrorKind::AddrInUse => {
                Self::PortInUse(addr.port())
            }
            other => Self::Server(other),
        }
    }
}

/// Plays the demo, prints what happened, and serves the page until it is interrupted.
///
/// # Errors
/// See [`DemoError`].
pub async fn run(options: DemoOptions) -> Result<(), DemoError> {
    let temporary = tempfile::tempdir()?;
    let data = options.data.clone().unwrap_or_else(|| temporary.path().to_owned());
    let began = Instant::now();
    let (firm, jobs) = Firm::open(&options, &data).await?;
    let firm = Arc::new(firm);
    let mut report = Report::default();
    if let Some(jobs) = jobs {
        report = play(&firm, jobs, &data).await?;
        review(&firm, &report).await?;
    }
    firm.clock.leave();
    report.total_ms = began.elapsed().as_millis();
    if options.json {
        println!("{}", report.json(&firm).await?);
    } else if !options.ready_json {
        print!("{}", report.text(&firm).await?);
    }
    if !options.once {
        let is_for_programs = options.ready_json;
        println!("{}", if is_for_programs { firm.ready_json() } else { firm.invitation() });
        interrupted().await?;
    }
    if let Some(firm) = Arc::into_inner(firm) {
        firm.running.shutdown().await;
    }
    Ok(())
}

/// The day, on the technicians' phones and at the desk.
async fn play(firm: &Arc<Firm>, jobs: Vec<plan::Job>, data: &Path) -> Result<Report, DemoError> {
    let phones = data.join("phones");
    std::fs::create_dir_all(&phones)?;
    firm.person(Role::Technician)?;
    let play = Play { firm: firm.clone(), phones, runtime: Handle::current() };
    // Phones block; the server does not.
    tokio::task::spawn_blocking(move || play.day(jobs)).await.map_err(|e| DemoError::Ended(e.to_string()))?
}

/// The supervisor has begun: one plain order is reviewed, where there are others left to look at.
async fn review(firm: &Firm, report: &Report) -> Result<(), DemoError> {
    let stored = firm.stored().await?;
    let waits = |job: &&plan::Job| {
        let order = stored.iter().find(|stored| stored.id == job.id);
        order.is_some_and(|stored| stored.order.status() == Status::SignedOff)
    };
    let waiting: Vec<_> = report.jobs.iter().filter(waits).collect();
    let plain = waiting.iter().filter(|job| job.story == Story::Covered).min_by_key(|job| job.start);
    match plain {
        Some(job) if waiting.len() > 2 => {
            firm.clock.pass(600);
            let approve = Command::Approve { note: "資料齊全".to_owned() };
            device::told_no(firm.does(Role::Supervisor, job.id, approve).await)?;
        }
        _ => {}
    }
    Ok(())
}

/// Ctrl-C, or a request to end from the system.
async fn interrupted() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended,
        _ = terminate.recv() => Ok(()),
    }
}
