# The server on PostgreSQL: storage, the main ways through it, several processes at once, a replica. The tests are those
# marked as ignored because they need it; nowhere else do they run, and without PostgreSQL the suite fails.
# shellcheck shell=bash
ABOUT="the server on PostgreSQL 15, several processes, a replica"
NEEDS=(cargo cc postgres)

run() {
    # shellcheck source=tests/runner/postgres.sh
    source tests/runner/postgres.sh
    postgres_start
    cargo test -p doorstep-server -p doorstep-tests "${LOCKED[@]}" --no-fail-fast -- --ignored postgres
}
