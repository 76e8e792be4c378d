# The benchmarks. As "tests/run bench [NAME...]" it prints only their JSON lines; without names, those of the programs.
# Those of the packages (lib_size, kotlin_call, swift_call) build for minutes and are run when they are named.
# shellcheck shell=bash
ABOUT="benchmarks, one JSON line per figure"
NEEDS=(cargo cc vipsthumbnail)

run() {
    source "$ROOT/tests/runner/package.sh"
    local name programs=()
    for name in "$@"; do
        if [[ $name == swift_call || " ${PACKAGE_FIGURES[*]} " == *" $name "* ]]; then "$name"; else programs+=("$name"); fi
    done
    (($# && ${#programs[@]} == 0)) && return
    cargo build "${RELEASE[@]}" --bins >&2
    "$TARGET/release/bench" "${programs[@]}"
}

swift_call() {
    ensure_tools swift >&2 || return
    cargo build --release -p doorstep-ffi --features doorstep-ffi/cli "${LOCKED[@]}" >&2
    ios/generate "$TARGET/release" >&2
    export LD_LIBRARY_PATH="$TARGET/release"
    tests/runner/swift.sh swift build --configuration release --package-path ios/Bench \
        --scratch-path "$TARGET/swift-bench" -Xlinker "-L$TARGET/release" \
        -Xlinker --unresolved-symbols=ignore-in-shared-libs >&2
    tests/runner/swift.sh "$TARGET/swift-bench/release/CallBench"
}
