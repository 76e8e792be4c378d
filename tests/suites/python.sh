# The Python package: its wheel is built, installed into an environment of its own, and played against a real server.
# shellcheck shell=bash
ABOUT="the Python wheel (bindings/python)"
NEEDS=(cargo cc strip pyvenv pysetuptools)

run() {
    build_product
    local venv="$TARGET/venv"
    export DOORSTEP_SERVER="$TARGET/debug/doorstep-server" PYTHON="$venv/bin/python"
    [[ -x $PYTHON ]] || /usr/bin/python3 -m venv --system-site-packages "$venv"
    bindings/python/make-wheel --no-isolation "$TARGET/debug" "$TARGET/python"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps --no-index \
        "$TARGET"/python/*.whl
    (cd bindings/python/tests && "$PYTHON" -W error::ResourceWarning -m unittest -v 2>&1)
}
