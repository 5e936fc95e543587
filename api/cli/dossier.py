"""``dedere dossier``: what bears on an evaluative question of a case."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from api.cli.desk import As, CaseFile, Desk, On, open_case
from api.documents.text.dossier import dossier_paper, list_paper
from api.documents.text.terminal import show
from engine.answer.dossier import questions_with_sources
from engine.answer.dossier_model import Dossier
from engine.errors import InputProblems, Problem
from engine.facts.columns import HERE
from engine.facts.values import hint
from engine.facts.vocabulary import CASE

FORMATS = ("text", "json")
Question = Annotated[
    str,
    typer.Argument(metavar="[QUESTION]", help="Evaluative fact; without it, every question on which anything bears."),
]
Format = Annotated[str, typer.Option("--format", metavar="text|json", help="How it is written.")]


def command(
    case: CaseFile, question: Question = "", on: On = "", reading: As = "neutral", form: Format = "text"
) -> None:
    """Show what bears on an evaluative question: evidence, presumptions, country findings, precedents, what would help."""
    if form not in FORMATS:
        raise InputProblems([Problem(f"'{form}' is not a format", "--format", fix=hint(form, FORMATS))])
    desk = open_case(case, on, reading)
    found = dossiers_of(desk, question)
    if form == "json":
        written = [one.model_dump(mode="json") for one in found]
        sys.stdout.write(json.dumps(written, ensure_ascii=False, indent=2) + "\n")
    elif question:
        for one in found:
            show(dossier_paper(one))
    else:
        show(list_paper(found))


def dossiers_of(desk: Desk, question: str) -> list[Dossier]:
    """The dossiers asked for: of one question, for each thing it is asked of, or of every question.

    Raises:
        InputProblems: no presumption, finding or precedent answers the question.
    """
    engine, weighed = desk.engine, desk.weighed
    if not question:
        return list(engine.dossiers(weighed))
    known = questions_with_sources(engine)
    if question not in known:
        fix = hint(question, known) or "See: dedere dossier CASE"
        raise InputProblems([Problem(f"'{question}' is not a question that has a dossier", "QUESTION", fix=fix)])
    scope = engine.pack.vocabulary.facts[question].scope
    places = [HERE] if scope == CASE else weighed.evaluation.strict_columns.places(scope)
    return [engine.dossier(weighed, question, place) for place in places]
