"""The graph as it grows: what has fired up to a step, the last firing lit, and the outcome once it may be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from api.documents.graph.model import Edge, Graph, Node
from api.training.lesson import Premise, Step


class Words(Protocol):
    """The words of a lesson in the reader's language."""

    def title(self, criterion: str, english: str) -> str:
        """The title of a criterion."""

    def question(self, premise: Premise) -> str:
        """What is asked by a premise."""

    def value(self, premise: Premise) -> str:
        """What the case says to it."""

    def cited(self, citations: Sequence[str]) -> str:
        """Citations."""


def grown(title: str, about: str, steps: Sequence[Step], words: Words, outcome: tuple[str, str] | None = None) -> Graph:
    """The graph of the first steps of a lesson; ``outcome`` is its name and sentence, once the class may see it."""
    graph = Graph(title, about)
    for place, step in enumerate(steps, 1):
        _add(graph, step, words, lit=place == len(steps) and outcome is None)
    if outcome is not None:
        graph.add(Node("outcome", "outcome", outcome[1], name=outcome[0], lit=True))
        for step in steps:
            if step.decides and step.status == "met":
                graph.join(Edge(_name(step.criterion, step.place), "outcome"))
    return graph


def _add(graph: Graph, step: Step, words: Words, *, lit: bool) -> None:
    text = words.title(step.criterion, step.title) + (f" [{step.place}]" if step.place else "")
    name = _name(step.criterion, step.place)
    for premise in step.premises:
        source = _source(graph, premise, step.place, words)
        if source:
            graph.join(Edge(source, name, turns=True, negated=step.status == "met" and not premise.holds))
    kind = "ground" if step.effect is not None else "criterion"
    doubt = step.review == "unverified"
    cited = words.cited(step.citations)
    graph.add(Node(name, kind, text, step.status, note=cited, unverified=doubt, lit=lit))  # type: ignore[arg-type]


def _source(graph: Graph, premise: Premise, place: str, words: Words) -> str:
    """The box of a premise; that an instrument binds, or a reading holds, is not drawn."""
    if premise.kind == "criterion":
        found = (_name(premise.name, place), _name(premise.name, ""))
        return next((name for name in found if name in graph.nodes), "")
    if premise.kind == "law":
        return ""
    value = words.value(premise)
    name = f"f:{premise.item}.{premise.name}:{premise.text}"
    status = "met" if premise.holds else "not_met"
    return graph.add(Node(name, "fact", words.question(premise), status, value=value, note=premise.item))  # type: ignore[arg-type]


def _name(criterion: str, place: str) -> str:
    return f"c:{criterion}@{place}" if place else f"c:{criterion}"
