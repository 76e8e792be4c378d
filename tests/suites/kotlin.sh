# The binding as an app sees it: generated Kotlin, compiled and run on the JVM against the real library and server.
#
# The Maven project finds what was built through two properties, also given as environment variables to its tests:
#   doorstep.generated   the folder of the generated Kotlin sources
#   jna.library.path     the folder of libdoorstep_ffi (DOORSTEP_LIBRARY_DIR)
# and the server's program through DOORSTEP_SERVER.
# shellcheck shell=bash
ABOUT="generated Kotlin on the JVM (bindings/kotlin)"
NEEDS=(cargo cc jdk mvn)

run() {
    require bindings/kotlin/pom.xml
    build_product
    local generated="$TARGET/generated/kotlin"
    rm -rf "$generated"
    "$TARGET/debug/uniffi-bindgen" generate --library "$TARGET/debug/libdoorstep_ffi.so" \
        --language kotlin --no-format --out-dir "$generated"
    require "$generated"
    export DOORSTEP_SERVER="$TARGET/debug/doorstep-server" DOORSTEP_LIBRARY_DIR="$TARGET/debug"
    mvn --batch-mode --no-transfer-progress --file bindings/kotlin/pom.xml \
        -Dkotlin.compiler.daemon=false \
        -Ddoorstep.generated="$generated" -Djna.library.path="$TARGET/debug" test
}
