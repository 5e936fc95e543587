"""Two answers side by side: outcome, grounds that differ, facts missing, where the traces part.

Nothing is judged here: the two answers were given, and what is not the same is listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from engine.answer.model import Answer, GroundSaid, StepSaid


@dataclass(frozen=True)
class GroundChange:
    """A ground whose status, on the record or strictly, or per offence, is not the same in both."""

    before: GroundSaid
    after: GroundSaid


@dataclass(frozen=True)
class Divergence:
    """The first firing at which two traces part; None where a trace has ended."""

    number: int
    before: StepSaid | None
    after: StepSaid | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two answers."""

    before: Answer
    after: Answer
    grounds: tuple[GroundChange, ...]
    no_longer_missing: tuple[str, ...]
    newly_missing: tuple[str, ...]
    divergence: Divergence | None

    @property
    def same_outcome(self) -> bool:
        """Whether outcome, ranges and certainty agree."""
        return _verdict(self.before) == _verdict(self.after)

    @property
    def same(self) -> bool:
        """Whether nothing that is compared differs."""
        return self.same_outcome and not (self.grounds or self.no_longer_missing or self.newly_missing)


def compare(before: Answer, after: Answer) -> Comparison:
    """Compare two answers given under one pack."""
    missing_before, missing_after = missing(before), missing(after)
    return Comparison(
        before,
        after,
        tuple(_grounds(before, after)),
        tuple(label for label in missing_before if label not in missing_after),
        tuple(label for label in missing_after if label not in missing_before),
        divergence(before.trace, after.trace),
    )


def _verdict(answer: Answer) -> tuple[object, ...]:
    return answer.outcome, answer.range, answer.range_on_record, answer.settled


def _grounds(before: Answer, after: Answer) -> list[GroundChange]:
    others: Mapping[str, GroundSaid] = {ground.id: ground for ground in after.grounds}
    pairs = [GroundChange(ground, others[ground.id]) for ground in before.grounds if ground.id in others]
    return [pair for pair in pairs if _status(pair.before) != _status(pair.after)]


def _status(ground: GroundSaid) -> tuple[object, ...]:
    return ground.status, ground.status_strict, sorted(ground.counts.values())


def missing(answer: Answer) -> dict[str, None]:
    """The facts on which open grounds hang, once each."""
    return {label: None for ground in answer.grounds if ground.status == "open" for label in ground.missing}


def divergence(before: Sequence[StepSaid], after: Sequence[StepSaid]) -> Divergence | None:
    """The first conclusion about a criterion in which two traces differ, walking both in order."""
    ours, theirs = ([step for step in trace if not step.internal] for trace in (before, after))
    for number, (one, other) in enumerate(zip_longest(ours, theirs), 1):
        if one is None or other is None or _concludes(one) != _concludes(other):
            return Divergence(number, one, other)
    return None


def _concludes(step: StepSaid) -> tuple[object, ...]:
    return step.criterion, step.place, step.status, step.phase
