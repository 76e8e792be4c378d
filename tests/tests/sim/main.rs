//! The simulator as a test: a run of seeds, the seeds that once found something, and one seed twice.
//!
//! It runs the program `sim`, which gives each seed a process of its own: see docs/simulator.md.

use std::process::{Command, Output};

/// Seeds in a run. Every class of faults and every history named in the simulator must occur in it.
const SEEDS: u64 = 200;

/// What once went wrong: the seed, and what it found.
const FOUND: &[(u64, &str)] = &[
    (50, "an order the restored server never heard of stayed on the phone for ever (I10)"),
    (11, "the same, while another phone had yet to send it again"),
    (4, "a flipped bit in an unsent entry was sent as if it had been recorded so (I17)"),
    (33, "the same, in a time"),
    (55, "the same, in the id of an order"),
];

fn sim(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sim")).args(args).output().expect("the simulator runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn two_hundred_histories_end_well() {
    let output = sim(&[&format!("0..{SEEDS}"), "--jobs", "2"]);
    println!("{}", text(&output));
    assert!(output.status.success(), "see above");
}

#[test]
fn seeds_that_found_something_end_well() {
    for (seed, found) in FOUND {
        let output = sim(&["--seed", &seed.to_string()]);
        assert!(output.status.success(), "seed {seed} ({found}): {}", text(&output));
    }
}

#[test]
fn a_seed_gives_the_same_history_every_time() {
    for seed in ["7", "19"] {
        let (one, other) = (sim(&["--seed", seed]), sim(&["--seed", seed]));
        assert!(!one.stdout.is_empty());
        assert_eq!(text(&one), text(&other), "seed {seed}");
    }
}
