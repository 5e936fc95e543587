"""The application of a rule: its proof in words, down to findings, standing and exhibits.

Only the steps on which the result turns are told; that an instrument binds is told once, in the table of
instruments.
"""

from __future__ import annotations

from api.graph.turning import turning
from api.memo.matter import Matter
from api.memo.tree import Item, Run, checked, faint, item, strong
from api.text.words import STATUSES
from engine.answer import ProofNode


def applied(matter: Matter, proof: ProofNode) -> tuple[Item, ...]:
    """What the status of a criterion turns on, as a list."""
    return tuple(entry for child in turning(proof) for entry in _told(matter, child))


def _told(matter: Matter, node: ProofNode) -> tuple[Item, ...]:
    if node.kind == "applies" and node.status == "met":
        return ()
    if node.kind in ("fact", "applies"):
        return (_leaf(matter, node),)
    below = tuple(entry for child in turning(node) for entry in _told(matter, child))
    if node.kind == "criterion":
        cites = faint(f" ({'; '.join(node.citations)})") if node.citations else Run("")
        return (
            item(
                strong(f"{STATUSES[node.status].capitalize()}: "), node.text, cites, checked(node.review), below=below
            ),
        )
    if node.kind == "item":
        return (item(matter.speak.titled(node.text), below=below),)
    if node.kind in ("all", "any") and (node.kind == "all" or len(below) == 1):
        return below
    return (item(faint(node.text), below=below),) if below or node.kind in ("some", "every", "latest") else ()


def _leaf(matter: Matter, node: ProofNode) -> Item:
    finding = node.finding
    if finding is None or finding.source in ("register", "date"):
        return item(strong(f"{STATUSES[node.status].capitalize()}: "), node.text)
    if finding.source == "reading":
        return item(node.text)
    place = matter.speak.where(finding.fact)[0]
    of = f" ({matter.speak.item(*place)})" if place[0] != "case" else ""
    return item(f"{node.text}{of} ", matter.speak.found(finding))
