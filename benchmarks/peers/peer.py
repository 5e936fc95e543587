"""What every engine compared looks like to the benchmark, and the shapes they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.bulk.planes import Array


class Missing(Exception):
    """A peer cannot be had here; the message says what to install."""


@dataclass(frozen=True)
class Peer:
    """``ready`` gets cases into the engine's own form, ``run`` decides them, ``values`` reads what came out.

    Cases are (cases, strict and on the record, atoms), values (cases, strict and on the record, nodes asked
    for). ``chunk`` is how many cases are timed at once, where that matters.
    """

    name: str
    ready: Callable[[Array], Any]
    run: Callable[[Any], Any]
    values: Callable[[Any], Array]
    chunk: int = 0
    close: Callable[[], None] = field(default=lambda: None)


def flat(cases: Array) -> Array:
    """One row for the strict half of each case and one for the half on the record."""
    return cases.reshape(-1, cases.shape[-1])


def paired(rows: Any) -> Array:
    """Rows back in pairs."""
    values = np.asarray(rows, dtype=np.int8)
    return values.reshape(-1, 2, values.shape[-1])
