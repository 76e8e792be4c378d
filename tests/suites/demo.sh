# The demo as a newcomer starts it, once through, and what it says about itself.
# shellcheck shell=bash
ABOUT="the demo, once through, from a release build"
NEEDS=(cargo cc python3)

run() {
    cargo build "${RELEASE[@]}" --bins
    mkdir -p "$TARGET/test-logs"
    "$TARGET/release/doorstep-server" demo --once --json >"$TARGET/test-logs/demo.json"
    check "demo prints what it did" python3 tests/runner/demo_keys.py "$TARGET/test-logs/demo.json"
    checks_done
}
