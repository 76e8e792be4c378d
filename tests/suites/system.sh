# Real phones against a real server, through real files and sockets.
# shellcheck shell=bash
ABOUT="whole system: phones against a server (crate doorstep-tests)"
NEEDS=(cargo cc curl sqlite3)

run() {
    cargo test -p doorstep-tests "${LOCKED[@]}" --no-fail-fast
}
