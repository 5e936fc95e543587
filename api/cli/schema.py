"""``dedere schema``: the JSON Schema of an answer, or of a case file.

Both are generated: what is printed is what is accepted and answered now.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from api.content import load_engine
from api.schemas import answer_schema, case_schema
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

KINDS = ("answer", "case")


def command(
    kind: Annotated[str, typer.Argument(metavar="answer|case", help="Which schema.")] = "answer",
) -> None:
    """Print the JSON Schema (2020-12) of an answer or of a case file."""
    if kind not in KINDS:
        raise InputProblems([Problem(f"'{kind}' has no schema", "KIND", fix=hint(kind, KINDS))])
    schema = answer_schema() if kind == "answer" else case_schema(load_engine())
    sys.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
