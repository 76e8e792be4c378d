# The binding checked for phones, without their toolchains: Debian's Rust builds the standard library for them from source,
# and zig stands in for their C compilers. It checks, it does not link: there is no NDK and no Apple SDK here.
# shellcheck shell=bash
ABOUT="cargo check for aarch64-linux-android and aarch64-apple-ios"
NEEDS=(cc pyvenv rust-src)

run() {
    local venv="$TARGET/venv-zig"
    export ZIG="$venv/bin/python -m ziglang"
    $ZIG version >/dev/null 2>&1 || {
        /usr/bin/python3 -m venv "$venv"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "ziglang==0.13.0"
    }
    $ZIG version
    check "panics unwind in what phones get" unwinds
    check "aarch64-linux-android" check_for aarch64-linux-android aarch64-linux-musl
    check "aarch64-apple-ios" check_for aarch64-apple-ios aarch64-macos
    checks_done
}

# check_for TARGET "ZIG'S NAME OF IT"
check_for() {
    local compiler="$ROOT/tests/runner/cc-for-check.sh" name=${1//-/_}
    export ZIG_TARGET=$2 "CC_$name=$compiler"
    # Build scripts for Apple's targets ask Xcode for its SDK unless they are told of one.
    export SDKROOT="$TARGET/cross/no-sdk"
    mkdir -p "$SDKROOT"
    RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo check -Zbuild-std=std,panic_unwind "${LOCKED[@]}" \
        --target "$1" --target-dir "$TARGET/cross" -p doorstep-ffi --lib
}

unwinds() {
    ! grep -nE '^panic *= *"abort"' Cargo.toml
}
