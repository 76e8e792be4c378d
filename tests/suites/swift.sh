# The Swift package, compiled in Swift 6 mode and run on Linux against the real library and server, in a root of Debian 13;
# the page for newcomers as a package of its own; and the reference. DOORSTEP_LONG=1 makes its stress last a minute.
# shellcheck shell=bash
ABOUT="the Swift package on Linux (ios), its page and its reference"
NEEDS=(cargo cc python3 swift)

run() {
    build_product
    ios/generate "$TARGET/debug"
    export DOORSTEP_SERVER="$TARGET/debug/doorstep-server" LD_LIBRARY_PATH="$TARGET/debug"
    # Debian's libswiftObservation lacks a symbol nobody here uses.
    linking=(-Xlinker "-L$TARGET/debug" -Xlinker --unresolved-symbols=ignore-in-shared-libs)
    package=(--package-path ios --scratch-path "$TARGET/swift" "${linking[@]}")
    # Its last lines are counted, and a failed test is not the end.
    local status=0
    tests/runner/swift.sh swift test --disable-swift-testing "${package[@]}" || status=$?
    check "a library of another version is said, not a crash" other_version
    check "docs/ios.md compiles and runs from nothing to a synced visit" page
    check "the reference is written without a warning" reference
    check "ios/xcframework says that it needs a Mac" needs_a_mac
    checks_done && return "$status"
}

# The same tests' program beside a library that answers one checksum otherwise.
other_version() {
    local other="$TARGET/other-version.so"
    echo 'unsigned short uniffi_doorstep_ffi_checksum_method_doorstepphone_status(void) { return 7; }' |
        cc -shared -fPIC -x c - -o "$other"
    DOORSTEP_OTHER_VERSION=1 tests/runner/swift.sh env LD_PRELOAD="$other" \
        "$TARGET/swift/debug/DoorstepPackageTests.xctest" DoorstepTests.VersionTests >"$TARGET/other-version.log" 2>&1 &&
        grep -q "Executed 1 test, with 0 failures" "$TARGET/other-version.log" || {
        cat "$TARGET/other-version.log"
        return 1
    }
}

# A package beside a checkout, as the page has it, with the page's own manifest and code.
page() {
    local beside="$TARGET/page-swift"
    local visits="$beside/visits"
    mkdir -p "$visits/Sources/Visits"
    ln -sfn "$ROOT" "$beside/doorstep"
    tests/runner/blocks.py docs/ios.md swift manifest >"$visits/Package.swift"
    tests/runner/blocks.py docs/ios.md swift >"$visits/Sources/Visits/main.swift"
    {
        # What only Apple compiles is at least read here.
        echo "// The blocks of docs/ios.md that only Apple compiles."
        echo "#if canImport(UIKit)"
        echo "import Doorstep"
        echo "import Foundation"
        tests/runner/blocks.py docs/ios.md swift apple
        echo "#endif"
    } >"$visits/Sources/Visits/Apple.swift"
    tests/runner/swift.sh swift build --package-path "$visits" --scratch-path "$beside/build" "${linking[@]}" &&
        python3 bindings/python/tests/office.py tests/runner/swift.sh "$beside/build/debug/Visits" CODE \
            >"$beside/out" && cat "$beside/out" && grep -q "^2 entries sent, 0 wait$" "$beside/out"
}

# The reference as a DocC archive.
reference() {
    local graphs="$TARGET/swift/graphs" archive="$TARGET/doc/Doorstep.doccarchive"
    mkdir -p "$graphs" "$TARGET/doc"
    tests/runner/swift.sh /usr/libexec/swift/bin/swift-symbolgraph-extract -module-name Doorstep -target "$(uname -m)-pc-linux-gnu" \
        -minimum-access-level public -I "$TARGET/swift/debug/Modules" -I ios/Sources/DoorstepFFI \
        -Xcc "-fmodule-map-file=ios/Sources/DoorstepFFI/module.modulemap" -output-dir "$graphs" &&
        tests/runner/swift.sh /usr/libexec/swift/bin/docc convert ios/Sources/Doorstep/Doorstep.docc --warnings-as-errors \
            --additional-symbol-graph-dir "$graphs" --fallback-display-name Doorstep \
            --fallback-bundle-identifier doorstep.swift --output-path "$archive" &&
        [[ -s $archive/data/documentation/doorstep/phone.json ]]
}

needs_a_mac() {
    [[ $(uname) != Darwin ]] || return 0
    bash -n ios/xcframework && ! ios/xcframework 2>/dev/null
}
