"""The graph of an assessment: the overview, or the whole proof of one criterion wherever it applies."""

from __future__ import annotations

from api.documents.graph.model import Graph, focused, overview
from engine.answer.grounds import Grounds
from engine.answer.model import Answer
from engine.assess import Engine, Weighed
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE
from engine.reasoning.wording import place_label


def drawn(engine: Engine, answer: Answer, weighed: Weighed | None = None, focus: str = "") -> Graph:
    """The outcome with the grounds that decide it; with a focus, that criterion in the weighed case.

    Raises:
        KeyError: the focus is not a criterion.
    """
    if not focus or weighed is None:
        return overview(answer, engine.pack)
    criterion = engine.pack.criteria[focus]
    prover = engine.prover(weighed)
    places = [HERE] if criterion.scope == CASE else weighed.evaluation.strict_columns.places(criterion.scope)
    proofs = [
        (place_label(engine.pack, weighed.read, one) if one != HERE else "", prover.criterion(focus, one))
        for one in places
    ]
    return focused(answer, engine.pack, Grounds(engine, weighed).said(criterion), proofs)
