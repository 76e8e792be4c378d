//! Benchmarks: each figure beside its floor, the least a program could do for the same, measured in the same run.
//!
//! What is measured and its floor take turns (A B A B), at least five times each; figures are medians.

pub mod bulk;
pub mod change;
pub mod cold;
pub mod commit;
pub mod crowd;
pub mod flat;
pub mod floor;
pub mod idle;
pub mod load;
pub mod meter;
pub mod photo;
pub mod process;
pub mod seal;
pub mod sheet;
pub mod upload;
pub mod visit;

use std::time::{Duration, Instant};

use serde::Serialize;

/// How often each side of a figure is measured, at least.
pub const ROUNDS: usize = 5;

/// One line of the report. What does not apply is left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    /// The same with as little as possible around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<f64>,
    /// `value / floor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Bytes on the socket with headers, from phone to server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_up: Option<u64>,
    /// And back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_down: Option<u64>,
    /// The most memory the server's process ever had, whole and without what is mapped from files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_rss_mb: Option<f64>,
    /// A bare write of 4 KB with fdatasync in the same folder, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fsync_probe_ms: Option<f64>,
    /// How much of `value` the phone waited for the server, milliseconds; the rest is the phone's own work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waited_ms: Option<f64>,
    pub rounds: usize,
}

impl Figure {
    /// A figure from what was measured on both sides, in milliseconds.
    pub fn timed(name: &'static str, value: &mut [f64], floor: &mut [f64]) -> Self {
        let rounds = value.len();
        let (value, floor) = (median(value), median(floor));
        let ratio = Some(round(value / floor));
        let (value, floor) = (round(value), Some(round(floor)));
        Self { name, value, unit: "ms", floor, ratio, rounds, ..Self::default() }
    }

    pub fn print(&self) {
        println!("{}", serde_json::to_string(self).unwrap_or_default());
    }
}

/// Three digits that matter.
pub fn round(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 3 - 1 - value.abs().log10().floor() as i32;
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// How long `work` takes, in milliseconds.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = work();
    (value, ms(start.elapsed()))
}

/// Rounds of both sides that warm the caches and are not counted.
const WARM: usize = 10;

/// Both sides of a figure of the processor alone, in turns.
pub fn in_turns<A, B>(
    name: &'static str,
    rounds: usize,
    value: &dyn Fn() -> A,
    floor: &dyn Fn() -> B,
) -> Figure {
    use std::hint::black_box;
    let (mut ours, mut least) = (Vec::new(), Vec::new());
    for round in 0..rounds + WARM {
        let a = timed(|| black_box(value())).1;
        let b = timed(|| black_box(floor())).1;
        if round >= WARM {
            ours.push(a);
            least.push(b);
        }
    }
    Figure::timed(name, &mut ours, &mut least)
}
