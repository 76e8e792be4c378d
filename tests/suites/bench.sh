# The benchmarks. As "tests/run bench [NAME...]" it prints only their JSON lines; without names, those of the programs.
# Those of the packages (lib_size, kotlin_call) build for minutes and are run when they are named.
# shellcheck shell=bash
ABOUT="benchmarks, one JSON line per figure"
NEEDS=(cargo cc vipsthumbnail)

run() {
    source "$ROOT/tests/runner/package.sh"
    local name programs=()
    for name in "$@"; do
        if [[ " ${PACKAGE_FIGURES[*]} " == *" $name "* ]]; then "$name"; else programs+=("$name"); fi
    done
    (($# && ${#programs[@]} == 0)) && return
    cargo build "${RELEASE[@]}" --bins >&2
    "$TARGET/release/bench" "${programs[@]}"
}
