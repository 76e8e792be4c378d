# The Python package: its wheel is built, installed into an environment of its own, and played against a real server; the
# page for newcomers is run as it stands. DOORSTEP_LONG=1 makes its stress last a minute.
# shellcheck shell=bash
ABOUT="the Python wheel (bindings/python) and its page"
NEEDS=(cargo cc strip pyvenv pysetuptools)

run() {
    build_product
    local venv="$TARGET/venv"
    export DOORSTEP_SERVER="$TARGET/debug/doorstep-server" DOORSTEP_STAGE="$TARGET/debug/stage"
    export PYTHON="$venv/bin/python"
    [[ -x $PYTHON ]] || /usr/bin/python3 -m venv --system-site-packages "$venv"
    bindings/python/make-wheel --no-isolation "$TARGET/debug" "$TARGET/python"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps --no-index \
        "$TARGET"/python/*.whl
    local status=0
    (cd bindings/python/tests && "$PYTHON" -m unittest -v 2>&1) || status=$?
    check "docs/python.md runs from nothing to a synced visit" page
    checks_done && return "$status"
}

page() {
    local program="$TARGET/page.py"
    tests/runner/blocks.py docs/python.md python >"$program" &&
        "$PYTHON" bindings/python/tests/office.py "$PYTHON" "$program" CODE >"$TARGET/page.out" &&
        cat "$TARGET/page.out" && grep -q "^2 entries sent, 0 wait$" "$TARGET/page.out"
}
