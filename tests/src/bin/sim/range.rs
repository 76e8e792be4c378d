//! A range of seeds: each in a process of its own, so that nothing of one is in another; then what occurred in all.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::faults::{Fault, History};

/// A history that takes longer stands still.
const LONGEST: Duration = Duration::from_secs(120);
/// From so many seeds on, everything must have occurred.
const ALL_OCCURS_FROM: u64 = 200;

/// What came of a history.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) seed: u64,
    pub(crate) steps: u32,
    pub(crate) digest: String,
    /// The last line of the history.
    pub(crate) last: String,
    /// Why the oracle stopped it.
    pub(crate) failed: Option<String>,
    pub(crate) faults: BTreeMap<String, u64>,
    pub(crate) histories: BTreeMap<String, u64>,
}

/// Seeds to run.
pub(crate) struct Range {
    pub(crate) seeds: std::ops::Range<u64>,
    pub(crate) jobs: usize,
}

impl Range {
    /// Runs them all; whether all was well.
    pub(crate) fn run(&self) -> bool {
        let began = Instant::now();
        let next = AtomicU64::new(self.seeds.start);
        let outcomes = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..self.jobs {
                scope.spawn(|| {
                    loop {
                        let seed = next.fetch_add(1, Ordering::SeqCst);
                        if seed >= self.seeds.end {
                            return;
                        }
                        let outcome = alone(seed);
                        if let Some(why) = &outcome.failed {
                            println!(
                                "seed {seed} FAILED: {why}\n  after: {}\n  again: sim --seed {seed} --trace",
                                outcome.last
                            );
                        }
                        outcomes.lock().expect("nobody panicked").push(outcome);
                    }
                });
            }
        });
        let outcomes = outcomes.into_inner().expect("nobody panicked");
        self.tell(&outcomes, began.elapsed())
    }

    fn tell(&self, outcomes: &[Outcome], took: Duration) -> bool {
        let mut faults: BTreeMap<&str, u64> = Fault::ALL.iter().map(|fault| (fault.name(), 0)).collect();
        let mut histories: BTreeMap<&str, u64> =
            History::ALL.iter().map(|history| (history.name(), 0)).collect();
        for outcome in outcomes {
            for (all, some) in [(&mut faults, &outcome.faults), (&mut histories, &outcome.histories)] {
                for (name, count) in some {
                    if let Some(sum) = all.get_mut(name.as_str()) {
                        *sum += count;
                    }
                }
            }
        }
        let mut never = Vec::new();
        for (what, counts) in [("fault", &faults), ("history", &histories)] {
            for (name, count) in counts {
                println!("{what:8} {name:36} {count:7}");
                if *count == 0 {
                    never.push(*name);
                }
            }
        }
        let failed = outcomes.iter().filter(|outcome| outcome.failed.is_some()).count();
        let steps: u64 = outcomes.iter().map(|outcome| u64::from(outcome.steps)).sum();
        println!(
            "{} seeds, {steps} steps, {failed} failed, {} classes of faults, {:.1} s",
            outcomes.len(),
            faults.len(),
            took.as_secs_f64()
        );
        let must_all = self.seeds.end - self.seeds.start >= ALL_OCCURS_FROM;
        if must_all && !never.is_empty() {
            println!("never occurred: {}", never.join(", "));
        }
        failed == 0 && (!must_all || never.is_empty())
    }
}

/// Runs a seed in a process of its own.
fn alone(seed: u64) -> Outcome {
    let lost = |why: String| Outcome { seed, failed: Some(why), ..Outcome::default() };
    let program = std::env::current_exe().expect("this program");
    let child = Command::new(program)
        .args(["--seed", &seed.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(why) => return lost(why.to_string()),
    };
    let began = Instant::now();
    let mut out = child.stdout.take().expect("piped");
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    loop {
        match child.try_wait() {
            Ok(Some(_)) => break,
            Ok(None) if began.elapsed() > LONGEST => {
                let _ = child.kill();
                let _ = child.wait();
                return lost("it stands still".to_owned());
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(why) => return lost(why.to_string()),
        }
    }
    let text = reader.join().ok().and_then(Result::ok).unwrap_or_default();
    serde_json::from_str(text.trim()).unwrap_or_else(|_| lost(format!("it ended without a word: {text:?}")))
}
