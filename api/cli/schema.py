"""``dedere schema``: the JSON Schema of an answer or of a case file, or the description of the whole API.

All are generated: what is printed is what is accepted and answered now.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from api.law.content import load_engine
from api.law.schemas import answer_schema, case_schema
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

KINDS = ("answer", "case", "openapi")


def command(
    kind: Annotated[str, typer.Argument(metavar="answer|case|openapi", help="Which schema.")] = "answer",
) -> None:
    """Print the JSON Schema (2020-12) of an answer or of a case file, or the OpenAPI 3.1 description of the API."""
    if kind not in KINDS:
        raise InputProblems([Problem(f"'{kind}' has no schema", "KIND", fix=hint(kind, KINDS))])
    sys.stdout.write(json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n")


def _schema(kind: str) -> dict[str, Any]:
    if kind == "answer":
        return answer_schema()
    if kind == "case":
        return case_schema(load_engine())
    from api.web.app import description  # noqa: PLC0415 - the other schemas need no web framework

    return description(load_engine())
