//! What really occurred, and the history as text whose digest says whether two runs were the same.

use std::collections::BTreeMap;

use doorstep_core::domain::ids::Digest;

use crate::faults::{Fault, History};

/// Counts by name.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) faults: BTreeMap<&'static str, u64>,
    pub(crate) histories: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(crate) fn fault(&mut self, fault: Fault) {
        *self.faults.entry(fault.name()).or_default() += 1;
    }

    pub(crate) fn history(&mut self, history: History) {
        self.histories(history, 1);
    }

    pub(crate) fn histories(&mut self, history: History, times: usize) {
        *self.histories.entry(history.name()).or_default() += times as u64;
    }
}

/// The history so far.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    lines: Vec<String>,
    is_told: bool,
}

impl Trace {
    /// `is_told`: each line is printed as it comes.
    pub(crate) fn new(is_told: bool) -> Self {
        Self { lines: Vec::new(), is_told }
    }

    pub(crate) fn line(&mut self, line: String) {
        if self.is_told {
            eprintln!("{line}");
        }
        self.lines.push(line);
    }

    pub(crate) fn last(&self) -> &str {
        self.lines.last().map_or("", String::as_str)
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest::of(self.lines.join("\n").as_bytes())
    }
}
