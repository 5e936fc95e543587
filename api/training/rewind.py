"""Where two lessons part: after one fact was changed, or between two cases.

The steps of both are laid side by side by what they conclude about, so that a rule that merely fires earlier in
one of them does not count as a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.training.lesson import Step
from engine.errors import present


@dataclass(frozen=True)
class Row:
    """The steps of both sides that conclude about the same thing; None where one side has no such step."""

    before: Step | None
    after: Step | None

    @property
    def same(self) -> bool:
        """Whether both conclude the same."""
        return self.both and self.before.status == self.after.status  # type: ignore[union-attr]

    @property
    def both(self) -> bool:
        """Whether both conclude something."""
        return self.before is not None and self.after is not None


def side_by_side(before: Sequence[Step], after: Sequence[Step]) -> list[Row]:
    """All steps of both, each once, in the order of ``before`` with what only ``after`` has where it comes in."""
    theirs, ours = {step.about: step for step in after}, {step.about for step in before}
    rows: list[Row] = []
    taken: set[tuple[str, str]] = set()

    def only_after(until: tuple[str, str] | None) -> None:
        for step in after:
            if step.about == until:
                return
            if step.about not in taken and step.about not in ours:
                taken.add(step.about)
                rows.append(Row(None, step))

    for step in before:
        if step.about in theirs:
            only_after(step.about)
        rows.append(Row(step, theirs.get(step.about)))
    only_after(None)
    return rows


def first_difference(rows: Sequence[Row]) -> int | None:
    """The index of the first row that is not the same on both sides; None if all are."""
    return next((index for index, row in enumerate(rows) if not row.same), None)


def first_contradiction(rows: Sequence[Row]) -> int | None:
    """The first row in which both sides conclude, and not the same; otherwise the first difference of any kind."""
    found = next((index for index, row in enumerate(rows) if row.both and not row.same), None)
    return first_difference(rows) if found is None else found


def step_to_show(row: Row) -> tuple[bool, int]:
    """Where a difference is seen: the step of ``after`` (True), or the one of ``before`` that fires no more (False)."""
    if row.after is not None:
        return True, row.after.number
    return False, present(row.before, "a step before or after").number
