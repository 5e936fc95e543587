"""Proof trees at three depths: the verdict alone, down to the grounds' conditions, or everything.

A branch that is cut says how many nodes it hides, so that a partial tree never looks whole.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal

from engine.answer.model import Answer, ProofNode

Depth = Literal["verdict", "grounds", "full"]
LEVELS: dict[Depth, int] = {"verdict": 0, "grounds": 2, "full": 1_000}


def grounds_of(answer: Answer, ground: str = "") -> dict[str, ProofNode]:
    """The proofs of an answer, or that of one ground."""
    return {name: node for name, node in answer.proof.items() if not ground or name == ground}


def cut(node: ProofNode, depth: Depth) -> dict[str, Any]:
    """A proof as plain data, down to a depth; ``hidden`` counts what is left out below a node."""
    return _cut(node, LEVELS[depth])


def _cut(node: ProofNode, levels: int) -> dict[str, Any]:
    said = {one.name: getattr(node, one.name) for one in fields(node) if one.name not in ("children", "finding")}
    finding = node.finding
    said["finding"] = {one.name: getattr(finding, one.name) for one in fields(finding)} if finding else None
    said["children"] = [_cut(child, levels - 1) for child in node.children] if levels else []
    said["hidden"] = 0 if levels else _size(node) - 1
    return said


def _size(node: ProofNode) -> int:
    return 1 + sum(_size(child) for child in node.children)
