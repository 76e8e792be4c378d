# The API reference of the Kotlin package, as Dokka makes it from the comments, Rust's among them.
# shellcheck shell=bash
ABOUT="the Kotlin package's API reference (Dokka), into target/reference/kotlin"
NEEDS=(cargo cc jdk mvn)

run() {
    local out="$TARGET/reference/kotlin"
    rm -rf "$out"
    bindings/generate dev kotlin
    mvn --batch-mode --no-transfer-progress --file android/doorstep/pom.xml \
        -Ddoorstep.generated="$TARGET/generated/kotlin" dokka:dokka -DoutputDir="$out"
    # The package's own words, and those of the Rust behind it.
    check "the front door is described" grep -q "A technician’s phone\|A technician's phone" "$out/-doorstep/app.doorstep/-doorstep/index.html"
    check "a record of the library is described" grep -q "A window agreed with the resident" "$out/-doorstep/app.doorstep/-time-window/index.html"
    checks_done
}
