"""Examples in the texts: code blocks with the expectations that stand as comments at their top.

    # gives OUTCOME [settled]                            of the case
    # count ID OUTCOME                                   of one offence
    # CRITERION STATUS[, strictly STATUS]                on the record, and strictly

Each may end with ``as the person says``, ``as the State says`` or ``on YYYY-MM-DD``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent

from engine.facts.reading import Reading

_BLOCK = re.compile(r"^( *)```yaml\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_SAYS = {"person": "person", "State": "state"}


@dataclass(frozen=True)
class Expectation:
    """One thing that must come of an example."""

    kind: str
    subject: str
    wanted: str
    strictly: str = ""
    reading: Reading = "neutral"
    on: date | None = None


@dataclass(frozen=True)
class Example:
    """A case in a text, with what must come of it."""

    name: str
    text: str
    expected: tuple[Expectation, ...]


def yaml_blocks(path: Path) -> list[str]:
    """The YAML blocks of a text, also those inside a list."""
    return [dedent(body) for _, body in _BLOCK.findall(path.read_text("utf-8"))]


def examples(path: Path) -> Iterator[Example]:
    """Every block of a text that is a case."""
    for number, block in enumerate(yaml_blocks(path), 1):
        if re.search(r"^case:", block, re.MULTILINE):
            said = [line[2:] for line in block.splitlines() if line.startswith("# ")]
            yield Example(f"{path.name} {number}", block, tuple(_expectation(line) for line in said))


def _expectation(line: str) -> Expectation:
    on = re.search(r" on (\d{4}-\d\d-\d\d)$", line)
    line = line[: on.start()] if on else line
    side = re.search(r" as the (person|State) says$", line)
    line = line[: side.start()] if side else line
    reading: Reading = _SAYS[side[1]] if side else "neutral"  # type: ignore[assignment]
    day = date.fromisoformat(on[1]) if on else None
    if found := re.fullmatch(r"gives (\w+)(?: (settled))?", line):
        return Expectation("outcome", "", found[1], found[2] or "", reading, day)
    if found := re.fullmatch(r"count ([\w-]+) (\w+)", line):
        return Expectation("count", found[1], found[2], "", reading, day)
    found = re.fullmatch(r"([\w.-]+\.[\w-]+) (\w+)(?:, strictly (\w+))?", line)
    assert found, f"'{line}' is no expectation; see the top of {__name__}"
    return Expectation("status", found[1], found[2], found[3] or "", reading, day)
