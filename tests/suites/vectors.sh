# The published vectors of seals and copies, checked by node alone: nothing of the product runs.
# shellcheck shell=bash
ABOUT="published vectors of seals and copies, checked by node"
NEEDS=(node)

run() {
    require tests/vectors/seals/seals.json tests/vectors/seals/copies.json verify/index.html
    node --test --test-reporter=spec tests/vectors/check.test.mjs
}
