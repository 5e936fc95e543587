"""``dedere explain``: the proof of one criterion in a case, and why it is not met.

A criterion that is judged for each offence has one proof for each.
"""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import As, CaseFile, Desk, On, open_case
from api.documents.text.proof import criterion_paper
from api.documents.text.terminal import show
from engine.answer.grounds import Grounds
from engine.answer.model import ProofNode
from engine.errors import InputProblems, Problem
from engine.facts.columns import HERE
from engine.facts.values import hint
from engine.facts.vocabulary import CASE
from engine.reasoning.wording import place_label


def command(
    case: CaseFile,
    criterion: Annotated[str, typer.Argument(metavar="ID", help="Criterion, as the answer names it in brackets.")],
    on: On = "",
    reading: As = "neutral",
) -> None:
    """Prove one criterion in a case: why it is met, not met or open, down to the findings."""
    desk = open_case(case, on, reading)
    known = desk.engine.pack.criteria
    if criterion not in known:
        raise InputProblems([Problem(f"'{criterion}' is not a criterion", "ID", fix=hint(criterion, known))])
    ground = Grounds(desk.engine, desk.weighed).said(known[criterion])
    show(criterion_paper(known[criterion], ground, _proofs(desk, criterion), desk.weighed.read, desk.engine.pack))


def _proofs(desk: Desk, name: str) -> list[tuple[str, ProofNode]]:
    scope = desk.engine.pack.criteria[name].scope
    if scope == CASE:
        return [("", desk.engine.prove(desk.weighed, name, HERE))]
    places = desk.weighed.evaluation.strict_columns.places(scope)
    prover = desk.engine.prover(desk.weighed)
    return [
        (place_label(desk.engine.pack, desk.weighed.read, place), prover.criterion(name, place)) for place in places
    ]
