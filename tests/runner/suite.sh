#!/usr/bin/env bash
# Runs one suite file in a shell of its own: its tools first, then its run().
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
source tests/runner/env.sh
source tests/runner/tools.sh
NEEDS=()
source "$1"
((${#NEEDS[@]} == 0)) || ensure_tools "${NEEDS[@]}" || exit "$MISSING"
run
