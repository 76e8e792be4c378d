#!/usr/bin/env python3
"""Keeps the Kotlin package's files together.

    tools/android.py versions               the Maven build has the versions of the Gradle catalog and of the workspace
    tools/android.py docs PAGE FOLDER       the page's Kotlin, as sources the tests compile and run

A page's blocks ```kotlin become one function, in order, so that each may use what stood above it. A block that declares a
class or a function stands beside it. Lines `import …` go to the top of the file.
"""

import re
import sys
import tomllib
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POM = "{http://maven.apache.org/POM/4.0.0}"


def versions():
    """Differences between pom.xml, libs.versions.toml and Cargo.toml, in words."""
    catalog = tomllib.loads((ROOT / "android/gradle/libs.versions.toml").read_text(encoding="utf-8"))["versions"]
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["version"]
    pom = xml.parse(ROOT / "android/doorstep/pom.xml").getroot()
    if pom.findtext(f"{POM}version") != workspace:
        yield f"pom.xml is {pom.findtext(f'{POM}version')}, Cargo.toml {workspace}"
    properties = pom.find(f"{POM}properties")
    for name, version in catalog.items():
        here = properties.findtext(f"{POM}{name}.version")
        # Maven needs no Android plugin.
        if here != version and not (name == "agp" and here is None):
            yield f"{name} is {here} in pom.xml, {version} in libs.versions.toml"
    known = {name + ".version" for name in catalog}
    for element in properties:
        name = element.tag.removeprefix(POM)
        if name.endswith(".version") and name not in known:
            yield f"{name} is not in libs.versions.toml"


def docs(page: Path, folder: Path):
    """Writes the page's Kotlin as one source."""
    blocks = re.findall(r"^```kotlin\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    if not blocks:
        raise SystemExit(f"{page} has no Kotlin")
    imports, declared, done = set(), [], []
    for block in blocks:
        lines = block.splitlines()
        imports.update(line for line in lines if line.startswith("import "))
        body = "\n".join(line for line in lines if not line.startswith("import ")).strip()
        declares = re.match(r"(class|fun|suspend fun|object|/\*\*)", body)
        (declared if declares else done).append(body)
    inside = "\n\n".join(done).replace("\n", "\n    ")
    text = f"""// The Kotlin of {page.name}, as a newcomer types it. Made by tools/android.py: do not edit.
@file:Suppress("UNUSED_VARIABLE", "UNUSED_EXPRESSION")

package app.doorstep.docs

import app.doorstep.*
{chr(10).join(sorted(imports))}

{(chr(10) * 2).join(declared)}

/** Every step of the page, in order. [code] is what the office's QR code says, [folder] the app's. */
internal suspend fun page(code: String, folder: java.io.File, camera: java.io.File) {{
    {inside}
}}
"""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Page.kt").write_text(text, encoding="utf-8")


def main():
    match sys.argv[1:]:
        case ["versions"]:
            found = list(versions())
            print("\n".join(found) if found else "android: one set of versions")
            sys.exit(1 if found else 0)
        case ["docs", page, folder]:
            docs(Path(page), Path(folder))
        case _:
            sys.exit(__doc__)


main()
