# The server on PostgreSQL: storage, several processes at once, a replica, and the ways through the server that do not look
# at its file. Those tests marked as ignored need it and run nowhere else; without PostgreSQL the suite fails.
# shellcheck shell=bash
ABOUT="the server on PostgreSQL 15, several processes, a replica"
NEEDS=(cargo cc postgres)

# About the file in the data folder, its backups, or the phone alone.
NOT_HERE=(cannot_write restore:: nothing_changes_or_removes_a_sealed_row put_back_to_an_earlier_day
    damaged_file bundle_for_a_restored a_firm_from_before)
# What takes long and touches storage no differently; kills at moments that are timed for a server on a file.
TOO_LONG=(interleave:: laws:: photos:: a_connection_that_breaks a_line_cut kill::a_)

run() {
    # shellcheck source=tests/runner/postgres.sh
    source tests/runner/postgres.sh
    postgres_start
    local status=0 skip=() name
    cargo test "${WORKSPACE[@]}" --no-fail-fast -- --ignored postgres || status=$?
    for name in "${NOT_HERE[@]}" "${TOO_LONG[@]}"; do skip+=(--skip "$name"); done
    DOORSTEP_ON=postgres cargo test "${WORKSPACE[@]}" --no-fail-fast --test server --test system \
        -- "${skip[@]}" || status=$?
    return "$status"
}
