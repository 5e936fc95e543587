"""The parts of a paper: spans of text with a meaning, entries in a tree, sections with a title.

A style says what a span means (``strong``, ``good``, ``bad``, ``warn``, ``faint``, ``code``), not how
it looks; the renderers decide that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["", "strong", "good", "bad", "warn", "faint", "code"]


@dataclass(frozen=True)
class Span:
    """A run of text that means one thing."""

    text: str
    style: Style = ""


Line = tuple[Span, ...]
Says = str | Span | Iterable["str | Span"]


@dataclass(frozen=True)
class Entry:
    """A line with what hangs below it."""

    line: Line
    below: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Section:
    """A titled list of entries; ``note`` stands under the title."""

    title: str
    entries: tuple[Entry, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """A whole text: title, lines that say the most important, sections."""

    title: Line
    lead: tuple[Line, ...] = ()
    sections: tuple[Section, ...] = field(default=())


def line(*parts: Says) -> Line:
    """A line from words and spans; empty ones are left out."""
    spans: list[Span] = []
    for part in parts:
        for one in (part,) if isinstance(part, str | Span) else part:
            span = one if isinstance(one, Span) else Span(one)
            if span.text:
                spans.append(span)
    return tuple(spans)


def entry(*parts: Says, below: Iterable[Entry] = ()) -> Entry:
    """An entry from words and spans."""
    return Entry(line(*parts), tuple(below))


def strong(text: str) -> Span:
    """Emphasis."""
    return Span(text, "strong")


def good(text: str) -> Span:
    """Something that holds."""
    return Span(text, "good")


def bad(text: str) -> Span:
    """Something that stands in the way."""
    return Span(text, "bad")


def warn(text: str) -> Span:
    """Something to be careful about."""
    return Span(text, "warn")


def faint(text: str) -> Span:
    """Something of less weight."""
    return Span(text, "faint")


def code(text: str) -> Span:
    """A name to be typed."""
    return Span(text, "code")
