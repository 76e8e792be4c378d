//! The same laws, shuffles and kills with many more histories, where time is no matter: `tests/run long`.

use std::process::Command;

/// Runs the tests of a module again, in the long form.
fn again(module: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([module, "--test-threads", "2"]).env("DOORSTEP_LONG", "1");
    assert!(command.status().unwrap().success(), "{module} in the long form");
}

#[test]
#[ignore = "minutes"]
fn the_laws_hold_for_thousands_of_histories() {
    again("laws::");
}

#[test]
#[ignore = "minutes"]
fn everybody_ends_with_the_same_after_hundreds_of_shuffles() {
    again("interleave::");
}

#[test]
#[ignore = "minutes"]
fn hundreds_of_kills_lose_nothing() {
    again("kill::");
}
