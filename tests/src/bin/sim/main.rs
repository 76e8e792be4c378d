//! The simulator: real phones, real servers, one seed, one history. See docs/simulator.md.
//!
//! `sim A..B [--jobs N]` runs a range of seeds, each in a process of its own, and says what occurred in them.
//! `sim --seed N [--trace]` runs one.

mod book;
mod disk;
mod fate;
mod faults;
mod gate;
mod mobile;
mod odd;
mod range;
mod servers;
mod store;
mod tally;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use doorstep_tests::dice::Dice;

use crate::range::{Outcome, Range};
use crate::world::World;

/// The most characters that are told of why a history failed.
const MOST_TOLD: usize = 700;

const USAGE: &str = "sim A..B [--jobs N] | sim --seed N [--trace]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| -> Option<u64> {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)?.parse().ok()
    };
    if let Some(seed) = number("--seed") {
        let outcome = one(seed, args.iter().any(|arg| arg == "--trace"));
        println!("{}", serde_json::to_string(&outcome).expect("JSON"));
        return if outcome.failed.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let seeds = args.iter().find_map(|arg| {
        let (from, to) = arg.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    let Some(seeds) = seeds else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let jobs = number("--jobs").and_then(|jobs| usize::try_from(jobs).ok()).unwrap_or(2).max(1);
    if (Range { seeds, jobs }).run() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs one history in this process.
fn one(seed: u64, is_told: bool) -> Outcome {
    fate::begin(seed);
    disk::install();
    let root = folder(seed);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).expect("a folder");
    let mut outcome = Outcome { seed, ..Outcome::default() };
    let mut world = None;
    let told = catch_unwind(AssertUnwindSafe(|| {
        let world = world.insert(World::begin(seed, &root, is_told));
        let steps = 50 + Dice(seed).below(70) as u32;
        for step in 1..=steps {
            world.step(step);
        }
        world.heal();
        steps
    }));
    if let Some(world) = world {
        outcome.digest = world.trace.digest().to_string();
        outcome.last = world.trace.last().to_owned();
        outcome.faults = world.tally.faults.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        outcome.histories = world.tally.histories.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
    }
    match told {
        Ok(steps) => outcome.steps = steps,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let text = text.unwrap_or_else(|| "a panic".to_owned());
            outcome.failed = Some(text.chars().take(MOST_TOLD).collect());
        }
    }
    if outcome.failed.is_none() {
        let _ = std::fs::remove_dir_all(&root);
    }
    outcome
}

/// Where a history's files are: in memory where the system has such a folder.
fn folder(seed: u64) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    base.join(format!("doorstep-sim-{}-{seed}", std::process::id()))
}
