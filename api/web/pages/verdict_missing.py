"""What is missing and why, as one tree: the effect, its open grounds, the facts that each of them waits for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from api.web.pages.verdict_grounds import Group, Told
from api.web.pages.verdict_labels import Named


@dataclass(frozen=True)
class Missing:
    """The tree, the facts once each with the number of grounds that wait for them, and how many facts there are."""

    groups: tuple[Group, ...]
    facts: tuple[tuple[Named, int], ...]


def missing_tree(told: Told) -> Missing:
    """What the open grounds wait for; facts for which most grounds wait come first."""
    groups = (*told.open, *told.beside_open)
    found = {one.label: one for group in groups for ground in group.grounds for one in ground.missing}
    waits = Counter(one.label for group in groups for ground in group.grounds for one in ground.missing)
    return Missing(groups, tuple((found[label], number) for label, number in waits.most_common()))
