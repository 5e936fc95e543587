"""The record of an assessment: what both engines agreed on, small enough to be kept at once.

The outcome, the status of every criterion and the firings in their order are found by both engines
and kept. Grounds, proofs, flip sets and questions follow from them under the same law; they can be
put into words later, and are refused if they would follow from anything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.answer.compose import bottom_line
from engine.answer.model import (
    Answer,
    ClockSaid,
    Receipt,
    Said,
)
from engine.answer.receipt import receipt_of
from engine.answer.sources import clocks_said
from engine.assess import Engine, Weighed
from engine.errors import EnginesDisagree
from engine.facts.casefile import Case
from engine.facts.columns import Place
from engine.facts.reading import Reading
from engine.facts.vocabulary import CASE
from engine.inference.chaining import Firing, Phase
from engine.inference.rulebook import literal_of, property_of
from engine.reasoning.outcome import Outcome

#: A firing: its phase, its place, its rule, what it concluded and from what, as names of literals.
Written = tuple[Phase, str, str, str, tuple[str, ...]]
_MARKS = {"met": "+", "not_met": "-", "open": "?", "not_applicable": "/"}


class Record(Said):
    """What is kept of an assessment before its words.

    ``statuses`` has for each place two marks for each criterion in the order of the pack: on the
    record, then strictly; ``+`` met, ``-`` not met, ``?`` open, ``/`` not applicable.
    """

    case: str
    title: str
    outcome: Outcome
    sentence: str
    settled: bool
    reading: Reading
    assessed_on: date
    clocks: tuple[ClockSaid, ...]
    receipt: Receipt
    statuses: dict[str, str]
    firings: tuple[Written, ...]


def record(engine: Engine, case: Case, on: date | None = None, reading: Reading = "neutral") -> Record:
    """Assess a case with both engines, and keep what they agree on.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; there is nothing to keep.
    """
    weighed = engine.weigh(case, on, reading)
    firings, bottom = engine.chain(weighed).firings, bottom_line(engine, weighed)
    return Record.said(
        case=case.reference,
        title=case.title,
        outcome=weighed.outcome,
        sentence=bottom.sentence,
        settled=bottom.settled,
        reading=reading,
        assessed_on=weighed.read.assessed_on,
        clocks=clocks_said(engine, weighed),
        receipt=receipt_of(weighed.read, engine.pack, dict(weighed.setting.variants)),
        statuses=statuses(engine, weighed),
        firings=tuple([_written(firing) for firing in firings]),
    )


def worded(engine: Engine, case: Case, kept: Record) -> Answer:
    """The whole answer behind a record, under the same law.

    Firings that a program of another build recorded are fired again; the receipt stays as it was given.

    Raises:
        EnginesDisagree: the outcome or a status would not be what was recorded.
    """
    weighed = engine.weigh(case, kept.assessed_on, kept.reading)
    if weighed.outcome != kept.outcome or statuses(engine, weighed) != kept.statuses:
        raise EnginesDisagree(f"this build does not find what engine {kept.receipt.engine} recorded")
    firings = [_read(number, each) for number, each in enumerate(kept.firings, 1)]
    if not _fit(engine, weighed, firings):
        firings = engine.chain(weighed).firings
    return engine.worded(weighed, firings).model_copy(update={"receipt": kept.receipt})


def statuses(engine: Engine, weighed: Weighed) -> dict[str, str]:
    """The status of every criterion at every place, as ``Record`` keeps them."""
    prover, columns = engine.prover(weighed), weighed.read.columns
    scopes: dict[str, list[str]] = {CASE: []}
    for name, criterion in engine.pack.criteria.items():
        scopes.setdefault(criterion.scope, []).append(name)
    found = {}
    for scope, names in scopes.items():
        for place in columns.places(scope):
            pairs = prover.statuses(names, place)
            found[_key(place)] = "".join([_MARKS[record] + _MARKS[strict] for record, strict in pairs])
    return found


def _fit(engine: Engine, weighed: Weighed, firings: Iterable[Firing]) -> bool:
    """Whether the firings conclude what the statuses say, from what they say, in this program."""
    return all(_holds(engine, weighed, firing) for firing in firings)


def _holds(engine: Engine, weighed: Weighed, firing: Firing) -> bool:
    nodes, planes = engine.program.nodes, weighed.evaluation.record
    told = [
        planes.at(node, firing.place)[0 if holds else 1]
        for node, holds in (firing.concludes, *firing.because)
        if node < len(nodes) and nodes[node].scope in (CASE, firing.place[0])
    ]
    return all(told)


def _key(place: Place) -> str:
    return place[0] if place[0] == CASE else f"{place[0]} {place[1]}"


def _written(firing: Firing) -> Written:
    because = tuple([property_of(literal) for literal in firing.because])
    return firing.phase, _key(firing.place), firing.rule, property_of(firing.concludes), because


def _read(number: int, written: Written) -> Firing:
    phase, key, rule, concludes, because = written
    part, _, index = key.partition(" ")
    reasons = tuple([literal_of(name) for name in because])
    return Firing(number, phase, (part, int(index or 0)), rule, literal_of(concludes), reasons)
