"""Nothing follows from itself: not a criterion, not a gate, not an answer drawn from what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.content.conditions import Applies, Atom, Condition, Ref, walk
from engine.content.evidence import alike
from engine.content.located import Where
from engine.content.models import Pack
from engine.content.register_checks import circle_in
from engine.errors import Problem

#: Kind and name of something that others follow from.
_Name = tuple[str, str]


def check_circles(pack: Pack, where: Where) -> Iterator[Problem]:
    """A circle of gates, or one of criteria, presumptions, issues and the facts that they answer."""
    gates = {fact.id: [closure.fact for closure in fact.closed_by] for fact in pack.vocabulary.facts.values()}
    readings = {_key(name): [_key(below) for below in each] for name, each in _readings(pack).items()}
    for circle in ([f"facts {name}" for name in circle_in(gates)], circle_in(readings)):
        if circle:
            kind, name = circle[0].split(" ", 1)
            told = " → ".join(key.split(" ", 1)[1] for key in circle)
            yield where.problem(kind, name, f"goes in a circle: {told}", "Break the circle")


def _key(name: _Name) -> str:
    return " ".join(name)


def _readings(pack: Pack) -> dict[_Name, set[_Name]]:
    """What each thing is read from; a fact that nobody answers is read from the case alone."""
    graph: dict[_Name, set[_Name]] = {}
    for criterion in pack.criteria.values():
        graph[("criteria", criterion.id)] = _below([criterion.condition])
    for presumption in pack.presumptions.values():
        graph[("presumptions", presumption.id)] = _below([presumption.condition, *presumption.rebutted_by])
        for name in presumption.presumes:
            graph.setdefault(("facts", name), set()).add(("presumptions", presumption.id))
    for issue in pack.issues.values():
        graph[("issues", issue.id)] = _below(
            condition for factor in issue.factors.values() for condition in factor.conditions.values()
        )
        graph[("issues", issue.id)] |= {("facts", name) for name in _reasons(pack, issue.id)}
        for answer in issue.answers:
            graph.setdefault(("facts", answer.fact), set()).add(("issues", issue.id))
    for picture in pack.pictures.values():
        graph[("pictures", picture.id)] = _below(group.condition for group in pack.groups.values())
        graph.setdefault(("facts", picture.answers), set()).add(("pictures", picture.id))
    for fact in pack.vocabulary.facts.values():
        answered = {("facts", gate.fact) for gate in fact.closed_by if ("facts", gate.fact) in graph}
        if answered:
            graph.setdefault(("facts", fact.id), set()).update(answered)
    for presumption in pack.presumptions.values():
        for name in presumption.excludes:
            if ("facts", name) in graph:
                graph[("facts", name)].add(("presumptions", presumption.id))
    return graph


def _reasons(pack: Pack, issue: str) -> Iterator[str]:
    """The facts on which precedents relied: where no factor covers one, a case is asked for it."""
    rulings = alike(pack.issues, issue)
    for precedent in pack.precedents.values():
        for ruling in precedent.decided:
            for reason in ruling.because if ruling.issue in rulings else ():
                name = next(iter(reason), "") if isinstance(reason, dict) else str(reason)
                if name in pack.vocabulary.facts:
                    yield name


def _below(conditions: Iterable[Condition]) -> set[_Name]:
    found: set[_Name] = set()
    for condition in conditions:
        for node in walk(condition):
            if isinstance(node, Ref):
                found.add(("criteria", node.criterion))
            elif isinstance(node, Applies):
                found.add(("presumptions", node.presumption))
            elif isinstance(node, Atom):
                found.update(("facts", fact) for fact in node.facts)
    return found
