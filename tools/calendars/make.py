#!/usr/bin/env python3
"""Makes core/calendars/*.toml from named sources: PyPI's `holidays` and, for the mainland, `chinesecalendar`.

In a virtual environment:

    pip install holidays==0.109 chinesecalendar==1.11.0
    python tools/calendars/make.py            # writes the files
    python tools/calendars/make.py --check    # fails when the files are not what it would write

A year is official only when the government announced it and the source carries that announcement (OFFICIAL below says
which). Every other year is computed from the law and the lunar calendar: provisional.
"""

import datetime
import pathlib
import sys
from importlib.metadata import version

import chinese_calendar
import holidays

OUT = pathlib.Path(__file__).resolve().parents[2] / "core" / "calendars"
YEARS = (2026, 2027)
READ = "2026-11-24"
PACKAGE = f"PyPI holidays {version('holidays')}"

# The announcement each official year rests on. When a new one comes out: raise the package, add the line, run this.
OFFICIAL = {
    ("CN", 2026): f"{PACKAGE} and chinesecalendar {version('chinesecalendar')}, which agree day by day; "
    "both follow the State Council's announcement",
    ("HK", 2026): f"{PACKAGE}, general holidays; agrees with the Government's announcement of 2025-05-16",
    ("MO", 2026): f"{PACKAGE}, mandatory holidays of Law 7/2008; the labour bureau's table covers the year",
    ("TW", 2026): f"{PACKAGE}, public holidays; follows the work calendar of the personnel administration",
}

# Hong Kong's announcement for 2026 (every Sunday is a general holiday besides): what the package gives must equal it.
ANNOUNCED = {
    ("HK", 2026): (
        "01-01 02-17 02-18 02-19 04-03 04-04 04-06 04-07 05-01 05-25 06-19 07-01 09-26 10-01 10-19 12-25 12-26"
    ).split(),
}

# Region: its name, its packages' languages (Traditional, Simplified, English), and the kinds of days taken.
# Hong Kong's general holidays are the package's public and optional ones together (Good Friday is among the latter).
REGIONS = {
    "CN": ("中國內地", ("zh_TW", "zh_CN", "en_US"), ("public",)),
    "HK": ("香港", ("zh_HK", "zh_CN", "en_HK"), ("public", "optional")),
    "MO": ("澳門", ("zh_MO", "zh_CN", "en_MO"), ("public",)),
    "TW": ("臺灣", ("zh_TW", "zh_CN", "en_US"), ("public",)),
}

# A name the package has not translated.
SIMPLIFIED = {"臺灣光復節": "台湾光复暨金门古宁头大捷纪念日", "台湾光复节": "台湾光复暨金门古宁头大捷纪念日"}


def names(region, year, lang, kinds):
    """Every day off of a year, with its name in one language."""
    made = holidays.country_holidays(region, years=year, language=lang, categories=kinds)
    return {day: plain(name, lang) for day, name in made.items() if day.year == year}


def plain(name, lang):
    """The package's name as people write it: no month-first date in English, Chinese marks in Chinese."""
    if not lang.startswith("en"):
        for untranslated, name_in_full in SIMPLIFIED.items() if lang == "zh_CN" else ():
            name = name.replace(untranslated, name_in_full)
        return name.replace("; ", "；")
    before, _, worked = name.partition("(substituted from ")
    if worked:
        day = datetime.datetime.strptime(worked.rstrip(")"), "%m/%d/%Y").date()
        return f"{before}({day} is worked instead)"
    return name


def make_up_days(year, off):
    """The mainland's make-up workdays of an announced year; stops when the two sources disagree on any day."""
    found = []
    day = datetime.date(year, 1, 1)
    while day.year == year:
        weekend, works = day.weekday() >= 5, chinese_calendar.is_workday(day)
        if weekend and works:
            found.append(day)
        if not weekend and works == (day in off):
            sys.exit(f"the two sources disagree on {day}")
        day += datetime.timedelta(days=1)
    package = holidays.country_holidays("CN", years=year)
    if set(found) != {day for day in package.weekend_workdays if day.year == year}:
        sys.exit(f"the two sources disagree on the make-up workdays of {year}")
    return found


def quote(text):
    """A TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def section(region, year):
    """One year of a file, in lines."""
    _, langs, kinds = REGIONS[region]
    hant, hans, english = (names(region, year, lang, kinds) for lang in langs)
    official = OFFICIAL.get((region, year))
    makeup = make_up_days(year, hant) if official and region == "CN" else []
    announced = ANNOUNCED.get((region, year))
    if announced and announced != [f"{day:%m-%d}" for day in sorted(hant) if day.weekday() != 6]:
        sys.exit(f"{PACKAGE} differs from what {region} announced for {year}")
    computed = f"computed by {PACKAGE}; no announcement was read for this year"
    yield from (
        "[[years]]",
        f"year = {year}",
        f"status = {quote('official' if official else 'provisional')}",
        f"source = {quote((official or computed) + '; read ' + READ)}",
        "makeup = [" + ", ".join(quote(str(day)) for day in makeup) + "]",
        "off = [",
    )
    for day in sorted(hant):
        texts = f"zh_hant = {quote(hant[day])}, zh_hans = {quote(hans[day])}, en = {quote(english[day])}"
        yield f"  {{ date = {quote(str(day))}, name = {{ {texts} }} }},"
    yield "]"


def content(region):
    """A region's whole file."""
    name = REGIONS[region][0]
    lines = [
        f"# Days off and make-up workdays, {name}. Made by tools/calendars/make.py; an office can replace it (docs/policy.md).",
        f"region = {quote(region)}",
    ]
    for year in YEARS:
        lines += ["", *section(region, year)]
    return "\n".join(lines) + "\n"


def main():
    check = sys.argv[1:] == ["--check"]
    stale = []
    for region in REGIONS:
        path, text = OUT / f"{region.lower()}.toml", content(region)
        if check:
            stale += [path.name] if path.read_text(encoding="utf-8") != text else []
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit(f"not what this script makes: {', '.join(stale)}")


if __name__ == "__main__":
    main()
