# The sync server: storage, protocol, pages and admin commands.
# shellcheck shell=bash
ABOUT="sync server (crate doorstep-server)"
NEEDS=(cargo cc pdftotext)

run() {
    cargo test -p doorstep-server "${LOCKED[@]}" --no-fail-fast
}
