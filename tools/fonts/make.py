#!/usr/bin/env python3
"""Cuts the fonts the server prints papers with: sync-server/assets/fonts/sheet-tc.otf and sheet-sc.otf.

    apt-get install fonts-noto-cjk      # the source: Noto Sans CJK Regular, SIL Open Font License 1.1
    pip install fonttools==4.68.0
    tools/fonts/make.py

The first font has, in their Traditional (Taiwan) shapes, the characters of Big5, HKSCS, GB 2312 and GBK (the part of
GB 18030 in common use), Latin with its accents, punctuation, arrows and the signs papers use. The second has only those
whose Simplified shape is another glyph: Simplified text takes from it first. Together they stay under 10 MB; two whole
fonts would not. Layout tables are dropped: nothing here is shaped, only set. See docs/decisions/0014.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from fontTools.ttLib import TTCollection

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TARGET = Path(__file__).resolve().parents[2] / "sync-server" / "assets" / "fonts"
MOST_BYTES = 10_000_000

# Latin and its extensions, punctuation, currency, letterlike signs, arrows, mathematics, CJK signs, kana, full width.
RANGES = [
    (0x20, 0x17F), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2100, 0x21FF), (0x2200, 0x22FF),
    (0x2460, 0x24FF), (0x2500, 0x25FF), (0x3000, 0x312F), (0xFF00, 0xFFEF),
]
SIGNS = "★☆✓✔□"


def charset(encoding):
    """The characters of a double-byte encoding, but for those of private use."""
    found = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                text = bytes([lead, trail]).decode(encoding)
            except UnicodeDecodeError:
                continue
            found |= {ord(c) for c in text if not 0xE000 <= ord(c) <= 0xF8FF}
    return found


def cut(number, wanted, name):
    """Writes one font of the collection with the wanted characters alone."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(f"U+{c:04X}" for c in sorted(wanted)))
        listed.flush()
        subprocess.run(
            [
                sys.executable, "-m", "fontTools.subset", SOURCE, f"--font-number={number}",
                f"--unicodes-file={listed.name}", "--layout-features=", "--no-hinting", "--desubroutinize",
                "--drop-tables+=vhea,vmtx,VORG,BASE,GPOS,GSUB,GDEF", "--notdef-outline", "--name-IDs=*",
                f"--output-file={TARGET / name}",
            ],
            check=True,
        )
    return (TARGET / name).stat().st_size


def main():
    fonts = TTCollection(SOURCE).fonts
    numbers = {font["name"].getDebugName(4): number for number, font in enumerate(fonts)}
    traditional, simplified = (fonts[numbers[f"Noto Sans CJK {script}"]].getBestCmap() for script in ("TC", "SC"))
    wanted = charset("big5") | charset("big5hkscs") | charset("gb2312") | charset("gbk")
    wanted |= {c for low, high in RANGES for c in range(low, high + 1)} | {ord(c) for c in SIGNS}
    other = {c for c in wanted if c in simplified and simplified[c] != traditional.get(c)}
    TARGET.mkdir(parents=True, exist_ok=True)
    sizes = [
        cut(numbers["Noto Sans CJK TC"], wanted & set(traditional), "sheet-tc.otf"),
        cut(numbers["Noto Sans CJK SC"], other, "sheet-sc.otf"),
    ]
    print(f"{len(wanted & set(traditional))} characters, {len(other)} with another Simplified shape: {sizes} bytes")
    if sum(sizes) > MOST_BYTES:
        sys.exit(f"together more than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
