"""The conformity table in words: one line a case, in Markdown for the documentation.

What is decided, obtained and explained comes from ``api.law.conformity``; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.documents.text.markdown import escaped
from api.law.conformity import Line, Table


def as_markdown(table: Table) -> str:
    """The table in Markdown, one for each group, the summary first."""
    head = (
        "Row",
        "Decision",
        "Route",
        "Held",
        "Expected",
        "Obtained",
        "Driven by",
        "Review",
        "With findings",
        "Verdict",
    )
    rows = ["# Decided cases", "", escaped(table.summary()), "", escaped(table.reach())]
    group = ""
    for line in table.lines:
        if line.group != group:
            group = line.group
            rows += ["", f"## {escaped(group)}", "", _row(head), "|" + " --- |" * len(head)]
        rows.append(
            _row(
                (
                    line.row,
                    f"{line.authority}. {line.case}",
                    line.route,
                    f"{line.label}: {line.coded}",
                    pairs(line.expected),
                    f"{line.obtained}; {pairs(line.statuses)}",
                    ", ".join(line.driven_by),
                    line.review,
                    ", ".join(line.needs_findings),
                    verdict_said(line),
                )
            )
        )
    return "\n".join(rows) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"


def pairs(said: Mapping[str, str]) -> str:
    """Names with their values in one line; the outcome stands without its name."""
    return ", ".join(value if name == "outcome" else f"{name} {value}" for name, value in said.items())


def verdict_said(line: Line) -> str:
    """The verdict on a case with what explains it."""
    if line.verdict == "differs":
        return f"differs: {'; '.join(line.differences)}"
    return f"explained: {line.explanation}" if line.verdict == "explained" else "reproduced"
