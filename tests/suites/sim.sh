# Two hundred histories of phones and servers, each drawn from a seed, and the seeds that once found something.
# shellcheck shell=bash
ABOUT="simulator: 200 seeds of phones, servers and everything that goes wrong (docs/simulator.md)"
NEEDS=(cargo cc)

run() {
    cargo test -p doorstep-tests "${LOCKED[@]}" --test sim -- --nocapture --test-threads=1
}
