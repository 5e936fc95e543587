"""Lawyers' cases: every YAML file here states cases as sentences and what must come of them.

A case enters only what it says; what is absent stays unknown. Expected grounds are checked, never
the outcome alone where a case names grounds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import yaml

from engine.assess import Engine, Weighed
from engine.content.documents import Document
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.inference.compiled import Planes, status_of
from engine.reasoning.missing import Missing
from engine.reasoning.outcome import COUNTS, outcome_in

HERE_FOLDER = Path(__file__).parent
_OWN_KEYS = {"name", "trap", "decided", "on", "reading", "expect", "note", "source"}


def _cases() -> list[Any]:
    found = []
    for path in sorted(HERE_FOLDER.rglob("*.yaml")):
        relative = path.relative_to(HERE_FOLDER).as_posix()
        for raw in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["cases"]:
            case = {"on" if key is True else key: value for key, value in raw.items()}  # YAML reads "on" as yes
            found.append(pytest.param(case, id=f"{relative}: {case['name']}"))
    return found


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any], engine: Engine) -> None:
    weighed = weigh(engine, case)
    expected = case["expect"]
    assert set(expected) <= {"outcome", "settled", "status", "strict", "missing", "counts", "not"}, (
        "unknown expectation"
    )
    got: dict[str, Any] = {}
    for key in expected:
        got[key] = _observed(engine, weighed, key, expected[key])
    assert got == {key: _wanted(key, value) for key, value in expected.items()}


def weigh(engine: Engine, case: dict[str, Any]) -> Weighed:
    """Read a lawyers' case and evaluate it; every third one, by its name, is chained by the other engine too."""
    document = Document({key: value for key, value in case.items() if key not in _OWN_KEYS}, case["name"])
    weighed = engine.weigh(engine.read(document), case["on"], case.get("reading", "neutral"))
    if crc32(case["name"].encode()) % 3 == 0:
        engine.chain(weighed)
    return weighed


def _wanted(key: str, value: Any) -> Any:
    if key == "missing":
        return {name: sorted(facts) for name, facts in value.items()}
    return value


def _observed(engine: Engine, weighed: Weighed, key: str, wanted: Any) -> Any:
    both = weighed.evaluation
    if key == "outcome":
        return weighed.outcome.value
    if key == "settled":
        low, high = engine.judge.range(both.strict, both.strict_columns).bounds()
        return low == high
    if key in ("status", "strict"):
        return {name: status(engine, weighed, name, both.record if key == "status" else both.strict) for name in wanted}
    if key == "counts":
        return {name: _count(engine, weighed, name) for name in wanted}
    if key == "not":
        return {name: status for name, status in wanted.items() if _status_is_not(engine, weighed, name, status)}
    return {name: sorted(set(facts) & _missing(engine, weighed, name)) for name, facts in wanted.items()}


def _status_is_not(engine: Engine, weighed: Weighed, name: str, unwanted: str) -> bool:
    observed = weighed.outcome.value if name == "outcome" else status(engine, weighed, name, weighed.evaluation.record)
    return observed != unwanted


def status(engine: Engine, weighed: Weighed, name: str, planes: Planes) -> str:
    """Status of a criterion; for one about counts, the status all counts share, or 'mixed'."""
    entry = engine.program.entries[name]
    found = {status_of(planes, entry, place) for place in _places(engine, weighed, name)}
    return found.pop() if len(found) == 1 else "mixed"


def _places(engine: Engine, weighed: Weighed, name: str) -> list[Place]:
    scope = engine.pack.criteria[name].scope
    return [HERE] if scope == CASE else weighed.evaluation.strict_columns.places(scope)


def _count(engine: Engine, weighed: Weighed, name: str) -> str:
    index = [item.id for item in weighed.read.items[COUNTS]].index(name)
    both = weighed.evaluation
    strict = dict(engine.judge.count_ranges(both.strict, both.strict_columns))[(COUNTS, index)]
    record = dict(engine.judge.count_ranges(both.record, both.record_columns))[(COUNTS, index)]
    return outcome_in(strict, record).value


def _missing(engine: Engine, weighed: Weighed, name: str) -> set[str]:
    both = weighed.evaluation
    scopes = {fact.id: fact.scope for fact in engine.pack.vocabulary.facts.values()}
    missing = Missing(engine.program, both.strict, both.strict_columns, scopes=scopes)
    node = engine.program.entries[name].node
    needs = {need for place in _places(engine, weighed, name) for need in missing.of(node, place)}
    return {need.fact or need.part for need in needs}
