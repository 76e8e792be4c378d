#!/usr/bin/env python3
"""Makes docs/rules.md: for each rule R1 to R176 where the code enforces it, shows it, or leaves it out.

Nothing is written by hand: reasons of refusal, settings, checklist items, code and tests are found by the rules they
cite. `--check` says whether the table is what the code says now.
"""

import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs/rules.md"
DOMAIN = ROOT / "core/src/domain"
CATALOGUE = DOMAIN / "policy/rules"
PACKS = sorted((ROOT / "core/policy").glob("*.toml"))
# Code that is looked through for citations, what is told in another way, and what is no part of the product.
CODE = ["core/src", "bindings/src", "sync-server/src"]
OWN = [CATALOGUE, DOMAIN / "policy", DOMAIN / "refusal", ROOT / "sync-server/src/demo"]
TESTS = ["core/tests", "sync-server/tests", "tests/tests"]
MOST = 3
# Sections of a pack whose name is not that of their type.
SECTIONS = {"FollowUpRule": "follow_up", "ComplaintRule": "complaints.rules"}

HEAD = """# The rules and where they are

Made by `tools/rules.py` from the citations in code, policy packs and tests; run it after a change, the lint suite checks
it. What the rules mean in full stands in the catalogue, [core/src/domain/policy/rules](../core/src/domain/policy/rules).

* **enforced**: something is refused without it: the reason's name, or a required checklist item, is given.
* **shown**: recorded, counted or shown, and nothing is refused.
* **set only**: a policy pack has a setting for it that nothing reads yet.
* **left out**: nothing cites it.

"""


def titles():
    """The short English name of each rule."""
    rows = re.compile(r'\((\d+), "[^"]*", \["[^"]*", "[^"]*", "([^"]*)"\]\)')
    text = "".join((CATALOGUE / name).read_text(encoding="utf-8") for name in ("visit.rs", "office.rs"))
    return {int(number): title for number, title in rows.findall(text)}


def cited(text):
    """The rules a text cites one by one; a range such as `R58 to R65` only says what a file is about."""
    text = re.sub(r"R\d+\s*(?:to|–|-)\s*R?\d+", "", text)
    return {int(number) for number in re.findall(r"\bR(\d{1,3})\b", text)}


def reasons():
    """Reasons of refusal by rule."""
    text = (DOMAIN / "refusal/reasons.rs").read_text(encoding="utf-8")
    found = defaultdict(list)
    for name, rule in re.findall(r"^    (\w+) (\d+) (?:None|Some\()", text, re.M):
        found[int(rule)].append(name)
    return found


def settings():
    """Settings by rule, as `section.key`, and those among them that no code reads."""
    read = "\n".join(path.read_text(encoding="utf-8") for path in sources(CODE) if DOMAIN / "policy" not in path.parents)
    found, unread = defaultdict(list), set()
    section, docs, about = "", [], set()
    for line in (DOMAIN / "policy/settings.rs").read_text(encoding="utf-8").splitlines():
        if struct := re.match(r"pub struct (\w+)", line):
            section = SECTIONS.get(struct[1], re.sub(r"(?<!^)(?=[A-Z])", "_", struct[1]).lower())
            docs, about = [], cited(" ".join(docs))
        elif doc := re.match(r"\s*/// (.*)", line):
            docs.append(doc[1])
        elif field := re.match(r"\s+pub (\w+):", line):
            name = f"{section}.{field[1]}"
            for rule in cited(" ".join(docs)) or about:
                found[rule].append(name)
            if not re.search(rf"\.{field[1]}\b(?!\()", read):
                unread.add(name)
            docs = []
        elif not line.strip().startswith("#"):
            docs = []
    for pack in PACKS:
        pack = tomllib.loads(pack.read_text(encoding="utf-8"))
        for key, rows in {"follow_up": pack["follow_up"], "complaints.rules": pack["complaints"]["rules"]}.items():
            for row in rows:
                found[row["rule"]].append(key)
            if not re.search(rf"policy\.{key.split('.')[0]}\b", read):
                unread.add(key)
    return found, unread


def items():
    """Checklist items of all packs by rule: the required ones, and the others."""
    required, others = defaultdict(set), defaultdict(set)
    for pack in PACKS:
        for checklist in tomllib.loads(pack.read_text(encoding="utf-8"))["checklists"]:
            for item in checklist["items"]:
                kind = required if item.get("required") else others
                kind[item["rule"]].add(item["id"])
    return required, others


def sources(folders):
    """The Rust files of folders, in a fixed order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.rs"))


def code():
    """Files of the product by rule, unit tests at their end left out."""
    found = defaultdict(list)
    for path in sources(CODE):
        if any(own in path.parents for own in OWN) or path.stem == "tests" or "tests" in path.parts:
            continue
        text = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
        for rule in cited(text):
            found[rule].append(path)
    return found


def tests():
    """Test files by rule: a test's name begins with it, or the file cites it."""
    found = defaultdict(list)
    for path in sources(TESTS):
        text = path.read_text(encoding="utf-8")
        named = {int(number) for name in re.findall(r"fn (r\d+\w*)", text) for number in re.findall(r"r(\d+)_", name)}
        for rule in named | cited(text):
            found[rule].append(path)
    return found


def short(path):
    """A file's name as the table has it: without the folders every file of its crate has."""
    return str(path.relative_to(ROOT)).replace("core/src/domain/", "").replace("core/src/", "")


def files(paths):
    """A few file names, what decides first."""
    ordered = sorted(paths, key=lambda path: ("decide" not in path.parts, short(path)))
    shown = [f"`{short(path)}`" for path in ordered[:MOST]]
    return shown + [f"and {len(ordered) - MOST} more"] * (len(ordered) > MOST)


def table():
    """The whole page."""
    refused, (keys, unread), (required, reminders), cites, proofs = reasons(), settings(), items(), code(), tests()
    counts, rows = defaultdict(int), []
    for rule, title in sorted(titles().items()):
        read = [key for key in keys[rule] if key not in unread]
        if refused[rule] or required[rule]:
            how = "enforced"
        elif reminders[rule] or read or cites[rule]:
            how = "shown"
        else:
            how = "set only" if keys[rule] else "left out"
        counts[how] += 1
        where = [f"`{name}`" for name in refused[rule]]
        where += [f"item `{name}`" for name in sorted(required[rule] | reminders[rule])]
        where += [f"setting `{name}`" + (" (not read)" if name in unread else "") for name in sorted(set(keys[rule]))]
        where += files(cites[rule])
        rows.append(f"| R{rule} | {title} | {how} | {', '.join(where)} | {', '.join(files(proofs[rule]))} |")
    sums = ", ".join(f"{counts[how]} {how}" for how in ("enforced", "shown", "set only", "left out"))
    columns = "| Rule | In short | | Where | Tests |\n|---|---|---|---|---|\n"
    return f"{HEAD}Of {len(rows)} rules: {sums}.\n\n{columns}" + "\n".join(rows) + "\n"


def main():
    made = table()
    if sys.argv[1:] != ["--check"]:
        TABLE.write_text(made, encoding="utf-8")
        return
    kept = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    if kept != made:
        stale = sorted(set(made.splitlines()) ^ set(kept.splitlines()))
        print(f"docs/rules.md is not what the code says: run tools/rules.py ({len(stale)} lines differ, first {stale[:1]})")
        sys.exit(1)
    print("rules: the table is what the code says")


main()
