# The phone's store on SQLCipher: everything it does on plain SQLite, and encrypted files.
# shellcheck shell=bash
ABOUT="the phone's store on SQLCipher (crate doorstep-core)"
NEEDS=(cargo cc libcrypto)

run() {
    cargo test -p doorstep-core --features sqlcipher --lib "${LOCKED[@]}" --no-fail-fast phone::
}
