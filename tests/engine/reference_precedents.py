"""A second opinion on precedents and country findings, straight from their definition and one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.content.conditions import Applies, Atom, Condition, Ref, walk
from engine.content.evidence import SITUATION, Factor, Issue, Precedent, Prevalence, Ruling, Side, Situation, alike
from engine.content.models import Pack
from engine.facts.columns import HERE, Place
from engine.facts.values import BadValue, parse
from engine.inference.evidence import holds

if TYPE_CHECKING:
    from tests.engine.reference import Reference

#: Of each factor that is in a case its strength: True, or the position of its level.
Strengths = dict[str, Any]
#: Whether the case has what a reason stands for, and whether that is anything.
Reliance = tuple[bool, bool]


def in_force(one: Situation, day: date, years: str) -> bool:
    """Whether a country finding presumes anything on a day: decided before, not ended and not too old."""
    if not one.valid_from <= day <= (one.valid_until or date.max):
        return False
    if one.decided_on and one.decided_on.last >= one.valid_from and day <= one.decided_on.last:
        return False
    seen = one.decided_on.first if one.decided_on else one.valid_from
    return years == "never" or day <= _anniversary(seen, int(years))


def _anniversary(day: date, years: int) -> date:
    leaps = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leaps else day.day)


def stated(pack: Pack, one: Precedent) -> dict[str, Any]:
    """The facts of a precedent with their values; the States and the general picture are facts too."""
    raw = {"requesting_state": one.requesting_state, "requested_state": one.requested_state}
    for picture in pack.pictures.values():
        if one.situation in pack.vocabulary.facts[picture.answers].values:
            raw[picture.answers] = one.situation
    found = {}
    for name, value in {**raw, **one.facts}.items():
        fact = pack.vocabulary.facts.get(name)
        if fact is not None and value not in (None, ""):
            try:
                found[name] = parse(fact, value)
            except BadValue:
                continue
    return found


def sides(case: Reference, issue: Issue, place: Place) -> set[Side]:
    """The sides for which a precedent governs, after one has prevailed over another where that is declared."""
    comparison = Comparison(case, issue, place)
    kin = alike(case.pack.issues, issue.id)
    governing = [
        (one, ruling.outcome)
        for one in case.pack.precedents.values()
        for ruling in one.decided
        if ruling.issue in kin and comparison.governs(one, ruling)
    ]
    if issue.prevails and len({side for _, side in governing}) == 2:
        ranks = [(_rank(issue.prevails, one), side) for one, side in governing]
        best = max(rank for rank, _ in ranks)
        return {side for rank, side in ranks if rank == best}
    return {side for _, side in governing}


def _rank(rule: Prevalence, one: Precedent) -> tuple[int, Any]:
    heights = {name: -place for place, name in enumerate(rule.formations)}
    return heights.get(one.formation, -99), one.decided_on.last if rule.later else None


def _reason(raw: Any) -> tuple[str, Any]:
    """A reason as a name and the value that it names, if it names one."""
    return next(iter(raw.items())) if isinstance(raw, dict) else (str(raw), None)


class Comparison:
    """One issue of a case, compared with decided cases."""

    def __init__(self, case: Reference, issue: Issue, place: Place) -> None:
        self.case, self.issue, self.place, self.pack = case, issue, place, case.pack
        self.now = strengths(case, issue, place)
        self.facts = {factor.name: self.read(factor.conditions.values()) for factor in issue.factors.values()}
        self.uncovered = set(self._uncovered())

    def _uncovered(self) -> Iterator[tuple[str, Any]]:
        """The facts with their values on which tribunals relied and that no factor of the issue covers."""
        covered = set[str]().union(*self.facts.values())
        kin = alike(self.pack.issues, self.issue.id)
        for one in self.pack.precedents.values():
            own = stated(self.pack, one)
            for ruling in (ruling for ruling in one.decided if ruling.issue in kin):
                for name, value in map(_reason, ruling.because):
                    fact = self.pack.vocabulary.facts.get(name)
                    if fact is None or name in covered or name == SITUATION:
                        continue
                    if value is not None:
                        yield name, parse(fact, [value] if fact.type == "set" else value)
                    elif name in own:
                        yield name, own[name]

    def read(self, conditions: Iterable[Condition]) -> set[str]:
        """The facts that conditions read, also through criteria and presumptions."""
        found: set[str] = set()
        for part in (part for condition in conditions for part in walk(condition)):
            if isinstance(part, Atom):
                found.update(part.facts)
            elif isinstance(part, Ref):
                found |= self.read([self.pack.criteria[part.criterion].condition])
            elif isinstance(part, Applies):
                one = self.pack.presumptions[part.presumption]
                found |= self.read([one.condition, *one.rebutted_by])
        return found

    def governs(self, one: Precedent, ruling: Ruling) -> bool:
        """Whether a decision governs: what it relied on is there, and nothing for the other side is new."""
        until = min((day for day in (one.until, ruling.until) if day), default=date.max)
        day = self.case.setting.assessed_on
        if one.formal or ruling.example_only or not one.decided_on.last < day <= until:
            return False
        read = self.case.precedent(one)
        place = self.place if self.place == HERE or read.world.sizes.get(self.place[0]) else HERE
        decided = Decided(self, one, ruling, read, place if place == HERE else (place[0], 0))
        if any(decided.is_new(factor) for factor in self.issue.factors.values()):
            return False
        relied = [decided.relies(*_reason(raw)) for raw in ruling.because]
        return bool(relied) and all(there for there, _ in relied) and any(needs for _, needs in relied)


class Decided:
    """One ruling beside the case that is compared with it."""

    def __init__(self, with_case: Comparison, one: Precedent, ruling: Ruling, read: Reference, place: Place) -> None:
        self.of, self.one, self.ruling, self.read, self.place = with_case, one, ruling, read, place
        self.then = strengths(read, with_case.issue, place)

    def is_new(self, factor: Factor) -> bool:
        """Whether a factor speaks for the other side, and did not so before the tribunal."""
        now, then = self.of.now.get(factor.name), self.then.get(factor.name)
        levels = list(factor.levels)
        if now is None:
            return False
        if not levels:
            return factor.favours != self.ruling.outcome and then is None
        neutral = [levels.index(level) for level in factor.neutral]
        if self.ruling.outcome == "person":
            return now < min(neutral, default=len(levels) - 1) and (then is None or now < then)
        return now > max(neutral, default=0) and (then is None or now > then)

    def relies(self, name: str, value: Any) -> Reliance:
        """Whether the case has what a reason stands for; a reason that speaks for nobody is in no case."""
        if name in {coined.name for coined in self.one.more_facts}:
            return False, True
        answered = {picture.answers for picture in self.of.pack.pictures.values()}
        facts = answered if name == SITUATION else {name}
        parts = [*self._through_factors(facts, value), *self._by_itself(facts, value)]
        return bool(parts) and all(there for there, _ in parts), any(needs for _, needs in parts)

    def _through_factors(self, facts: set[str], value: Any) -> Iterator[Reliance]:
        for factor in self.of.issue.factors.values():
            then = self.then.get(factor.name)
            own = bool(factor.levels) or factor.favours == self.ruling.outcome
            if then is not None and own and facts & self.of.facts[factor.name] and _tests(factor, facts, value):
                yield self._as_strong(factor, then)

    def _as_strong(self, factor: Factor, then: Any) -> Reliance:
        now = self.of.now.get(factor.name)
        if not factor.levels:
            return now is not None, True
        if self.ruling.outcome == "person":
            return (now is not None and now >= then, True) if then > 0 else (True, False)
        return (now is not None and now <= then, True) if then < len(factor.levels) - 1 else (True, False)

    def _by_itself(self, facts: set[str], value: Any) -> Iterator[Reliance]:
        """What no factor of the issue covers counts as it is: every value that the tribunal relied on."""
        pack, issue = self.of.pack, self.of.issue
        for fact, each in ((fact, each) for fact, value in self.of.uncovered for each in _single(value)):
            test = holds(pack.vocabulary.facts[fact], each, issue.scope)
            named = fact in facts and value in (None, each)
            if named and test is not None and self.read.condition(test, self.place) is True:
                yield self.of.case.condition(test, self.of.place) is True, True


def _single(value: Any) -> list[Any]:
    return sorted(value) if isinstance(value, frozenset) else [value]


def strengths(case: Reference, issue: Issue, place: Place) -> Strengths:
    """Of each factor that is in a case its strength."""
    if (issue.id, place) in case.strengths:
        return case.strengths[issue.id, place]
    found = case.strengths[issue.id, place] = Strengths()
    for factor in issue.factors.values():
        holding = [case.condition(condition, place) is True for condition in factor.conditions.values()]
        if any(holding):
            found[factor.name] = max(at for at, there in enumerate(holding) if there) if factor.levels else True
    return found


def _tests(factor: Factor, facts: set[str], value: Any) -> bool:
    """Whether a factor tests one of the facts for a value; without a value any test will do."""
    parts = [part for condition in factor.conditions.values() for part in walk(condition) if isinstance(part, Atom)]
    return value is None or any(
        facts & set(part.facts) and (part.kind == "yes" or value in part.args) for part in parts
    )
