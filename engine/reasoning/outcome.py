"""Outcome: what the grounds together allow, over any number of lanes.

Each completion of the unknown facts has one outcome: the most protective effect that is met. Open
grounds make a range of outcomes. Where all completions agree that is the outcome. Otherwise the
burden of proof decides: where the completions of the values on the record agree, that is the
outcome. Where they differ but all forbid surrender today it is the weaker, *not now*. A further
ground that is met raises both ends of both ranges, so it never lowers the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.content.models import Criterion, Effect, Pack
from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import CASE
from engine.inference.compiled import Planes
from engine.inference.program import Program


class Outcome(StrEnum):
    """From least to most protective; ``undetermined`` where completions permit and forbid."""

    ADMISSIBLE = "admissible"
    DISCRETIONARY = "discretionary"
    CONDITIONAL = "conditional"
    NOT_NOW = "not_now"
    INADMISSIBLE = "inadmissible"
    UNDETERMINED = "undetermined"


#: Outcomes by level of protection, 0 to 4.
LEVELS = (Outcome.ADMISSIBLE, Outcome.DISCRETIONARY, Outcome.CONDITIONAL, Outcome.NOT_NOW, Outcome.INADMISSIBLE)
TODAY = LEVELS.index(Outcome.NOT_NOW)
#: The level a ground brings about when it is met; effects not listed never decide admissibility.
LEVEL_OF: Mapping[Effect, int] = {
    Effect.ABSOLUTE_BAR: 4,
    Effect.MANDATORY_REFUSAL: 4,
    Effect.SUSPENSION: 3,
    Effect.PROCEDURAL_DEFECT: 3,
    Effect.ASSURANCE_REQUIRED: 2,
    Effect.OPTIONAL_REFUSAL: 1,
}
#: For each level above admissible, the lanes at or above it.
Ladder = tuple[int, int, int, int]
COUNTS = "counts"


def level_of(criterion: Criterion) -> int:
    """The protective level of a criterion's effect, 0 when it has none on admissibility."""
    return LEVEL_OF.get(criterion.effect, 0) if criterion.effect else 0


@dataclass(frozen=True)
class Range:
    """Lanes at or above each level: by what is met (least) and by what is met or open (most)."""

    full: int
    least: Ladder
    most: Ladder

    def single(self) -> int:
        """Lanes in which the range is one outcome."""
        differ = 0
        for low, high in zip(self.least, self.most, strict=True):
            differ |= low ^ high
        return self.full & ~differ

    def bounds(self, lane: int = 0) -> tuple[Outcome, Outcome]:
        """Least and most protective outcome in one lane."""
        return _in_lane(self.least, lane), _in_lane(self.most, lane)


def _in_lane(ladder: Ladder, lane: int) -> Outcome:
    return LEVELS[sum(mask >> lane & 1 for mask in ladder)]


class Judge:
    """Reads ranges and outcomes off evaluated planes, for one pack."""

    def __init__(self, pack: Pack, program: Program) -> None:
        grounds = [
            (program.entries[item.id].node, level_of(item), item.scope)
            for item in pack.criteria.values()
            if level_of(item)
        ]
        self.of_case = [(node, level) for node, level, scope in grounds if scope == CASE]
        self.of_counts = [(node, level) for node, level, scope in grounds if scope == COUNTS]
        self.case_levels, self.count_levels = _by_level(self.of_case), _by_level(self.of_counts)

    def range(self, planes: Planes, columns: Columns) -> Range:
        """The range of the whole case: surrender for any one count is surrender."""
        case = self._ladders(self.case_levels, planes, HERE)
        return _permissive(
            case, [self._ladders(self.count_levels, planes, place) for place in columns.places(COUNTS)], planes.full
        )

    def count_ranges(self, planes: Planes, columns: Columns) -> Iterator[tuple[Place, Range]]:
        """The range of each count, with what bars the case as a whole."""
        case = self._ladders(self.case_levels, planes, HERE)
        for place in columns.places(COUNTS):
            yield place, _permissive(case, [self._ladders(self.count_levels, planes, place)], planes.full)

    def _ladders(self, grounds: list[list[int]], planes: Planes, place: Place) -> tuple[Ladder, Ladder]:
        levels = [planes.some(nodes, place) for nodes in grounds]
        return _at_or_above([least for least, _ in levels]), _at_or_above([most for _, most in levels])


def _by_level(grounds: list[tuple[int, int]]) -> list[list[int]]:
    """The nodes of each level, the least protective first."""
    return [[node for node, level in grounds if level == wanted] for wanted in range(1, len(LEVELS))]


def _at_or_above(levels: list[int]) -> Ladder:
    for index in (2, 1, 0):
        levels[index] |= levels[index + 1]
    return levels[0], levels[1], levels[2], levels[3]


def _permissive(case: tuple[Ladder, Ladder], counts: list[tuple[Ladder, Ladder]], full: int) -> Range:
    def join(which: int) -> Ladder:
        ladder = []
        for level in range(4):
            everywhere = full if counts else 0
            for count in counts:
                everywhere &= count[which][level]
            ladder.append(case[which][level] | everywhere)
        return ladder[0], ladder[1], ladder[2], ladder[3]

    return Range(full, join(0), join(1))


def outcomes(strict: Range, record: Range) -> dict[Outcome, int]:
    """The lanes of each outcome."""
    lanes = dict.fromkeys(Outcome, 0)
    left = strict.full
    for span in (strict, record):
        agreed = span.single() & left
        for level, outcome in enumerate(LEVELS):
            lanes[outcome] |= agreed & _exactly(span.least, level, span.full)
        left &= ~agreed
    forbidden = left & (strict.least[TODAY - 1] | record.least[TODAY - 1])
    lanes[Outcome.NOT_NOW] |= forbidden
    lanes[Outcome.UNDETERMINED] |= left & ~forbidden
    return lanes


def _exactly(ladder: Ladder, level: int, full: int) -> int:
    at_least = ladder[level - 1] if level else full
    above = ladder[level] if level < 4 else 0
    return at_least & ~above


def outcome_in(strict: Range, record: Range, lane: int = 0) -> Outcome:
    """The outcome in one lane."""
    return next(outcome for outcome, mask in outcomes(strict, record).items() if mask >> lane & 1)
