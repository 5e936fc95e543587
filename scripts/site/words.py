"""Markdown: text made safe, tables, lists, links and the marks that say how far something was checked."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

#: What a review mark says, in the words of the site.
REVIEWS = {
    "text_seen": ("text seen", "The primary text, or a reliable quotation of it, was seen."),
    "known": ("known", "Settled, but the pinpoint is to be checked before it is cited."),
    "unverified": ("unverified", "Believed, not checked. Do not rely on it before you have checked it."),
}
_SPECIAL = re.compile(r"([\\`*_\[\]|])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;"}


def plain(text: object) -> str:
    """Text in which nothing is read as Markdown or HTML, on one line."""
    one_line = " ".join(str(text).split())
    escaped = "".join(_HTML.get(letter, letter) for letter in one_line)
    return _SPECIAL.sub(r"\\\1", escaped)


def code(text: object) -> str:
    """A name as it is written in the files."""
    return f"`{text}`"


def badge(review: str) -> str:
    """A review mark; anything unverified catches the eye."""
    label, meaning = REVIEWS[review]
    return f'<span class="review {review}" title="{meaning}">{label}</span>'


def flag(review: str) -> str:
    """The mark of what is unverified, after a blank; nothing otherwise."""
    return f" {badge(review)}" if review == "unverified" else ""


def day(when: date | None) -> str:
    """A date, or that it is not known."""
    return when.isoformat() if when else "not known"


def words(name: str) -> str:
    """A key of the content as words."""
    return name.replace("_", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, or nothing without rows; cells are Markdown already."""
    lines = [" | ".join(row) for row in rows]
    if not lines:
        return ""
    return "\n".join(f"| {line} |" for line in (" | ".join(head), " | ".join("---" for _ in head), *lines))


def bullets(items: Iterable[str]) -> str:
    """A list; items are Markdown already."""
    return "\n".join(f"- {item}" for item in items)


def folded(title: str, text: str) -> str:
    """A box that opens on a click."""
    return "?" * 3 + note("info", title, text)[3:]


def note(kind: str, title: str, text: str) -> str:
    """A box: ``kind`` is one of the theme's (warning, info, danger)."""
    body = "\n".join(f"    {line}" if line else "" for line in text.splitlines())
    return f'!!! {kind} "{title}"\n\n{body}'


@dataclass
class Page:
    """A page in the making: links are written relative to its own address, menus left out of a ``wide`` one."""

    address: str
    blocks: list[str] = field(default_factory=list)
    wide: bool = False

    def add(self, *blocks: str) -> None:
        """Append blocks; empty ones are left out."""
        self.blocks += [block for block in blocks if block]

    def link(self, text: str, target: str) -> str:
        """A link to an address; ``text`` is Markdown already."""
        path, _, anchor = target.partition("#")
        relative = "" if path == self.address else posixpath.relpath(path, posixpath.dirname(self.address) or ".")
        return f"[{text}]({relative}{'#' + anchor if anchor else ''})"

    def markdown(self) -> str:
        """The whole page; a wide one has no menus beside it."""
        front = "---\nhide: [navigation, toc]\n---\n\n" if self.wide else ""
        return front + "\n\n".join(self.blocks) + "\n"
