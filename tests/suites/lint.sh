# How the tree is written: formatting, clippy without a warning, the conventions a script can see, the table of rules, licences.
# shellcheck shell=bash
ABOUT="formatting, clippy, conventions, the table of rules and licences"
NEEDS=(cargo rustfmt clippy cc python3)

run() {
    check "rustfmt" cargo fmt --all --check
    check "clippy" cargo clippy "${WORKSPACE[@]}" --all-targets -- -D warnings
    check "conventions" python3 tools/conventions.py
    check "rules" python3 tools/rules.py --check
    check "licences" python3 tools/licences.py
    check "shell syntax" shell_syntax
    checks_done
}

shell_syntax() {
    local file
    while IFS= read -r file; do
        bash -n "$file" || return 1
    done < <(printf '%s\n' tests/run .ci/run tests/runner/*.sh tests/suites/*.sh bindings/generate ios/generate \
        bindings/python/make-wheel)
}
