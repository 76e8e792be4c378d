# The office's pages in a real browser: the system's Chromium, driven by playwright-core from node's own test runner.
#
# The tests find the browser at CHROMIUM and the server's program at DOORSTEP_SERVER.
# shellcheck shell=bash
ABOUT="office pages in Chromium (tests/browser)"
NEEDS=(cargo cc node npm chromium cjk-fonts)

run() {
    require tests/browser/package.json tests/browser/package-lock.json
    build_product
    export DOORSTEP_SERVER="$TARGET/debug/doorstep-server"
    CHROMIUM=$(command -v chromium)
    export CHROMIUM
    cd tests/browser
    npm ci --no-audit --no-fund
    # node counts a file it cannot even load as a failed test, so an import error is no silent pass.
    local files
    mapfile -t files < <(find . -name node_modules -prune -o -name '*.test.*js' -print | sort)
    ((${#files[@]})) || { echo "missing from the repository: a test under tests/browser"; return 1; }
    node --test --test-reporter=spec "${files[@]}"
}
