#!/usr/bin/env python3
"""Writes the demo's signatures: one file of strokes with time and pressure for each name.

    npm install --no-save hanzi-writer-data@2.0.1       (in any folder)
    python3 tools/handwriting/make.py FOLDER/node_modules/hanzi-writer-data

The same names give the same bytes every time. The strokes come from the medians of hanzi-writer-data, which are
derived from Arphic fonts: demo/handwriting/LICENSE-notes.md says what that asks of whoever passes them on.
"""

import json
import pathlib
import sys

from hand import write

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "demo" / "handwriting"
WIDTH, HEIGHT = 900, 320
MADE = "2026-11-24"
NOTICE = (
    f"Changed on {MADE} by tools/handwriting/make.py: stroke medians of hanzi-writer-data 2.0.1 (Make Me a Hanzi, "
    "from fonts (C) 1999 Arphic Technology Co., Ltd.) bent into handwriting. Arphic Public License, see ARPHICPL.TXT."
)


def names():
    """The names and the hand each is written in, from names.txt: a name, blanks, a seed."""
    text = (pathlib.Path(__file__).parent / "names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line:
            name, seed = line.split()
            yield name, seed


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    data = pathlib.Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, seed in names():
        medians = {}
        for character in name:
            medians[character] = json.loads((data / f"{character}.json").read_text(encoding="utf-8"))["medians"]
        strokes = write(name, medians, seed, WIDTH, HEIGHT)
        rounded = [[[round(x, 1), round(y, 1), round(t), round(p, 2)] for x, y, t, p in s] for s in strokes]
        document = {"notice": NOTICE, "name": name, "width": WIDTH, "height": HEIGHT, "strokes": rounded}
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (TARGET / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        points = sum(len(s) for s in strokes)
        print(f"{name}  {len(strokes)} strokes  {points} points  {strokes[-1][-1][2] / 1000:.1f} s  {len(text.encode()) / 1024:.1f} KB")


if __name__ == "__main__":
    main()
