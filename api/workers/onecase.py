"""One case as JSON in, what an engine makes of it as JSON out: here, and inside of the worker processes."""

from __future__ import annotations

from datetime import date

from api.workers.messages import SOURCE
from engine.answer.record import record
from engine.assess import Engine
from engine.content.quick_json import read_json as read_document
from engine.facts.casefile import Case
from engine.facts.reading import Reading


def read_json(engine: Engine, case: bytes) -> Case:
    """A case that came without a file.

    Raises:
        InputProblems: it is not one.
    """
    return engine.read(read_document(case, SOURCE))


def assess_json(engine: Engine, case: bytes, on: date | None, reading: Reading, *, whole: bool) -> bytes:
    """The answer, or not the ``whole`` but the record of what both engines agree on.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; there is nothing to say or to keep.
    """
    read = read_json(engine, case)
    made = engine.assess(read, on, reading) if whole else record(engine, read, on, reading)
    return made.model_dump_json().encode()
