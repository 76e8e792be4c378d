"""Makes core/calendars/*.toml from named sources: PyPI's `holidays` and, for the mainland, `chinesecalendar`.

Run in a virtual environment:  pip install holidays==0.109 chinesecalendar==1.11.0 && python tools/calendars/make.py
A year is official only when a source carries the government's own announcement for it: for the mainland
that is `chinesecalendar`, which fails for years nobody has announced. Everything else is computed: provisional.
"""

import datetime
import pathlib

import chinese_calendar
import holidays

OUT = pathlib.Path(__file__).resolve().parents[2] / "core" / "calendars"
YEARS = (2026, 2027)
# Whether the region's government had announced the year when this was made (see docs/policy.md for how to replace a file).
OFFICIAL = {("CN", 2026), ("HK", 2026), ("TW", 2026), ("MO", 2026)}
LANGS = {
    "CN": ("zh_TW", "zh_CN", "en_US"),
    "HK": ("zh_HK", "zh_CN", "en_HK"),
    "TW": ("zh_TW", "zh_CN", "en_US"),
    "MO": ("zh_MO", "zh_CN", "en_MO"),
}
NAMES = {"CN": "中國內地", "HK": "香港", "TW": "臺灣", "MO": "澳門"}


# Hong Kong's general holidays are the package's public and optional ones together (Good Friday is among the latter).
CATEGORIES = {"HK": ("public", "optional")}


def names(region, year, lang):
    categories = CATEGORIES.get(region, ("public",))
    made = holidays.country_holidays(region, years=year, language=lang, categories=categories)
    return {day: name for day, name in made.items() if day.year == year}


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def days_of(region, year):
    """The days off that fall on weekdays or carry a holiday's name, and the make-up workdays."""
    hant, hans, english = (names(region, year, lang) for lang in LANGS[region])
    off = {day: (hant.get(day, hans[day]), hans[day], english.get(day, hans[day])) for day in hans}
    makeup = []
    if region == "CN" and (region, year) in OFFICIAL:
        day = datetime.date(year, 1, 1)
        while day.year == year:
            weekend = day.weekday() >= 5
            if chinese_calendar.is_workday(day) and weekend:
                makeup.append(day)
            if chinese_calendar.is_holiday(day) and not weekend and day not in off:
                raise SystemExit(f"the two sources disagree on {day}")
            if chinese_calendar.is_workday(day) and not weekend and day in off:
                raise SystemExit(f"the two sources disagree on {day}")
            day += datetime.timedelta(days=1)
    return off, makeup


def main():
    today = datetime.date.today().isoformat()
    OUT.mkdir(parents=True, exist_ok=True)
    for region in LANGS:
        lines = [
            f"# Days off and make-up workdays, {NAMES[region]}. Made by tools/calendars/make.py; an office can replace it.",
            f'region = "{region}"',
            "",
        ]
        for year in YEARS:
            official = (region, year) in OFFICIAL
            source = f"PyPI holidays {holidays.__version__}"
            if region == "CN" and official:
                source += " and chinesecalendar 1.11.0 (State Council announcement), which agree"
            off, makeup = days_of(region, year)
            lines += [
                "[[years]]",
                f"year = {year}",
                f'status = "{"official" if official else "provisional"}"',
                f"source = {quote(source + ', read ' + today)}",
                "off = [",
            ]
            for day in sorted(off):
                a, b, c = off[day]
                lines.append(
                    f"  {{ date = {quote(day.isoformat())}, name = {{ zh_hant = {quote(a)}, zh_hans = {quote(b)}, en = {quote(c)} }} }},"
                )
            lines += ["]", "makeup = [" + ", ".join(quote(day.isoformat()) for day in makeup) + "]", ""]
        (OUT / f"{region.lower()}.toml").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
