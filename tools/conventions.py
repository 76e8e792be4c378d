#!/usr/bin/env python3
"""Checks the conventions of CONTRIBUTING.md that a script can see: a file opens by saying why it exists, and stays small.

Generated files say "do not edit" near their top and are exempt from the size, as are tests; vendored files are exempt
from both.
"""

import os
import sys
from pathlib import Path

OPENINGS = {
    ".rs": ("//!", "//"),
    ".py": ('"""',),
    ".sh": ("#",),
    ".kt": ("//", "/*"),
    ".swift": ("//", "/*"),
    ".js": ("//", "/*"),
    ".mjs": ("//", "/*"),
    ".css": ("/*",),
    ".sql": ("--",),
    ".toml": ("#",),
}
# Cargo manifests say what they are for in their description.
NO_OPENING = {"Cargo.toml", "rustfmt.toml"}
LONGEST = 600
SKIPPED = {"target", "node_modules", ".git", ".build", "vendor"}


def source_files(root: Path):
    """Every file with a rule, vendored and built ones left out."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in OPENINGS:
                yield path.relative_to(root)


def faults(root: Path, path: Path):
    """What is wrong with one file, in words."""
    lines = (root / path).read_text(encoding="utf-8").splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith("#!/")), "")
    if path.name not in NO_OPENING and not first.startswith(OPENINGS[path.suffix]):
        yield f"opens with {first[:60]!r}, not with a comment that says why the file exists"
    if is_test(path) or any("do not edit" in line for line in lines[:5]):
        return
    # The unit tests at the end of a Rust file are tests, too.
    length = next((at for at, line in enumerate(lines) if line.startswith("#[cfg(test)]")), len(lines))
    if length > LONGEST:
        yield f"has {length} lines, more than {LONGEST}"


def is_test(path: Path):
    """Whether the whole file is a test."""
    return "tests" in path.parts[:-1] or path.stem in ("tests", "test") or "test" in path.parts[:-1]


def main():
    root = Path(__file__).resolve().parent.parent
    found = [f"{path}: {fault}" for path in source_files(root) for fault in faults(root, path)]
    print("\n".join(found) if found else "conventions: nothing to say")
    sys.exit(1 if found else 0)


main()
