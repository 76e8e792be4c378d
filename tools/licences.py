#!/usr/bin/env python3
"""Checks the licence of every crate in the dependency tree against the list in deny.toml, without network.

cargo-deny reads the same list and checks more; this one needs only cargo and Python, so it can run every time.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def acceptable(expression: str, allowed: set) -> bool:
    """Whether an SPDX expression (AND, OR, WITH, parentheses, and the old "/" for OR) can be met by allowed licences."""
    tokens = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))

    def either():
        result = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            result = both() or result
        return result

    def both():
        result = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            result = one() and result
        return result

    def one():
        token = tokens.pop(0)
        if token == "(":
            result = either()
            tokens.pop(0)
            return result
        if tokens and tokens[0] == "WITH":
            token = f"{token} WITH {tokens[1]}"
            del tokens[:2]
        return token in allowed

    return either()


def main():
    rules = tomllib.loads((ROOT / "deny.toml").read_text(encoding="utf-8"))["licenses"]
    allowed = set(rules["allow"])
    exceptions = {entry["crate"]: allowed | set(entry["allow"]) for entry in rules.get("exceptions", [])}
    command = ["cargo", "metadata", "--format-version", "1", "--all-features", "--quiet"]
    packages = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    refused = []
    for package in packages:
        licence = package["license"]
        if not licence or not acceptable(licence, exceptions.get(package["name"], allowed)):
            refused.append(f"{package['name']} {package['version']}: {licence or 'no licence named'}")
    print("\n".join(refused) if refused else f"licences: {len(packages)} crates, all allowed by deny.toml")
    sys.exit(1 if refused else 0)


main()
