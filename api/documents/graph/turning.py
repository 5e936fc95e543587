"""The steps of a proof on which a result turns: what a picture or a memo shows of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.answer.model import FindingSaid, ProofNode


def turning(node: ProofNode) -> tuple[ProofNode, ...]:
    """The steps below on which this one turns; where several would each do, all that stand alike."""
    deciding = tuple(child for child in node.children if child.dispositive)
    wanted = "met" if node.kind in ("any", "some") else node.status
    return deciding or tuple(child for child in node.children if child.status == wanted)


def leaves(node: ProofNode) -> Iterator[FindingSaid]:
    """The findings on which a proof turns."""
    if node.finding is not None:
        yield node.finding
    for child in turning(node):
        yield from leaves(child)
