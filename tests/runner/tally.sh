# Adds up what test runners print at their end.
# shellcheck shell=bash

# Prints "PASSED FAILED" over all closing lines in a log: cargo test, Maven Surefire, node's test runner, XCTest, Python's
# unittest, and our checks.
tally() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        /^test result: / { passed += before("passed"); failed += before("failed") }
        /Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$/ {
            bad = after("Failures:") + after("Errors:")
            failed += bad
            passed += after("run:") - bad - after("Skipped:")
        }
        /^(ℹ|#) pass [0-9]+$/ { passed += $3 }
        /^(ℹ|#) (fail|cancelled) [0-9]+$/ { failed += $3 }
        /^Test Suite .(All|Selected) tests. (passed|failed) at / { closing = 1; next }
        closing && /^\t Executed [0-9]+ tests?, with / {
            bad = before("failure")
            failed += bad
            passed += $2 - bad
            closing = 0
        }
        /^Ran [0-9]+ tests? in [0-9.]+s$/ { ran = $2 }
        ran != "" && /^(OK|FAILED)( \(.*\))?$/ {
            bad = listed("failures") + listed("errors") + listed("unexpected successes")
            failed += bad
            passed += ran - bad - listed("skipped")
            ran = ""
        }
        /^check passed: / { passed++ }
        /^check failed: / { failed++ }
        END { print passed + 0, failed + 0 }
        function before(word,   i) { for (i = 2; i <= NF; i++) if (index($i, word) == 1) return $(i - 1) + 0; return 0 }
        function listed(word) { return match($0, word "=[0-9]+") ? substr($0, RSTART + length(word) + 1) + 0 : 0 }
        function after(word,   i) { for (i = 1; i < NF; i++) if ($i == word) return $(i + 1) + 0; return 0 }
    '
}
