# What every suite may rely on: where things are, how cargo is called, and the builds suites share.
# shellcheck shell=bash

export LC_ALL=C.UTF-8
export PATH="$HOME/.cargo/bin:$PATH"
export CARGO_TERM_COLOR=never
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
# The exit code of a suite whose tools are not to be had.
MISSING=77

# In CI the lock file is law; at a desk cargo may bring it up to date.
LOCKED=()
[[ ${CI:-} == true ]] && LOCKED=(--locked)

# One set of features for every debug build of the workspace, or cargo would build the dependencies again and again.
WORKSPACE=(--workspace --features doorstep-ffi/cli "${LOCKED[@]}")
# And one choice of packages for every release build, for the same reason.
RELEASE=(--release -p doorstep-server -p doorstep-tests "${LOCKED[@]}")

# The libraries and programs as a user would have them, for suites that are not Rust.
build_product() {
    cargo build "${WORKSPACE[@]}" --lib --bins
}

# Runs a command as one counted check: "check NAME COMMAND...". A failed check does not stop the suite; a suite that
# uses checks ends with "checks_done".
CHECKS_FAILED=0
check() {
    local name=$1
    shift
    if ("$@"); then
        echo "check passed: $name"
    else
        echo "check failed: $name"
        CHECKS_FAILED=$((CHECKS_FAILED + 1))
    fi
}
checks_done() {
    ((CHECKS_FAILED == 0))
}

# Stops the suite when something it is about does not exist.
require() {
    local path
    for path in "$@"; do
        if [[ ! -e $path ]]; then
            echo "missing from the repository: $path"
            return 1
        fi
    done
}
