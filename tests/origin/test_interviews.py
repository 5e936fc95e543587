"""How many answers an interview needs: only questions that still matter are asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from engine.assess import Engine, Weighed
from engine.content.documents import Document, read_path
from engine.facts.columns import Place
from engine.reasoning.outcome import Outcome

EXAMPLE = Path(__file__).parents[2] / "examples" / "akhmetova.yaml"
Oracle = Callable[[Place, str], Any]


def interview(
    engine: Engine, data: dict[str, Any], on: date, oracle: Oracle, until: Callable[[Weighed], bool]
) -> tuple[int, Weighed]:
    """Answer the first question again and again; a listed thing costs one answer, each item one more."""
    answers = 0
    while True:
        weighed = engine.weigh(engine.read(Document(data, "interview")), on)
        ranked = engine.ranked(weighed)
        if until(weighed) or not ranked:
            return answers, weighed
        place, fact = ranked[0].candidate.place, ranked[0].candidate.fact
        answer = oracle(place, fact)
        answers += 1 + (len(answer) if fact == "" else 0)
        if fact == "":
            data[place[0]] = answer
        elif place[0] == "case":
            data.setdefault("facts", {})[fact] = answer
        else:
            data[place[0]][place[1]][fact] = answer


def settled(engine: Engine, weighed: Weighed) -> bool:
    low, high = engine.judge.range(weighed.evaluation.strict, weighed.evaluation.strict_columns).bounds()
    return low == high


PLAIN = {
    "requesting_state": "POL", "requested_state": "UKR", "origin_state": "POL", "person_nationalities": ["POL"], "measure": "extradition",
    "request_type": "extradition", "request_purpose": "prosecution", "within_jurisdiction": True, "removal_status": "none",
    "charged_or_sentenced_by_competent_authority": True, "request_documents_complete": True, "punishable_requesting": True,
    "punishable_requested": True, "max_penalty_requesting": 60, "max_penalty_requested": 60, "requesting_jurisdiction": True,
}  # fmt: skip


def test_a_plain_theft_between_two_parties_is_settled_in_32_answers(engine: Engine, capsys: Any) -> None:
    facts = engine.pack.vocabulary.facts

    def oracle(place: Place, fact: str) -> Any:
        if fact == "":
            return []
        nothing = {"yes_no": False, "set": [], "states": [], "choice": next(iter(facts[fact].values), None)}
        return PLAIN.get(fact, nothing.get(facts[fact].type, "unknown"))

    start = {"counts": [{"id": "theft", "title": "Theft of a bicycle"}]}
    answers, weighed = interview(engine, start, date(2021, 6, 1), oracle, lambda w: settled(engine, w))
    with capsys.disabled():
        print(f"\nplain case: settled after {answers} answers")
    assert settled(engine, weighed)
    assert weighed.outcome is Outcome.ADMISSIBLE
    assert answers <= 32


def test_the_origin_case_reaches_its_outcome_in_sixty_answers(engine: Engine, capsys: Any) -> None:
    full = read_path(EXAMPLE).data

    def oracle(place: Place, fact: str) -> Any:
        if fact == "":
            return full.get(place[0], [])
        if place[0] == "case":
            return full["facts"].get(fact, "unknown")
        return full[place[0]][place[1]].get(fact, "unknown")

    start = {"exhibits": full["exhibits"], "counts": [{"id": "fraud-2009"}]}
    answers, weighed = interview(engine, start, date(2020, 1, 13), oracle, lambda w: w.outcome is Outcome.NOT_NOW)
    with capsys.disabled():
        print(f"\norigin case: not now after {answers} answers")
    assert weighed.outcome is Outcome.NOT_NOW
    assert answers <= 60
