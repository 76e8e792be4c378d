# cargo-deny: licences, bans and sources from deny.toml, and the advisory database, which it fetches from the network.
# shellcheck shell=bash
ABOUT="cargo-deny: licences, bans, sources, advisories"
NEEDS=(cargo cc cargo-deny)

run() {
    check "licences, bans, sources" cargo deny --all-features check licenses bans sources
    check "advisories (needs the advisory database)" cargo deny --all-features check advisories
    checks_done
}
