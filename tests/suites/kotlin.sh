# The Kotlin package as an app sees it: android/doorstep, compiled and run on the JVM against the real library and server.
# What touches Android's own classes is compiled, too, against the framework's jar.
#
# The Maven project finds what was built through two properties, also given as environment variables to its tests:
#   doorstep.generated   the folder of the generated Kotlin sources
#   jna.library.path     the folder of libdoorstep_ffi
# and the server's program through DOORSTEP_SERVER.
# shellcheck shell=bash
ABOUT="the Kotlin package on the JVM (android/doorstep)"
NEEDS=(cargo cc jdk mvn python3)

run() {
    require android/doorstep/pom.xml
    check "one set of versions" python3 tools/android.py versions
    bindings/generate dev kotlin
    python3 tools/android.py docs docs/android.md android/doorstep/target/docs
    DOORSTEP_SERVER="$TARGET/debug/doorstep-server" DOORSTEP_STAGE="$TARGET/debug/stage" \
        mvn --batch-mode --no-transfer-progress --file android/doorstep/pom.xml -Pandroid \
        -Dkotlin.compiler.daemon=false \
        -Ddoorstep.generated="$TARGET/generated/kotlin" -Djna.library.path="$TARGET/debug" test
    checks_done
}
