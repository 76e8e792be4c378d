#!/usr/bin/env python3
"""Checks what `doorstep-server demo --once --json` printed: one JSON object that counts what the demo really did."""

import json
import sys
from pathlib import Path

# Counts that a finished demo cannot have at zero.
ABOVE_ZERO = ["orders", "entries", "photos", "phones", "requests", "bytes_up"]
# Faults that a finished demo cannot have.
ZERO = ["parked", "refused", "still_waiting", "differing_views"]


def main():
    printed = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(printed, ensure_ascii=False))
    faults = [f"{key} is {printed.get(key)!r}, not a number above zero" for key in ABOVE_ZERO
              if not isinstance(printed.get(key), int) or printed[key] <= 0]
    faults += [f"{key} is {printed.get(key)!r}, not zero" for key in ZERO if printed.get(key) != 0]
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


main()
