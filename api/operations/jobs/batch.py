"""The job that assesses many cases: one line is one case as JSON, one result is one line of JSON.

``options`` are ``on`` (a day or null), ``reading``, ``pack`` (a name the caller vouches for, or
null) and ``answers``: whether results hold whole answers, which both engines fire, or the outcome, its range
and the grounds that are met or open, by the compiled engine alone and in a thirtieth of the time. A line that cannot be assessed says why, with pointers and without its values.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from api.operations.jobs.leases import Said
from api.operations.jobs.runner import Handler, Stopped, Task
from api.workers.errors import Busy, WorkersLost
from api.workers.messages import Form
from api.workers.pool import Case, Outcome
from engine.errors import ContentProblems, InputProblems
from engine.facts.reading import Reading


class Assessing(Protocol):
    """What a batch needs of ``api.workers.pool.Chaining``."""

    def assess_many(
        self,
        cases: Sequence[Case],
        on: date | None = None,
        reading: Reading = "neutral",
        pack: str | None = None,
        form: Form = "answer",
    ) -> list[Outcome]:
        """The answer to each case in their order, in a form, or why there is none."""


def options(on: date | None, reading: Reading, pack: str | None = None, *, answers: bool = False) -> dict[str, Any]:
    """The options of a batch as a job keeps them."""
    return {"on": on.isoformat() if on else None, "reading": reading, "pack": pack, "answers": answers}


def batch_handler(assessing: Assessing) -> Handler:
    """The handler of kind ``batch`` over a pool of workers."""

    def handle(task: Task, lines: Sequence[bytes]) -> list[Said]:
        found = _patiently(assessing, task, lines)
        return [_said(one, answers=bool(task.options["answers"])) for one in found]

    return handle


def _patiently(assessing: Assessing, task: Task, lines: Sequence[bytes]) -> list[Outcome]:
    """People at the door come first: while the workers are busy with them, a batch waits.

    Its workers get little of a busy machine, so that two may be ended from outside while they have the same line:
    a line that lost them is asked once more.
    """
    found = _asked(assessing, task, lines)
    lost = [number for number, one in enumerate(found) if type(one) is WorkersLost]
    for number, one in zip(lost, _asked(assessing, task, [lines[number] for number in lost]), strict=True):
        found[number] = one
    return found


def _asked(assessing: Assessing, task: Task, lines: Sequence[bytes]) -> list[Outcome]:
    wanted = task.options
    on = date.fromisoformat(wanted["on"]) if wanted["on"] else None
    while lines:
        if task.stopping():
            raise Stopped
        try:
            form: Form = "answer" if wanted["answers"] else "outcome"
            return assessing.assess_many(lines, on, wanted["reading"], wanted["pack"], form)
        except Busy as busy:
            time.sleep(busy.retry_after)
    return []


def _said(outcome: Outcome, *, answers: bool) -> Said:
    if isinstance(outcome, bytes):
        return Said(True, b'{"answer":' + outcome + b"}" if answers else outcome)
    return Said(False, _line({"problems": problems(outcome)}))


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def problems(error: Exception) -> list[dict[str, str]]:
    """Why there is no answer, without any value of the case."""
    if isinstance(error, InputProblems | ContentProblems):
        quiet = [problem.quiet() for problem in error.problems]
        return [{"pointer": one.pointer, "detail": one.message, "fix": one.fix} for one in quiet]
    lost = isinstance(error, WorkersLost)
    detail = str(error) if lost else "Dedere has failed on this case; no answer is given"
    return [{"pointer": "", "detail": detail, "fix": ""}]
