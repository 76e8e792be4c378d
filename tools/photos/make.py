"""Draws the demo's two pictures, under the sink before and after the repair: python3 tools/photos/make.py (needs Pillow)."""

import pathlib

from PIL import Image, ImageDraw

TARGET = pathlib.Path(__file__).resolve().parents[2] / "demo" / "photos"


def sink(wet):
    image = Image.new("RGB", (480, 360), "#d9d2c5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 480, 70), fill="#8c8f94")
    draw.rounded_rectangle((120, 20, 360, 130), 24, fill="#c3c8cf", outline="#6d7278", width=4)
    draw.rectangle((228, 130, 252, 200), fill="#9aa1aa")
    draw.arc((196, 160, 284, 260), 0, 180, fill="#9aa1aa", width=24)
    draw.rectangle((184, 150, 208, 214), fill="#9aa1aa")
    draw.rectangle((60, 190, 130, 214), fill="#b5793a" if wet else "#c9ccd1", outline="#5a5f66", width=3)
    draw.rectangle((130, 196, 186, 208), fill="#7e858e")
    draw.rectangle((0, 310, 480, 360), fill="#a08c6e")
    if wet:
        for x, y in ((150, 226), (150, 250), (152, 276)):
            draw.polygon([(x, y - 10), (x - 6, y + 4), (x + 6, y + 4)], fill="#4f8fd0")
            draw.ellipse((x - 6, y - 2, x + 6, y + 10), fill="#4f8fd0")
        draw.ellipse((70, 316, 330, 352), fill="#6ea6dc")
    return image


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    sink(True).save(TARGET / "before.jpg", quality=80)
    sink(False).save(TARGET / "after.jpg", quality=80)
