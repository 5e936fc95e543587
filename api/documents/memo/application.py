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


def _told(matter: Matter, node: ProofNode, *, of_item: bool = False) -> tuple[Item, ...]:
    if node.kind == "applies" and node.status == "met":
        return ()
    if node.kind in ("fact", "applies"):
        return (_leaf(matter, node, of_item=of_item),)
    below, speak = _below(matter, node, of_item=of_item), matter.speak
    if node.kind == "criterion":
        cites = faint(f" ({'; '.join(map(speak.retelling.names, node.citations))})") if node.citations else Run("")
        return (item(_status(matter, node), speak.told(node.text), cites, speak.checked(node.review), below=below),)
    if node.kind == "not":  # the answers below say it themselves
        return below
    if node.kind in ("all", "any") and (node.kind == "all" or len(below) == 1):
        return below
    return (
        (item(speak.told(node.text, "faint"), below=below),)
        if below or node.kind in ("some", "every", "latest")
        else ()
    )


def _below(matter: Matter, node: ProofNode, *, of_item: bool) -> tuple[Item, ...]:
    """What is told below a node; items of which the same is to be told are named together."""
    told: list[Item] = []
    alike: dict[tuple[Item, ...], list[str]] = {}
    for child in turning(node):
        if child.kind == "item":
            below = _below(matter, child, of_item=True)
            alike.setdefault(below, []).append(matter.speak.titled(child.text))
        else:
            told += _told(matter, child, of_item=of_item)
    return (*told, *(item("; ".join(titles), below=below) for below, titles in alike.items()))


def _leaf(matter: Matter, node: ProofNode, *, of_item: bool) -> Item:
    finding = node.finding
    if finding is None or finding.source in ("register", "date"):
        return item(_status(matter, node), matter.speak.told(node.text))
    if finding.source == "reading":
        return item(matter.speak.told(node.text))
    place = matter.speak.where(finding.fact)[0]
    of = "" if of_item or place[0] == "case" else f" ({matter.speak.item(*place)})"
    return item(matter.speak.told(node.text), f"{of} ", matter.speak.found(finding))


def _status(matter: Matter, node: ProofNode) -> Run:
    return strong(f"{capital(matter.status(node.status))}: ")
