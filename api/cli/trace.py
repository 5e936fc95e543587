"""``dedere trace``: the firings that led to the answer, listed or walked key by key.

Firings that conclude only a part of a condition are left out unless everything is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from api.cli.desk import All, As, CaseFile, On, open_case
from api.cli.keys import keys
from api.documents.text.terminal import show
from api.documents.text.trace import step_paper, trace_paper, visible
from engine.answer.model import StepSaid

HELP = "n, space or right: next; b or left: back; f: first; l: last; a number: go there; q: quit"


def command(
    case: CaseFile,
    on: On = "",
    reading: As = "neutral",
    step: Annotated[bool, typer.Option("--step", help="Walk the firings key by key, forward and back.")] = False,
    everything: All = False,
) -> None:
    """Show or step through the firings that led to the answer.

    Over a pipe, --step reads one key a line.
    """
    answer = open_case(case, on, reading).assess()
    if not step:
        show(trace_paper(answer, everything=everything))
        return
    walk(visible(answer.trace, everything=everything))


def walk(steps: Sequence[StepSaid]) -> None:
    """Show one firing after the other as keys ask for them."""
    if not steps:
        sys.stdout.write("No rule fired.\n")
        return
    sys.stdout.write(f"{HELP}\n\n")
    at = 0
    _show(steps, at)
    for key in keys():
        if key == "quit":
            return
        there = moved(key, at, len(steps))
        if there is None:
            sys.stdout.write(f"{HELP}\n")
            sys.stdout.flush()
        elif there != at:
            at = there
            _show(steps, at)
        else:
            sys.stdout.write("This is the first.\n" if at == 0 else "This is the last.\n")
            sys.stdout.flush()


def moved(key: str, at: int, total: int) -> int | None:
    """Where a key leads, from 0; None for a key that means nothing."""
    if key.isdecimal() and key.isascii():
        return max(0, min(int(key[:9]) - 1, total - 1))
    targets = {"next": at + 1, "back": at - 1, "first": 0, "last": total - 1}
    return max(0, min(targets[key], total - 1)) if key in targets else None


def _show(steps: Sequence[StepSaid], at: int) -> None:
    show(step_paper(steps[at], at + 1, len(steps)))
    sys.stdout.write("\n")
    sys.stdout.flush()
