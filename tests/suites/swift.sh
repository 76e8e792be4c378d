# The Swift package, compiled in Swift 6 mode and run on Linux against the real library and server: in a root of Debian 13.
# shellcheck shell=bash
ABOUT="the Swift package on Linux (ios)"
NEEDS=(cargo cc swift)

run() {
    build_product
    ios/generate "$TARGET/debug"
    export DOORSTEP_SERVER="$TARGET/debug/doorstep-server" LD_LIBRARY_PATH="$TARGET/debug"
    # Debian's libswiftObservation lacks a symbol nobody here uses.
    tests/runner/swift.sh swift test --disable-swift-testing --package-path ios --scratch-path "$TARGET/swift" \
        -Xlinker "-L$TARGET/debug" -Xlinker --unresolved-symbols=ignore-in-shared-libs
}
