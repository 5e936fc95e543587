"""The rules that are fired: as few as say the same, and within the library's limits."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from engine.assess import Engine
from engine.facts.columns import HERE
from engine.inference.chaining import holds
from engine.inference.durable import MAX_CHOICES, MAX_FACTS, rulesets_of
from engine.inference.rulebook import MAX_CHOICE, Rulebook
from tests.engine.support import criterion, fact, make_engine, weigh

ABC = [fact(name) for name in "abcd"]


def firings(engine: Engine, facts: dict[str, Any]) -> list[tuple[str, bool, list[str]]]:
    """What was concluded of which criterion, and the facts it rests on, with a minus where they are not so."""
    nodes, names = engine.program.nodes, engine.program.of_node
    return [
        (
            " ".join(names.get(firing.concludes[0], ["a part"])),
            firing.concludes[1],
            [("" if value else "-") + " ".join(nodes[node].facts) for node, value in firing.because],
        )
        for firing in engine.chain(weigh(engine, facts)).firings
    ]


def test_what_stands_only_in_another_of_its_kind_is_no_step_of_its_own() -> None:
    engine = make_engine(ABC, [criterion("whole", {"all": ["a", {"all": ["b", {"not": {"any": ["c", "d"]}}]}]})])
    known = {"a": True, "b": True, "c": False, "d": False}
    assert firings(engine, known) == [("whole", True, ["a", "b", "-c", "-d"])]
    assert firings(engine, {"d": True}) == [("whole", False, ["d"])]


def test_what_two_criteria_share_or_is_a_criterion_itself_stays_a_step() -> None:
    shared = {"all": ["b", "c"]}
    engine = make_engine(
        ABC,
        [
            criterion("one", {"all": ["a", shared]}),
            criterion("two", {"all": ["d", shared]}),
            criterion("inner", {"any": ["a", "b"]}),
            criterion("outer", {"any": [{"criterion": "inner"}, "c"]}),
        ],
    )
    said = firings(engine, {"b": True, "c": True})
    assert ("a part", True, ["b", "c"]) in said
    assert ("inner", True, ["b"]) in said
    assert firings(engine, {"c": False})[0] == ("a part", False, ["-c"])


def test_an_all_in_an_any_stays_a_step() -> None:
    engine = make_engine(ABC, [criterion("whole", {"any": ["a", {"all": ["b", "c"]}]})])
    assert firings(engine, {"b": True, "c": True}) == [("a part", True, ["b", "c"]), ("whole", True, [""])]


def test_alternatives_are_one_rule_told_by_the_one_it_rested_on() -> None:
    engine = make_engine(ABC, [criterion("whole", {"any": ["a", "b", "c", "d"]})])
    book = Rulebook(engine.program)
    assert [len(rule.literals) for rule in book.rules["case"].values()] == [4, 4]
    for name in "abcd":
        (firing,) = engine.chain(weigh(engine, {name: True})).firings
        assert engine.program.nodes[firing.because[0][0]].facts == (name,)
        assert book.needs[firing.rule] == firing.because


@pytest.mark.parametrize("width", [MAX_CHOICE, MAX_CHOICE + 1, 3 * MAX_CHOICE, 700])
def test_more_alternatives_than_one_rule_may_have_are_several_rules(width: int) -> None:
    names = [f"f{number}" for number in range(width)]
    engine = make_engine([fact(name) for name in names], [criterion("some", {"any": names})])
    node = engine.program.entries["some"].node
    for name in (names[0], names[-1]):
        run = engine.chain(weigh(engine, {name: True}))
        assert holds(run.strict, engine.durable, node, HERE) is True


def test_no_ruleset_is_beyond_what_the_library_holds(engine: Engine) -> None:
    for rules in Rulebook(engine.program).rules.values():
        chunks = rulesets_of(rules)
        assert [name for chunk in chunks for name in chunk] == list(rules)
        for chunk in chunks:
            tested = {literal for name in chunk for literal in rules[name].literals}
            chosen = Counter(literal for name in chunk for literal in rules[name].literals if not rules[name].together)
            assert len(tested) <= MAX_FACTS
            assert max(chosen.values(), default=0) <= MAX_CHOICES
