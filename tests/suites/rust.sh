# Every Rust test of the workspace in one build: the suites core, server and system, and the binding's own tests.
# shellcheck shell=bash
ABOUT="all Rust tests in one build (core, server, system, binding)"
NEEDS=(cargo cc curl sqlite3 pdftotext)

run() {
    cargo test "${WORKSPACE[@]}" --no-fail-fast
}
