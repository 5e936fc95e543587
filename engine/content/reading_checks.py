"""Checks of readings: those that follow each other in time, those that coexist, and what one says of itself.

Validity intervals of one series neither overlap nor leave gaps; the default of a variant is one of
its values; a status that a criterion declares never to come about has its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from engine.content.located import Where
from engine.content.models import STATUSES, Criterion, Pack
from engine.errors import Problem
from engine.facts.values import hint


def check_readings(pack: Pack, where: Where) -> Iterator[Problem]:
    """Every problem of series, variants and declared statuses."""
    yield from _variants(pack, where)
    yield from _series(pack, where)
    yield from _never(pack, where)


def _variants(pack: Pack, where: Where) -> Iterator[Problem]:
    for variant in pack.variants.values():
        if variant.default not in variant.values:
            message = f"the default '{variant.default}' is not one of its values"
            yield where.problem("variants", variant.id, message, hint(variant.default, variant.values), "default")


def _series(pack: Pack, where: Where) -> Iterator[Problem]:
    for criterion in pack.criteria.values():
        if criterion.valid_from and criterion.valid_until and criterion.valid_until < criterion.valid_from:
            yield where.problem("criteria", criterion.id, "is valid until before it is valid from")
    groups: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Criterion]] = {}
    for criterion in pack.criteria.values():
        if criterion.series:
            groups.setdefault(
                (criterion.instrument, criterion.series, tuple(sorted(criterion.variant.items()))), []
            ).append(criterion)
    for readings in groups.values():
        ordered = sorted(readings, key=lambda item: item.valid_from or date.min)
        for earlier, later in pairwise(ordered):
            end = earlier.valid_until or date.max
            start = later.valid_from or date.min
            if start <= end:
                yield where.problem(
                    "criteria",
                    later.id,
                    f"its validity overlaps that of {earlier.id}",
                    "Readings of one series follow each other",
                )
            elif start != end + timedelta(days=1):
                yield where.problem(
                    "criteria",
                    later.id,
                    f"leaves a gap after {earlier.id}",
                    "Let the reading begin the day after the other ends",
                )


def _never(pack: Pack, where: Where) -> Iterator[Problem]:
    for criterion in pack.criteria.values():
        if criterion.never and not criterion.never_because.strip():
            yield where.problem(
                "criteria",
                criterion.id,
                f"declares that it is never {' or '.join(criterion.never)}, but not why",
                "Give the reason under never_because",
                "never",
            )
        if criterion.never_because and not criterion.never:
            yield where.problem("criteria", criterion.id, "never_because stands without never", "", "never_because")
        if set(criterion.never) == set(STATUSES):
            yield where.problem("criteria", criterion.id, "can have no status at all", "Remove the criterion", "never")
