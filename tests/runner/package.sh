# The figures of the packages: how large the library is that an app ships, and what a call costs in its language.
# shellcheck shell=bash

PACKAGE_FIGURES=(lib_size kotlin_call)

# A library is built as an app would ship it; what counts is its size when it is stripped. Budgets in MB: 7 with HTTP,
# photos and plain SQLite, 12 with SQLCipher and an OpenSSL of its own. Over budget, the run fails.
lib_size() {
    one_size lib_size_plain 7 "" || return 1
    one_size lib_size_sqlcipher 12 sqlcipher-vendored
}

# one_size FIGURE BUDGET FEATURES
one_size() {
    local folder="$TARGET/size-$1" library="$TARGET/size-$1/stripped.so" bytes
    cargo build --profile mobile -p doorstep-ffi --lib --features "$3" "${LOCKED[@]}" >&2 || return 1
    mkdir -p "$folder"
    strip --strip-unneeded -o "$library" "$TARGET/mobile/libdoorstep_ffi.so"
    bytes=$(stat --format %s "$library")
    awk -v name="$1" -v bytes="$bytes" -v budget="$2" -v arch="$(uname -m)" 'BEGIN {
        mb = bytes / 1000000
        printf "{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"MB\",\"budget\":%s,\"ratio\":%.2f,\"arch\":\"%s\",\"rounds\":1}\n",
            name, mb, budget, mb / budget, arch
        exit mb > budget
    }'
}

# What a call from Kotlin costs on the JVM, beside a call of nothing at all through the same bridge.
kotlin_call() {
    ensure_tools jdk mvn python3 >&2 || return 1
    local folder="$TARGET/kotlin-bench"
    bindings/generate release kotlin >&2
    python3 tools/android.py docs docs/android.md android/doorstep/target/docs
    mkdir -p "$folder"
    mvn --batch-mode --no-transfer-progress --quiet --file android/doorstep/pom.xml -Dkotlin.compiler.daemon=false \
        -Ddoorstep.generated="$TARGET/generated/kotlin" \
        test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$folder/classpath" >&2
    java -Djna.library.path="$TARGET/release" \
        -cp "android/doorstep/target/classes:android/doorstep/target/test-classes:$(<"$folder/classpath")" \
        app.doorstep.CallBench
}
