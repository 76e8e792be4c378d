# The domain, the journal and the phone's store and sync engine.
# shellcheck shell=bash
ABOUT="domain, journal and phone (crate doorstep-core)"
NEEDS=(cargo cc)

run() {
    cargo test -p doorstep-core --features phone "${LOCKED[@]}" --no-fail-fast
}
