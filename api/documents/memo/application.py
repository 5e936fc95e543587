"""The application of a rule: its proof in words, down to findings, standing and exhibits.

Only the steps on which the result turns are told; that an instrument binds is told once, in the table of
instruments.
"""

from __future__ import annotations

from api.documents.graph.turning import turning
from api.documents.memo.matter import Matter, capital
from api.documents.memo.tree import (
    Item,
    Run,
    faint,
    item,
    strong,
)
from engine.answer.model import ProofNode


def applied(matter: Matter, proof: ProofNode) -> tuple[Item, ...]:
    """What the status of a criterion turns on, as a list."""
    return tuple(entry for child in turning(proof) for entry in _told(matter, child))


def _told(matter: Matter, node: ProofNode) -> tuple[Item, ...]:
    if node.kind == "applies" and node.status == "met":
        return ()
    if node.kind in ("fact", "applies"):
        return (_leaf(matter, node),)
    below, speak = tuple(entry for child in turning(node) for entry in _told(matter, child)), matter.speak
    if node.kind == "criterion":
        cites = faint(f" ({'; '.join(map(speak.retelling.names, node.citations))})") if node.citations else Run("")
        return (item(_status(matter, node), speak.told(node.text), cites, speak.checked(node.review), below=below),)
    if node.kind == "item":
        return (item(speak.titled(node.text), below=below),)
    if node.kind in ("all", "any") and (node.kind == "all" or len(below) == 1):
        return below
    return (
        (item(speak.told(node.text, "faint"), below=below),)
        if below or node.kind in ("some", "every", "latest")
        else ()
    )


def _leaf(matter: Matter, node: ProofNode) -> Item:
    finding = node.finding
    if finding is None or finding.source in ("register", "date"):
        return item(_status(matter, node), matter.speak.told(node.text))
    if finding.source == "reading":
        return item(matter.speak.told(node.text))
    place = matter.speak.where(finding.fact)[0]
    of = f" ({matter.speak.item(*place)})" if place[0] != "case" else ""
    return item(matter.speak.told(node.text), f"{of} ", matter.speak.found(finding))


def _status(matter: Matter, node: ProofNode) -> Run:
    return strong(f"{capital(matter.status(node.status))}: ")
