# The runner itself: that it counts what runners print, and that nothing passes by not running.
# shellcheck shell=bash
ABOUT="this runner: counting, failures, missing tools"
NEEDS=()

run() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir "$work/suites"
    source tests/runner/tally.sh

    check "cargo's lines count" counts "7 2" "test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured" \
        "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured" "a test result: ok. 9 passed; 9 failed"
    check "surefire's last line counts once" counts "5 3" \
        "[ERROR] Tests run: 9, Failures: 2, Errors: 1, Skipped: 1, Time elapsed: 1 s -- in A" \
        "[ERROR] Tests run: 9, Failures: 2, Errors: 1, Skipped: 1"
    check "node's lines count" counts "3 2" "ℹ tests 5" "ℹ pass 3" "ℹ fail 1" "ℹ cancelled 1"
    check "XCTest's last lines count once" counts "3 1" \
        "Test Suite 'PaidRepairTests' passed at 2026-11-24 16:26:37.730" \
        $'\t Executed 4 tests, with 1 failure (0 unexpected) in 1.692 (1.692) seconds' \
        "Test Suite 'All tests' failed at 2026-11-24 16:26:37.730" \
        $'\t Executed 4 tests, with 1 failure (0 unexpected) in 1.692 (1.692) seconds'
    check "unittest's last lines count" counts "7 3" "Ran 11 tests in 2.013s" "" "FAILED (failures=1, errors=2, skipped=1)"
    check "nothing counts as nothing" counts "0 0" "all is well"

    suite good 'echo "test result: ok. 2 passed; 0 failed;"'
    suite bad 'echo "test result: FAILED. 1 passed; 1 failed;"; return 101'
    suite liar 'echo "test result: FAILED. 1 passed; 1 failed;"'
    suite broken 'false; echo "test result: ok. 5 passed; 0 failed;"'
    suite idle 'echo "nothing to do"'
    suite slow 'sleep 30'
    suite toolless 'echo "test result: ok. 1 passed; 0 failed;"' no-such-tool
    suite reader 'read -r line || echo "test result: ok. 1 passed; 0 failed;"'
    check "a good suite passes" runs 0 "2 passed, 0 failed" good
    check "a failed test fails" runs 1 "3 passed, 1 failed" good bad
    check "a failed count fails though the exit code is 0" runs 1 "1 passed, 1 failed" liar
    check "a failing command stops its suite" runs 1 "0 passed, 1 failed" broken
    check "no test is a failure" runs 1 "2 passed, 1 failed" idle good
    DOORSTEP_SUITE_TIMEOUT=1 check "a hanging suite ends" runs 1 "2 passed, 1 failed" slow good
    check "a missing tool is a failure" runs 1 "0 passed, 1 failed" toolless
    check "and is named" grep -q "missing tool: no-such-tool" "$work/out"
    check "nobody waits for input" runs 0 "1 passed, 0 failed" reader
    check "an unknown suite is refused" runs 2 "tests/run --list names them" nonsense
    checks_done
}

# counts "PASSED FAILED" LINE...
counts() {
    local expected=$1
    shift
    printf '%s\n' "$@" >"$work/log"
    [[ $(tally "$work/log") == "$expected" ]]
}

# suite NAME BODY [TOOL...] writes a suite for the runner under test.
suite() {
    local name=$1 body=$2
    shift 2
    printf 'ABOUT="%s"\nNEEDS=(%s)\nrun() { %s; }\n' "$name" "$*" "$body" >"$work/suites/$name.sh"
}

# runs EXIT "LAST LINE" NAME... runs those suites in a runner of their own.
runs() {
    local expected=$1 last=$2 status=0
    shift 2
    DOORSTEP_SUITES="$work/suites" DOORSTEP_LOGS="$work/logs" tests/run --no-install "$@" >"$work/out" 2>&1 || status=$?
    [[ $status == "$expected" && $(tail -n 1 "$work/out") == *"$last" ]]
}
