"""What counsel and lawyers write for papers, read strictly: a key that is not known is a fault, told with its line."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic_core import ErrorDetails

from engine.content.documents import Document
from engine.errors import Problem
from engine.facts.values import hint


class StrictModel(BaseModel):
    """Base of what is read: unknown keys are errors, and no error repeats what was written."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def problem_of(fault: ErrorDetails, model: type[BaseModel], document: Document, place: str) -> Problem:
    """A fault that pydantic found, at its line; ``place`` says of what the key is none, as in "of a plan"."""
    where = tuple(fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = [info.alias or name for name, info in model.model_fields.items()]
        fix = hint(where[-1], known) if len(where) == 1 else ""
        return document.problem(where, f"'{where[-1]}' is not a key {place}", fix)
    return document.problem(where, f"{'.'.join(map(str, where))}: {fault['msg'].removeprefix('Value error, ')}")
