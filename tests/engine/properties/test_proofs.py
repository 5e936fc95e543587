"""Proofs say what the engines found, and *dispositive* means what it says."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings

from engine.answer.model import ProofNode
from engine.assess import Engine
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE
from engine.inference.compiled import status_of
from tests.engine.properties.strategies import Weighing, engines_and_cases
from tests.engine.reference import Truth, conjunction, disjunction, negation

TRUTH: dict[str, Truth] = {"met": True, "not_met": False, "not_applicable": False, "open": None}


def every_node(node: ProofNode) -> Iterator[ProofNode]:
    yield node
    for child in node.children:
        yield from every_node(child)


def proofs(engine: Engine, case: Weighing) -> Iterator[tuple[str, ProofNode]]:
    weighed = case.weighed
    builder = engine.prover(weighed)
    for name, criterion in engine.pack.criteria.items():
        if criterion.scope == CASE:
            yield name, builder.criterion(name)


@settings(max_examples=80)
@given(engines_and_cases())
def test_the_root_of_a_proof_has_the_status_of_its_criterion(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    both = case.weighed.evaluation
    for name, root in proofs(engine, case):
        entry = engine.program.entries[name]
        assert root.status == status_of(both.record, entry, HERE)
        assert root.status_strict == status_of(both.strict, entry, HERE)


def joined(node: ProofNode, without: int | None = None) -> Truth:
    """What the children make of a node, one of them taken for unknown."""
    truths = [None if index == without else TRUTH[child.status] for index, child in enumerate(node.children)]
    return disjunction(truths) if node.kind in ("any", "some") else conjunction(truths)


@settings(max_examples=100)
@given(engines_and_cases())
def test_a_dispositive_step_is_one_without_which_the_step_above_would_be_open(
    drawn: tuple[Engine, Weighing],
) -> None:
    engine, case = drawn
    for _, root in proofs(engine, case):
        for node in every_node(root):
            if node.kind == "not":
                assert [child.dispositive for child in node.children] == [True]
                assert negation(TRUTH[node.children[0].status]) is TRUTH[node.status]
            elif node.kind == "presumption":
                assert_presumption(node)
            elif node.children and node.kind not in ("item", "fact"):
                assert_dispositive(node)


def assert_presumption(node: ProofNode) -> None:
    """It applies where its condition is met and nothing that rebuts it is; strictly it is never more than open."""
    condition, *rebuttals = node.children
    rebutted = [child for child in rebuttals if child.status == "met"]
    if node.status == "met":
        assert condition.status == "met"
        assert not rebutted
    if node.status == "not_met":
        assert condition.status != "met" or rebutted
    assert [child.dispositive for child in rebuttals] == [child.status == "met" for child in rebuttals]


def assert_dispositive(node: ProofNode) -> None:
    for index, child in enumerate(node.children):
        if node.status == "open":
            assert child.dispositive == (child.status == "open")
        else:
            turns = joined(node, without=index) is not TRUTH[node.status]
            assert child.dispositive == turns, node


@settings(max_examples=60)
@given(engines_and_cases())
def test_the_steps_below_give_the_step_above(drawn: tuple[Engine, Weighing]) -> None:
    """Within what is listed; an unknown list can only leave a step open."""
    engine, case = drawn
    for _, root in proofs(engine, case):
        for node in every_node(root):
            if node.children and node.kind in ("all", "any", "item"):
                assert joined(node) is TRUTH[node.status]
            if node.children and node.kind in ("some", "every", "latest", "criterion"):
                assert TRUTH[node.status] in (joined(node), None)
