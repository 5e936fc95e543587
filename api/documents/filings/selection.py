"""Which grounds a paper argues, and which of them together: those chosen, or else the weightiest that are met."""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.filings.draft import Draft
from api.documents.graph.turning import leaves
from api.documents.memo.matter import speaks_for, weighs
from engine.answer.model import GroundSaid
from engine.errors import InputProblems, Problem
from engine.facts.values import hint
from engine.facts.vocabulary import CASE

#: Sections of argument before the rest is only named.
MOST_ARGUED = 5


@dataclass(frozen=True)
class Argued:
    """One section of argument: the ground that leads it, those argued with it, and counsel's own words."""

    grounds: tuple[GroundSaid, ...]
    text: str = ""
    replace: bool = False

    @property
    def lead(self) -> GroundSaid:
        """The ground that gives the section its heading."""
        return self.grounds[0]


def argued(draft: Draft) -> list[Argued]:
    """The sections of argument in their order.

    Raises:
        InputProblems: a ground that was chosen is unknown, does not speak for the person, or is excluded by the facts.
    """
    known = {one.id: one for one in draft.matter.grounds}
    if not draft.plan.grounds:
        return [Argued(tuple(group)) for group in _groups(draft)[:MOST_ARGUED]]
    problems = [_fault(one.id, known.get(one.id), draft, at) for at, one in enumerate(draft.plan.grounds)]
    found = [one for one in problems if one is not None]
    if found:
        raise InputProblems(found)
    return [Argued((known[one.id],), one.text, one.replace) for one in draft.plan.grounds]


def choosable(draft: Draft) -> list[GroundSaid]:
    """The grounds that can be argued for the person: met first, then open."""
    own = [one for one in draft.matter.grounds if weighs(one) and speaks_for(one) == "person"]
    return [one for status in ("met", "open") for one in own if one.status == status]


def also(draft: Draft, chosen: list[Argued]) -> list[GroundSaid]:
    """Grounds that are met and not argued: named, so that nothing is waived."""
    told = {one.id for section in chosen for one in section.grounds}
    return [one for one in choosable(draft) if one.status == "met" and one.id not in told]


def _fault(name: str, ground: GroundSaid | None, draft: Draft, at: int) -> Problem | None:
    where = f"/grounds/{at}/id"
    if ground is None:
        fix = hint(name, [one.id for one in choosable(draft)])
        return Problem(f"'{name}' is not a ground of this case", pointer=where, fix=fix)
    if speaks_for(ground) != "person":
        return Problem(
            f"'{name}' does not speak for the person; a brief is not argued against the client", pointer=where
        )
    if ground.status not in ("met", "open"):
        return Problem(f"'{name}' is excluded by the facts or does not apply; it cannot be argued", pointer=where)
    return None


def _groups(draft: Draft) -> list[list[GroundSaid]]:
    """Grounds that are met; those with one effect that rest on the same facts make one section, the surest first."""
    groups: list[list[GroundSaid]] = []
    for ground in choosable(draft):
        if ground.status != "met":
            continue
        near = [group for group in groups if any(_alike(draft, ground, one) for one in group)]
        if near:
            near[0].append(ground)
        else:
            groups.append([ground])
    return [sorted(group, key=lambda one: one.status_strict != "met") for group in groups]


def _alike(draft: Draft, one: GroundSaid, other: GroundSaid) -> bool:
    first, second = rests_on(draft, one), rests_on(draft, other)
    return one.effect is other.effect and 2 * len(first & second) > min(len(first), len(second))


def rests_on(draft: Draft, ground: GroundSaid) -> set[str]:
    """The facts that were entered on which a ground turns; what only names the States and the route is left out."""
    proof = draft.matter.answer.proof.get(ground.id)
    facts, found = draft.matter.engine.pack.vocabulary.facts, set[str]()
    for leaf in leaves(proof) if proof else ():
        name = leaf.fact.rpartition(".")[2]
        if leaf.source in ("finding", "latest item") and name in facts and facts[name].theme != CASE:
            found.add(name)
    return found


def touched(draft: Draft, ground: GroundSaid) -> bool:
    """Whether a fact of the case that was entered, beside States and route, stands in the proof of a ground, above what is only presumed."""
    facts = draft.matter.engine.pack.vocabulary.facts
    nodes = [draft.matter.answer.proof.get(ground.id)]
    while nodes:
        node = nodes.pop()
        if node is None:
            continue
        name = node.finding.fact.rpartition(".")[2] if node.finding and node.finding.source == "finding" else ""
        if name in facts and facts[name].theme != CASE and facts[name].scope == CASE:
            return True
        if node.finding is None and node.kind not in ("presumption", "precedent", "situation"):
            nodes += node.children
    return False
