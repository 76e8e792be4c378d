# What takes too long for every run: ignored tests of the whole system, on a release build, with DOORSTEP_LONG set.
# shellcheck shell=bash
ABOUT="long simulations and load, on a release build"
NEEDS=(cargo cc postgres)

run() {
    # shellcheck source=tests/runner/postgres.sh
    source tests/runner/postgres.sh
    postgres_start
    DOORSTEP_LONG=1 cargo test "${RELEASE[@]}" --no-fail-fast -- --ignored
}
