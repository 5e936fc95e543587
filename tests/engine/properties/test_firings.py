"""The order of firings that the compiled engine gives: the same conclusions as a chaining that leaves nothing out.

A chaining for the record leaves out nodes on which no open criterion can hang any more, since each assertion costs;
here it is made to assert everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from api.law.conformity import load_decided
from engine.assess import Engine, Weighed
from engine.content.documents import read_path
from engine.facts.columns import HERE, Place
from engine.facts.reading import READINGS
from engine.inference.agreement import observed
from engine.inference.chaining import Firing, Run
from engine.inference.rulebook import Literal
from tests.engine.properties.strategies import engines, weighings

ROOT = Path(__file__).parents[3]


def chained_whole(engine: Engine, weighed: Weighed) -> Run:
    """The chaining of a case, nothing left out."""
    with patch("engine.inference.chaining.Wanted", lambda _engine, _decided: defaultdict(lambda: True)):
        return engine.chain(weighed)


def conclusions(engine: Engine, firings: Sequence[Firing], *phases: str) -> set[tuple[Place, Literal]]:
    """What was concluded where; parts of rules that are too long for the library are none of its nodes."""
    size = len(engine.program.nodes)
    return {(f.place, f.concludes) for f in firings if f.phase in phases and f.concludes[0] < size}


def agree(engine: Engine, weighed: Weighed) -> None:
    """The order has the conclusions of the chaining, strictly and in all, and nothing before its reasons."""
    firings, run = engine.order.firings(weighed.evaluation, weighed.setting), chained_whole(engine, weighed)
    for phases in (("known",), ("known", "burden")):
        assert conclusions(engine, firings, *phases) == conclusions(engine, run.firings, *phases)
    assert conclusions(engine, engine.chain(weighed).firings, "known", "burden") <= conclusions(
        engine, firings, "known", "burden"
    )
    reasons_come_first(engine, weighed, firings)


def reasons_come_first(engine: Engine, weighed: Weighed, firings: Sequence[Firing]) -> None:
    """Every reason was known, or concluded by an earlier firing, at its place, at the case, or at an item of a list."""
    seen = observed(engine.program, weighed.evaluation, weighed.read.columns, engine.pack.vocabulary)
    before = {
        phase: {(place, literal) for place, literals in known.items() for literal in literals}
        for phase, known in (("known", seen.strict), ("burden", seen.record))
    }
    for place, literal in unfired(engine, weighed):
        before["burden"].add((place, literal))
        if engine.program.nodes[literal[0]].op == "presumed":
            before["known"].add((place, literal))
    for number, firing in enumerate(firings, start=1):
        assert firing.number == number
        node = engine.program.nodes[firing.concludes[0]]
        places = [HERE, firing.place, *(weighed.read.columns.places(node.part) if node.part else ())]
        for literal in firing.because:
            assert any((place, literal) in before[firing.phase] for place in places), firing
        for known in before.values():
            known.add((firing.place, firing.concludes))


def unfired(engine: Engine, weighed: Weighed) -> Iterator[tuple[Place, Literal]]:
    """What needs no firing: that something is not presumed, and an atom as it is read where nothing is presumed of it."""
    both = weighed.evaluation
    for index, node in enumerate(engine.program.nodes):
        for place in both.strict_columns.places(node.scope):
            true, false = both.record.at(index, place)
            read = node.op == "presumed" and (true, false) == both.record.at(node.children[0], place)
            if (true or false) and (read or (node.op in ("presumption", "governed") and false)):
                yield place, (index, bool(true))


@settings(max_examples=30)
@given(st.data())
def test_random_rule_bases_are_fired_as_the_chaining_fires_them(data: Any) -> None:
    engine = data.draw(engines())
    for _ in range(4):
        agree(engine, data.draw(weighings(engine)).weighed)


def test_the_origin_case_is_fired_as_the_chaining_fires_it(engine: Engine) -> None:
    case = engine.read(read_path(ROOT / "examples" / "akhmetova.yaml"))
    for reading in READINGS:
        agree(engine, engine.weigh(case, reading=reading))


def test_decided_cases_are_fired_as_the_chaining_fires_them(engine: Engine) -> None:
    cases = load_decided(ROOT / "tests" / "cases" / "decided")
    assert cases
    for case in cases[::4]:
        agree(engine, engine.weigh(engine.read(case.document), case.on, case.reading))
