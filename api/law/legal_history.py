"""The history of the law content, as the section "Legal changes" of CHANGELOG.md tells it.

Each entry is a heading of the third level with the lines ``Instruments:`` (ids, or all), ``Articles:``
(numbers, all or none) and ``Dates:``, and a text for readers. The changelog travels with the content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CHANGELOG, SECTION = "CHANGELOG.md", "Legal changes"
_LINE = re.compile(r"(?m)^(Instruments|Articles|Dates|content digest): *(.*?) *$")


@dataclass(frozen=True)
class Entry:
    """One entry of the section: its heading, its lines ``Name: words`` and what else it says."""

    heading: str
    lines: dict[str, str]
    text: str = ""

    def words(self, name: str) -> list[str]:
        """What a line lists, in order."""
        return [word.strip() for word in self.lines.get(name, "").split(",") if word.strip()]

    def names(self, instrument: str, articles: set[str] | None = None) -> bool:
        """Whether it tells of this instrument and, if any are given, of one of these articles."""
        if not {"all", instrument} & set(self.words("Instruments")):
            return False
        return articles is None or bool({"all", *articles} & set(self.words("Articles")))


def entries(text: str) -> list[Entry]:
    """The entries of the section, newest first."""
    section = re.search(rf"(?ms)^## {SECTION}\n(.*?)(?=^## |\Z)", text)
    blocks = re.split(r"(?m)^### ", section[1])[1:] if section else []
    return [_entry(block) for block in blocks]


def _entry(block: str) -> Entry:
    heading, _, body = block.partition("\n")
    return Entry(heading.strip(), dict(_LINE.findall(body)), " ".join(_LINE.sub("", body).split()))


@lru_cache(8)
def history_of(content: Path) -> tuple[Entry, ...]:
    """The entries that travel with a content folder, newest first; none where no changelog does."""
    path = content / CHANGELOG
    return tuple(entries(path.read_text("utf-8"))) if path.is_file() else ()
