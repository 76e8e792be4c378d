#!/usr/bin/env python3
"""Prints the code blocks of a page in one language, in their order, as one program: so a page's code is compiled.

    tests/runner/blocks.py docs/ios.md swift [KIND]

A block opens with ```swift, or with ```swift KIND for those that go elsewhere: a manifest, or what only Apple compiles.
"""

import sys
from pathlib import Path


def blocks(page, language, kind):
    """Every block whose opening line names just this."""
    wanted = f"```{language} {kind}".strip()
    inside, lines = False, []
    for line in Path(page).read_text(encoding="utf-8").splitlines():
        if inside and line.startswith("```"):
            inside = False
            lines.append("")
        elif inside:
            lines.append(line)
        elif line == wanted:
            inside = True
    return "\n".join(lines)


def main():
    page, language, *kind = sys.argv[1:]
    text = blocks(page, language, " ".join(kind))
    if not text.strip():
        sys.exit(f"{page} has no block of {language} {' '.join(kind)}")
    print(text)


main()
