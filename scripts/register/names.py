"""``python3 scripts/register/names.py`` writes the names of States from CLDR: English, Ukrainian, Russian and own.

What people type beside them, and what is ambiguous, stands in ``instruments/states.yaml``.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import pycountry
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.register import files  # noqa: E402 - found through the line above

EVERYWHERE = ("en", "uk", "ru")


def rows() -> Iterator[tuple[str, str, str]]:
    """Code, language and name, a name only once for each State."""
    others = files.states(ROOT).others
    codes = {country.alpha_3: country.alpha_2 for country in pycountry.countries}
    codes |= {code: other.cldr for code, other in others.items() if other.cldr}
    for code, cldr in sorted(codes.items()):
        own = get_official_languages(cldr, regional=True, de_facto=True)
        told: set[str] = set()
        for language in dict.fromkeys((*EVERYWHERE, *own)):
            name = _name(language, cldr)
            if name and (name not in told or language in EVERYWHERE):
                told.add(name)
                yield code, language, name


def _name(language: str, cldr: str) -> str:
    try:
        return str(Locale.parse(language).territories.get(cldr, ""))
    except (UnknownLocaleError, ValueError):
        return ""


if __name__ == "__main__":
    with (ROOT / "instruments" / "state_names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "language", "name"))
        writer.writerows(rows())
