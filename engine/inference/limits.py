"""The limits within which a criterion or a presumption speaks."""

from __future__ import annotations

from engine.content.conditions import Atom
from engine.content.models import Criterion, Presumption
from engine.inference.atoms import PAIR


def limits_of(one: Criterion | Presumption) -> list[Atom]:
    """That its instrument binds, that its time is now, and that the case uses its reading."""
    limits = []
    if one.instrument:
        limits.append(Atom("bound", (), (one.instrument, PAIR)))
    if one.valid_from or one.valid_until:
        limits.append(Atom("within", (), (one.valid_from, one.valid_until)))
    limits += [Atom("variant", (), pair) for pair in sorted(one.variant.items())]
    return limits
