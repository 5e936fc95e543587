"""The flat program: children before parents, equal conditions once, stages that only look back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.content.clocks import Clock
from engine.content.conditions import Atom
from engine.content.models import Pack
from engine.inference.program import Program, compile_pack, limits_of
from engine.treaties.relations import Relations
from tests.engine.support import criterion, fact, make_pack, part, variant, when

PARTS = [part("counts", "count", needs_items=True), part("steps", "step")]
FACTS = [fact("a"), fact("b"), fact("in_count", scope="counts"), fact("in_step", scope="steps")]


def compiled(*criteria: Any, **more: Any) -> Program:
    pack = make_pack(FACTS, criteria, parts=PARTS, variants=[variant("v", "x")], **more)
    return compile_pack(pack, Relations(pack))


def test_children_come_before_parents() -> None:
    program = compiled(
        criterion("c", {"all": [{"any": ["a", {"not": "b"}]}, {"some": {"in": "counts", "that": "in_count"}}]})
    )
    assert all(child < index for index, node in enumerate(program.nodes) for child in node.children)


def test_equal_conditions_share_a_node() -> None:
    program = compiled(criterion("c", {"all": ["a", "b"]}), criterion("d", {"all": ["a", "b"]}), criterion("e", "a"))
    assert program.entries["c"].node == program.entries["d"].node
    assert program.of_node[program.entries["c"].node] == ["c", "d"]
    assert len(program.nodes) == 3


def test_a_group_of_one_is_its_only_member() -> None:
    program = compiled(criterion("c", {"all": [{"any": ["a"]}]}), criterion("d", "a"))
    assert program.entries["c"].node == program.entries["d"].node


def test_a_reference_may_come_before_what_it_refers_to() -> None:
    program = compiled(criterion("c", {"not": {"criterion": "d"}}), criterion("d", "a"))
    assert program.nodes[program.entries["c"].node].children == (program.entries["d"].node,)


def test_a_node_belongs_to_the_part_whose_facts_it_reads() -> None:
    program = compiled(
        criterion("c", {"all": ["a", "in_count"]}, scope="counts"),
        criterion("d", "a", scope="counts"),
        criterion("e", {"some": {"in": "counts", "that": {"not": "in_count"}}}),
    )
    scopes = {name: program.nodes[entry.node].scope for name, entry in program.entries.items()}
    assert scopes == {"c": "counts", "d": "case", "e": "case"}


def test_a_stage_reads_only_earlier_stages_and_itself() -> None:
    per_count = criterion("per_count", {"all": ["in_count", {"criterion": "steps_fine"}]}, scope="counts")
    steps_fine = criterion("steps_fine", {"every": {"in": "steps", "that": "in_step"}})
    over_all = criterion("over_all", {"some": {"in": "counts", "that": {"criterion": "per_count"}}})
    program = compiled(over_all, per_count, steps_fine)
    for node in program.nodes:
        for child in node.children:
            below = program.nodes[child]
            assert below.stage < node.stage if below.scope != node.scope else below.stage <= node.stage
    assert [stage for stage, _, _ in program.blocks()] == sorted(stage for stage, _, _ in program.blocks())
    assert sorted(index for _, _, members in program.blocks() for index in members) == list(range(len(program.nodes)))


def test_a_criterion_applies_within_its_instrument_time_and_reading() -> None:
    limited = criterion("c", "a", instrument="toy", variant={"v": "x"}, **{"from": "2000-01-01", "until": "2009-12-31"})
    assert limits_of(limited) == [
        Atom("bound", (), ("toy", "pair")),
        Atom("within", (), (date(2000, 1, 1), date(2009, 12, 31))),
        Atom("variant", (), ("v", "x")),
    ]
    assert limits_of(criterion("d", "a")) == []


def test_without_limits_there_is_nothing_to_apply() -> None:
    program = compiled(criterion("c", "a"), criterion("d", "a", instrument="toy"))
    assert program.entries["c"].applies is None
    assert program.entries["d"].applies is not None
    assert program.entries["d"].condition == program.entries["c"].node


@pytest.mark.parametrize("data", ["a", {"not": "a"}, {"some": {"in": "counts", "that": "in_count"}}])
def test_the_node_of_a_written_condition_can_be_located(data: Any) -> None:
    found = criterion("c", when({"any": ["b", data]}))
    pack = make_pack(FACTS, [found], parts=PARTS)
    program = compile_pack(pack, Relations(pack))
    size = len(program.nodes)
    node = program.locate(found.condition.of[1], "case")  # type: ignore[union-attr]
    assert node in program.nodes[program.entries["c"].node].children
    assert len(program.nodes) == size


def test_conditions_of_clocks_are_part_of_the_program(toyland: Pack) -> None:
    clock: Clock = toyland.clocks["old_seizure"]
    program = compile_pack(toyland, Relations(toyland))
    assert program.locate(clock.applies_when, "case") == program.entries["concepts.old_doll"].node


def test_an_empty_program_locates_nothing() -> None:
    assert Program().locate(Atom("yes", ("a",)), "case") == -1
