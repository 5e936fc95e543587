"""Rule coverage: what a set of cases has shown of every criterion, and of every part of its condition.

A criterion needs three *statuses*: met, not met and open, each seen in some case at some place (the
case, or one item), strictly or on the record. A status that cannot come about is declared in the
rule as ``never`` with the reason, and a case that shows it nevertheless contradicts the rule.

An *operand* of an ``all`` or ``any`` is **decisive** at a place when its node would have another
value there if the operand were struck out of the rule. So, of an ``all``: it alone fails, or it
alone is open while all others hold; of an ``any``: it alone holds, or it alone is open while all
others fail. Places at which the criterion does not apply do not count. Striking out an operand that
was never decisive would change nothing in any case: either a case is missing or the operand is idle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.assess import Engine, Weighed
from engine.content.condition_text import joint, text_of
from engine.content.conditions import All, AnyOf, Condition, Not, Quantified
from engine.content.models import STATUSES, Criterion
from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import CASE
from engine.inference.compiled import Planes, status_of

#: Fails, is open, holds.
_NO, _OPEN, _YES = 0, 1, 2


@dataclass(frozen=True)
class Operand:
    """One operand of an ``all`` or ``any``; ``name`` is the same as long as the rule says the same."""

    name: str
    criterion: str
    node: int


@dataclass(frozen=True)
class Join:
    """One ``all`` or ``any`` of a criterion's condition, evaluated at the places of ``scope``."""

    criterion: str
    op: str
    scope: str
    operands: tuple[Operand, ...]

    def decisive(self, values: list[int]) -> Iterator[Operand]:
        """The operands without which the node would have another value."""
        extreme = min(values) if self.op == "all" else max(values)
        neutral = _YES if self.op == "all" else _NO
        if extreme != neutral and values.count(extreme) == 1:
            yield self.operands[values.index(extreme)]


@dataclass(frozen=True)
class CriterionCoverage:
    """The statuses of one criterion, each with the first case that shows it."""

    criterion: str
    shown: dict[str, str]
    never: tuple[str, ...]
    lacking: tuple[str, ...]
    contradicted: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """What the cases have shown. ``idle`` are the operands that were decisive nowhere."""

    cases: int
    criteria: tuple[CriterionCoverage, ...]
    operands: int
    idle: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every criterion has its statuses and none contradicts what it declares."""
        return not any(line.lacking or line.contradicted for line in self.criteria)

    def summary(self) -> str:
        """The figures in one line."""
        lacking = sum(bool(line.lacking) for line in self.criteria)
        against = sum(bool(line.contradicted) for line in self.criteria)
        return (
            f"{self.cases} cases, {len(self.criteria)} criteria: {lacking} lack a status, "
            f"{against} contradict what they declare; {len(self.idle)} of {self.operands} operands decisive nowhere."
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self) | {"complete": self.complete, "summary": self.summary()}


def measure(engine: Engine, cases: Iterable[tuple[str, Weighed]]) -> Coverage:
    """The coverage of every criterion of the engine's pack by these named, weighed cases."""
    meter = _Meter(engine)
    for name, weighed in cases:
        meter.add(name, weighed)
    return meter.coverage()


@dataclass
class _Meter:
    engine: Engine
    cases: int = 0
    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    decisive: dict[str, str] = field(default_factory=dict)
    joins: list[Join] = field(default_factory=list)

    def __post_init__(self) -> None:
        criteria = self.engine.pack.criteria
        self.shown = {name: {} for name in criteria}
        self.joins = [join for criterion in criteria.values() for join in joins_of(criterion, self.engine)]

    def add(self, name: str, weighed: Weighed) -> None:
        self.cases += 1
        both = weighed.evaluation
        for planes, columns in ((both.strict, both.strict_columns), (both.record, both.record_columns)):
            for criterion in self.engine.pack.criteria.values():
                self._statuses(name, criterion, planes, columns)
            for join in self.joins:
                self._operands(name, join, planes, columns)

    def _statuses(self, case: str, criterion: Criterion, planes: Planes, columns: Columns) -> None:
        shown, entry = self.shown[criterion.id], self.engine.program.entries[criterion.id]
        if len(shown) < len(STATUSES):
            for place in columns.places(criterion.scope):
                status = status_of(planes, entry, place)
                if status in STATUSES:
                    shown.setdefault(status, case)

    def _operands(self, case: str, join: Join, planes: Planes, columns: Columns) -> None:
        if all(operand.name in self.decisive for operand in join.operands):
            return
        for place in columns.places(join.scope):
            if self._applies(join.criterion, planes, place):
                for operand in join.decisive([_value(planes, operand.node, place) for operand in join.operands]):
                    self.decisive.setdefault(operand.name, case)

    def _applies(self, criterion: str, planes: Planes, place: Place) -> bool:
        applies = self.engine.program.entries[criterion].applies
        if applies is None:
            return True
        scope = self.engine.pack.criteria[criterion].scope
        return not planes.at(applies, HERE if scope == CASE else place)[1] & 1

    def coverage(self) -> Coverage:
        operands = [operand.name for join in self.joins for operand in join.operands]
        lines = tuple(_line(criterion, self.shown[name]) for name, criterion in self.engine.pack.criteria.items())
        idle = tuple(name for name in operands if name not in self.decisive)
        return Coverage(self.cases, lines, len(operands), idle)


def _line(criterion: Criterion, shown: dict[str, str]) -> CriterionCoverage:
    return CriterionCoverage(
        criterion.id,
        {status: shown[status] for status in STATUSES if status in shown},
        criterion.never,
        tuple(status for status in STATUSES if status not in shown and status not in criterion.never),
        tuple(status for status in criterion.never if status in shown),
    )


def _value(planes: Planes, node: int, place: Place) -> int:
    true, false = planes.at(node, place)
    return _YES if true & 1 else _NO if false & 1 else _OPEN


def joins_of(criterion: Criterion, engine: Engine) -> list[Join]:
    """Every ``all`` and ``any`` of a criterion's condition, outermost first."""
    names: Counter[str] = Counter()

    def walk(condition: Condition, scope: str, above: str) -> Iterator[Join]:
        if isinstance(condition, All | AnyOf):
            path = f"{above} > {joint(condition)}" if above else joint(condition)
            operands = (
                Operand(unique(f"{criterion.id}: {path} > {text_of(each)}"), criterion.id, locate(each, scope))
                for each in condition.of
            )
            yield Join(criterion.id, joint(condition), scope, tuple(operands))
            for each in condition.of:
                yield from walk(each, scope, path)
        elif isinstance(condition, Not):
            yield from walk(condition.of, scope, f"{above} > not" if above else "not")
        elif isinstance(condition, Quantified):
            yield from walk(condition.of, condition.part, f"{above} > {condition.quantifier}".removeprefix(" > "))

    def unique(name: str) -> str:
        names[name] += 1
        return name if names[name] == 1 else f"{name} #{names[name]}"

    locate = engine.program.locate
    return list(walk(criterion.condition, criterion.scope, ""))
