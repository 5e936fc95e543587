"""Papers as Markdown (CommonMark), complete and with everything a user wrote escaped.

Code spans hold names; their fence is always longer than any in the name.
"""

from __future__ import annotations

import re

from api.documents.text.blocks import (
    Entry,
    Line,
    Paper,
    Span,
)
from api.documents.text.safe import inert

#: Characters that can begin something in Markdown or in the extensions people render it with.
_MARKS = re.compile(r"([\\`*_\[\]<>&~|#^$!@{}])")
_LINKS = re.compile(r"(?i)(:)(?=//)|(?<=www)(\.)|(?<=mailto)(:)")
_STARTS = re.compile(r"^(\s*)([-+=])|^(\s*\d+)([.)])")
_WRAPS = {"strong": "**", "bad": "**", "good": "*", "warn": "*"}


def render(paper: Paper) -> str:
    """The paper as Markdown text."""
    rows = [f"# {said(paper.title).strip()}", ""]
    for lead in paper.lead:
        rows += [said(lead), ""]
    for section in paper.sections:
        rows += [f"## {escaped(section.title).strip()}", ""]
        rows += [said((Span(section.note),)), ""] if section.note else []
        for one in section.entries:
            rows += _listed(one, 0)
        rows += [""] if section.entries else []
    return "\n".join(rows).rstrip() + "\n"


def _listed(one: Entry, depth: int) -> list[str]:
    rows = [f"{'  ' * depth}- {said(one.line).strip() or '&nbsp;'}"]
    for below in one.below:
        rows += _listed(below, depth + 1)
    return rows


def said(line: Line) -> str:
    """A line with its styles as emphasis."""
    text = "".join(_span(span) for span in line)
    return _STARTS.sub(_start, text)


def _start(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[3]}\\{found[4]}"


def _span(span: Span) -> str:
    if span.style == "code":
        return _code(inert(span.text))
    wrap = _WRAPS.get(span.style, "")
    text = escaped(span.text)
    core = text.strip(" ")
    if not wrap or not core:
        return text
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{before}{wrap}{core}{wrap}{after}"


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def escaped(text: str) -> str:
    """Words that Markdown shows as they are."""
    return _LINKS.sub(lambda found: "\\" + found[0], _MARKS.sub(r"\\\1", inert(text)))
