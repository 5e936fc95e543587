"""What a firing was concluded from, found again in the proof of its criterion.

The engine names each reason of a firing; the proof has the same leaf with its question, its value and where the
value comes from. A reason without a leaf is shown in the engine's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.documents.text.trace import reasons
from api.training.lesson import Premise, RuleLine
from engine.answer.model import ProofNode, StepSaid
from engine.content.models import Pack

_CRITERION = re.compile(r"([\w.-]+) is (not )?met")
_BINDS = re.compile(r"(.+) binds: (yes|no)")
_LAW = re.compile(r"(.*) \((declared|variant|within)\): (yes|no)")
_OTHER = re.compile(r"(.*): (yes|no)", re.DOTALL)
_SOURCE = {"declared": "register", "variant": "reading", "within": "date"}
_ITEM = re.compile(r"([a-z_]+)\[(.*)\]\.([a-z0-9_]+)", re.DOTALL)
_WHOLE = ("some", "every", "latest")
#: A premise, and the leaf of the proof that it was found at, if at one.
Found = tuple[Premise, ProofNode | None]


def premises_of(step: StepSaid, proof: ProofNode, pack: Pack) -> tuple[Premise, ...]:
    """The reasons of a firing as premises, in order."""
    inner = list(_own(proof))
    found = []
    for reason in reasons(step):
        premise, leaf = _premise(reason, inner, pack)
        inner = [one for one in inner if one is not leaf]  # a leaf is one reason only
        found.append(premise)
    return tuple(one for number, one in enumerate(found) if one not in found[:number])


def _own(node: ProofNode) -> Iterator[ProofNode]:
    """The nodes of a criterion's own proof; other criteria are named and not entered."""
    for child in node.children:
        yield child
        if child.kind != "criterion":
            yield from _own(child)


def _premise(reason: str, inner: list[ProofNode], pack: Pack) -> Found:
    if found := _CRITERION.fullmatch(reason):
        name = found[1]
        return Premise(kind="criterion", name=name, text=pack.criteria[name].title, holds=not found[2]), None
    if found := _BINDS.fullmatch(reason):
        name = next((one.id for one in pack.instruments.values() if one.short == found[1]), "")
        return Premise(kind="law", name=name, text=_said(inner, name, reason), holds=found[2] == "yes"), None
    if found := _LAW.fullmatch(reason):
        holds, source = found[3] == "yes", _SOURCE[found[2]]
        words = found[1].split(" ")
        leaf = next((one for one in inner if _is_law(one, source, words, holds=holds)), None)
        return Premise(kind="law", name="", text=leaf.text if leaf else reason, holds=holds, source=source), leaf
    found = _OTHER.fullmatch(reason)
    return _fact(found[1], inner, pack, holds=found[2] == "yes") if found else _plain(reason, holds=True)


def _said(inner: list[ProofNode], instrument: str, otherwise: str) -> str:
    leaves = (one for one in inner if one.finding and one.finding.source == "register")
    texts = (
        one.text for one in leaves if one.finding and one.finding.fact == instrument and " binds here " in one.text
    )
    return next(texts, otherwise)


def _is_law(node: ProofNode, source: str, words: list[str], *, holds: bool) -> bool:
    if node.finding is None or node.finding.source != source or (node.status == "met") is not holds:
        return False
    return source == "date" or node.finding.fact == words[0]


def _fact(said: str, inner: list[ProofNode], pack: Pack, *, holds: bool) -> Found:
    label = said.partition(" [")[0]
    leaf = next((one for one in inner if one.finding and one.finding.fact == label and _stands(one, holds)), None)
    if leaf is None or leaf.finding is None:
        return _list(said, inner, holds=holds)
    found, part = leaf.finding, _ITEM.fullmatch(label)
    name, item = (part[3], part[2]) if part else (label, "")
    premise = Premise(
        kind="fact",
        name=name,
        item=item,
        text=leaf.text,
        holds=holds,
        value=found.value,
        shown=found.shown,
        source=found.source,
        standing=found.standing,
    )
    return premise, leaf


def _stands(node: ProofNode, holds: bool) -> bool:
    return (node.status == "met") is holds


def _list(said: str, inner: list[ProofNode], *, holds: bool) -> Found:
    """A test of a whole list: *some of the assurances*."""
    kind = said.partition(" ")[0]
    if kind in _WHOLE:
        leaf = next((one for one in inner if one.kind == kind and _stands(one, holds)), None)
        if leaf is not None:
            return Premise(kind="law", name="", text=leaf.text, holds=holds), leaf
    return _plain(said, holds=holds)


def _plain(said: str, *, holds: bool) -> Found:
    return Premise(kind="law", name="", text=said, holds=holds), None


def rule_of(proof: ProofNode, pack: Pack) -> tuple[RuleLine, ...]:
    """The condition of a criterion, line by line; other criteria by their titles. That it applies is not repeated."""
    tests = [child for child in proof.children if child.kind != "applies"] or proof.children
    return tuple(line for child in tests for line in _lines(child, 0, pack))


def _lines(node: ProofNode, depth: int, pack: Pack) -> Iterator[RuleLine]:
    if node.kind == "criterion":
        yield RuleLine(depth=depth, text=pack.criteria[node.criterion].title, criterion=node.criterion)
        return
    if node.kind == "item":  # the items repeat the condition; the first of them says it
        for child in node.children:
            yield from _lines(child, depth, pack)
        return
    yield RuleLine(depth=depth, text=node.text)
    children = node.children[:1] if node.kind in _WHOLE else node.children
    for child in children:
        yield from _lines(child, depth + 1, pack)
