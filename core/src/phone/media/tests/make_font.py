"""Makes boxes.ttf, the font of the watermark's tests: digits, capitals and a few signs, each a block of its own width."""

import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-:"


def block(width, height):
    pen = TTGlyphPen(None)
    for number, corner in enumerate([(60, 0), (60, height), (width - 60, height), (width - 60, 0)]):
        pen.lineTo(corner) if number else pen.moveTo(corner)
    pen.closePath()
    return pen.glyph()


names = {character: f"c{ord(character):04x}" for character in CHARACTERS}
glyphs = {".notdef": block(500, 700), "space": TTGlyphPen(None).glyph()}
glyphs |= {name: block(400 + index * 5, 200 if character in "-:" else 700) for index, (character, name) in enumerate(names.items())}
advance = {name: (400 + index * 5, 60) for index, name in enumerate(names.values())}
builder = FontBuilder(1000, isTTF=True)
builder.setupGlyphOrder(list(glyphs))
builder.setupCharacterMap({32: "space"} | {ord(character): name for character, name in names.items()})
builder.setupGlyf(glyphs)
builder.setupHorizontalMetrics({".notdef": (500, 60), "space": (300, 0)} | advance)
builder.setupHorizontalHeader(ascent=800, descent=-200)
builder.setupNameTable({"familyName": "Doorstep Test Boxes", "styleName": "Regular"})
builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
builder.setupPost()
builder.save(sys.argv[1])
