# The benchmarks. As "tests/run bench [NAME...]" it prints only their JSON lines.
# shellcheck shell=bash
ABOUT="benchmarks, one JSON line per figure"
NEEDS=(cargo cc vipsthumbnail)

run() {
    cargo build "${RELEASE[@]}" --bins >&2
    "$TARGET/release/bench" "$@"
}
