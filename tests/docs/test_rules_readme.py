"""rules/README.md says of the rules what the code says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.assess import Engine
from engine.content.checks import check
from engine.content.conditions import Condition, ConditionParser
from engine.content.documents import Document, read_bytes
from engine.content.models import Criterion, Effect
from engine.facts.values import parse
from engine.facts.vocabulary import OPEN
from engine.reasoning.outcome import LEVEL_OF, LEVELS
from tests.docs.examples import yaml_blocks
from tests.docs.test_glossary import condition_words

README = Path(__file__).parents[2] / "rules" / "README.md"
TEXT = README.read_text("utf-8")


def _examples() -> list[Any]:
    block = next(block for block in yaml_blocks(README) if block.startswith("# A bare name"))
    found: list[Any] = read_bytes(block.encode(), README.name).data
    return found


@pytest.mark.parametrize("written", _examples(), ids=str)
def test_every_condition_shown_could_stand_in_a_rule(written: Any, engine: Engine) -> None:
    parser = ConditionParser(Document(written, README.name))
    condition = parser.parse(written, ())
    assert parser.problems == []
    assert _faults(engine, condition) == []


def _faults(engine: Engine, condition: Condition) -> list[str]:
    """What the loader would say of a criterion with this condition."""
    some = next(item for item in engine.pack.criteria.values() if not (item.series or item.valid_from))
    shown = Criterion.model_construct(**{**some.__dict__, "id": "shown", "scope": "case", "when": condition})
    pack = engine.pack.model_copy(update={"criteria": {**engine.pack.criteria, "shown": shown}})
    return [problem.message for problem in check(pack, {}) if problem.message.startswith("shown")]


def test_every_word_of_conditions_has_an_example() -> None:
    shown = {next(iter(item)) for item in _examples() if isinstance(item, dict)}
    assert shown == set(condition_words())


def test_the_fact_shown_is_the_fact_in_the_vocabulary(engine: Engine) -> None:
    block = next(block for block in yaml_blocks(README) if block.startswith("theme:"))
    written = read_bytes(block.encode(), README.name).data
    vocabulary = engine.pack.vocabulary
    theme = vocabulary.themes[written["theme"]]
    assert (theme.title, theme.order) == (written["title"], written["order"])
    for name, body in written["facts"].items():
        fact = vocabulary.facts[name]
        assert (fact.question, fact.type, fact.burden) == (body["question"], body["type"], body["burden"])
        assert fact.unproved == (OPEN if body["unproved"] == OPEN else parse(fact, body["unproved"]))
        assert fact.review == body["review"]
        assert list(fact.proof) == body["proof"]
        closures = [{"fact": closure.fact, "is": closure.is_, "then": closure.then} for closure in fact.closed_by]
        assert closures == body["closed_by"]


def test_the_table_of_effects_is_that_of_the_outcome_rule() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| (?:`([a-z_]+)`|–) \|$", TEXT, re.MULTILINE)
    shown = {Effect(effect): outcome for effect, outcome in rows}
    assert shown == {effect: LEVELS[LEVEL_OF[effect]].value if effect in LEVEL_OF else "" for effect in Effect}


def test_the_keys_of_a_criterion_are_those_of_the_model() -> None:
    block = next(block for block in yaml_blocks(README) if block.startswith("criteria:"))
    shown = set(re.findall(r"^    ([a-z_]+):", block, re.MULTILINE))
    known = {info.alias or name for name, info in Criterion.model_fields.items()}
    assert shown <= known, shown - known
    spoken_of = {*shown, *re.findall(r"`([a-z_]+)(?::[^`]*)?`", TEXT)}
    assert known - spoken_of <= {"id", "instrument", "source", "line"}, "explain every key in rules/README.md"


def test_every_criterion_named_exists(engine: Engine) -> None:
    named = re.findall(r"\b((?:cat|echr|concepts|ets24|minsk-1993)\.[a-z0-9_]+)\b", TEXT)
    families = [name for name in named if name.endswith("_")]
    assert named, "the text names criteria as examples"
    assert set(named) - set(families) <= {*engine.pack.criteria, *engine.pack.presumptions}
    assert all(any(name.startswith(family) for name in engine.pack.criteria) for family in families)
