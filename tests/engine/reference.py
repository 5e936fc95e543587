"""A second opinion: criteria evaluated one by one, over plain dictionaries, straight from their definition.

Nothing here is shared with the engines but the single tests of atoms, which have tests of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.content.conditions import All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref, walk
from engine.content.evidence import Issue, Picture, Precedent, Prevalence, Ruling
from engine.content.models import Criterion, Pack, Presumption
from engine.facts.columns import HERE, Columns, Place
from engine.facts.values import parse
from engine.facts.vocabulary import CASE, OPEN, Fact
from engine.inference.atoms import Setting, evaluate, facts_of
from engine.inference.evidence import holds
from engine.inference.limits import limits_of

Truth = bool | None


@dataclass
class World:
    """What is known in one lane: values by place, and the shape of the lists."""

    values: dict[Place, dict[str, Any]]
    sizes: dict[str, int] = field(default_factory=dict)
    unlisted: dict[str, bool] = field(default_factory=dict)
    latest: dict[str, int | None] = field(default_factory=dict)

    def places(self, scope: str) -> list[Place]:
        return [HERE] if scope == CASE else [(scope, index) for index in range(self.sizes.get(scope, 0))]

    def seen(self, place: Place, fact: str) -> Any:
        return self.values[place].get(fact, self.values[HERE].get(fact))


def world_of(columns: Columns, lane: int = 0) -> World:
    """One lane of columns as plain data."""
    values = {
        place: {name: value for name, entries in facts.items() for value, mask in entries if mask >> lane & 1}
        for place, facts in columns.values.items()
    }
    unlisted = {part: bool(mask >> lane & 1) for part, mask in columns.unlisted.items()}
    return World(values, dict(columns.sizes), unlisted, dict(columns.latest))


def settled(world: World, pack: Pack, *, on_the_record: bool) -> World:
    """What the known facts settle about others: gates opened from below, then closed from above, then burdens."""
    values = {place: dict(facts) for place, facts in world.values.items()}
    facts = pack.vocabulary.facts
    order = _gates_first(facts)
    for fact in reversed(order):
        for place in world.places(fact.scope):
            held = values[place].get(fact.id)
            for closure in fact.closed_by:
                gate = facts[closure.fact]
                above = HERE if gate.scope == CASE else place
                if held is not None and held != closure.then and gate.type == "yes_no":
                    values[above].setdefault(gate.id, not closure.is_)
    for fact in order:
        for place in world.places(fact.scope):
            for closure in fact.closed_by:
                if values[place].get(closure.fact, values[HERE].get(closure.fact)) == closure.is_:
                    values[place].setdefault(fact.id, closure.then)
            if on_the_record and fact.unproved != OPEN:
                values[place].setdefault(fact.id, fact.unproved)
    filled = {part.id for part in pack.vocabulary.parts.values() if on_the_record and part.unproved == "empty"}
    unlisted = {part: missing and part not in filled for part, missing in world.unlisted.items()}
    return World(values, world.sizes, unlisted, world.latest)


def _gates_first(facts: dict[str, Fact]) -> list[Fact]:
    done: dict[str, Fact] = {}

    def visit(fact: Fact) -> None:
        for closure in fact.closed_by:
            visit(facts[closure.fact])
        done.setdefault(fact.id, fact)

    for fact in facts.values():
        visit(fact)
    return list(done.values())


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's *and*."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def negation(truth: Truth) -> Truth:
    """Kleene's *not*."""
    return None if truth is None else not truth


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's *or*."""
    return negation(conjunction(negation(truth) for truth in truths))


@dataclass
class Reference:
    """Truth of conditions in one world; ``ignoring`` gives truths that replace the evaluation of a condition."""

    pack: Pack
    setting: Setting
    world: World
    #: what is known strictly, while the record is evaluated
    strict: World | None = None
    #: while precedents are read none governs
    blind: bool = False

    def criterion(self, criterion: Criterion, place: Place = HERE) -> Truth:
        applies = self.applies(criterion, place)
        return conjunction([applies, self.condition(criterion.condition, place)])

    def applies(self, criterion: Criterion, place: Place) -> Truth:
        return conjunction(self.condition(atom, place) for atom in limits_of(criterion))

    def status(self, name: str, place: Place = HERE) -> str:
        criterion = self.pack.criteria[name]
        if self.applies(criterion, place) is False:
            return "not_applicable"
        return {True: "met", False: "not_met", None: "open"}[self.criterion(criterion, place)]

    def condition(self, condition: Condition, place: Place) -> Truth:
        if isinstance(condition, Atom):
            return self.atom(condition, place)
        if isinstance(condition, Applies):
            return self.presumption(self.pack.presumptions[condition.presumption], place)
        if isinstance(condition, Ref):
            return self.criterion(self.pack.criteria[condition.criterion], place)
        if isinstance(condition, Not):
            return negation(self.condition(condition.of, place))
        if isinstance(condition, Quantified):
            return self.quantified(condition)
        join = conjunction if isinstance(condition, All) else disjunction
        assert isinstance(condition, All | AnyOf)
        return join([self.condition(operand, place) for operand in condition.of])

    def atom(self, atom: Atom, place: Place) -> Truth:
        names = facts_of(atom, self.setting.relations)
        values = [self.world.seen(place, name) for name in names]
        plain = None if None in values else evaluate(atom, tuple(values), self.setting)
        alone = len(names) == 1 and atom.kind in ("yes", "in", "includes", "nonempty")
        if self.strict is None or not alone or self.strict.seen(place, names[0]) is not None:
            return plain
        speaking = {(truth, strong) for truth, strong in self.sources(atom, names[0], place)}
        if (True, True) in speaking or (False, True) in speaking:
            speaking = {(truth, strong) for truth, strong in speaking if strong}
        truths = {truth for truth, _ in speaking}
        return truths.pop() if len(truths) == 1 else plain if not truths else None

    def sources(self, atom: Atom, name: str, place: Place) -> Iterator[tuple[bool, bool]]:
        """Of each source of a fact that speaks: the truth of an atom that it presumes, and whether it is sufficient."""
        of = self.pack.vocabulary.facts[name]
        own = HERE if of.scope == CASE else place

        def truth(value: Any) -> Iterator[bool]:
            if isinstance(value, frozenset):
                if atom.kind == "nonempty" or value & set(atom.args):
                    yield True
            elif atom.kind in ("yes", "in"):
                yield value is True if atom.kind == "yes" else value in atom.args

        for one in self.pack.presumptions.values():
            if name in one.presumes and self.presumption(one, own) is True:
                yield from ((found, one.strength == "sufficient") for found in truth(one.presumes[name]))
        for picture in self.pack.pictures.values():
            if picture.answers == name:
                level = self.level(picture)
                yield from ((found, False) for found in truth(level)) if level else ()
        for issue in self.pack.issues.values():
            for answer in issue.answers:
                if answer.fact == name:
                    for side in self.governed(issue, own):
                        yield from ((found, False) for found in truth(answer.value(side)))
        for closure in of.closed_by:
            gate = self.pack.vocabulary.facts[closure.fact]
            if gate.type in ("yes_no", "choice") and self.has_sources(gate.id):
                kind = "yes" if gate.type == "yes_no" else "in"
                test = self.atom(Atom(kind, (gate.id,), () if kind == "yes" else (closure.is_,)), own)
                if test is (closure.is_ is not False):
                    yield from ((found, False) for found in truth(closure.then))

    def has_sources(self, name: str) -> bool:
        of, pack = self.pack.vocabulary.facts[name], self.pack
        return (
            any(name in one.presumes for one in pack.presumptions.values())
            or any(name == one.answers for one in pack.pictures.values())
            or any(name == answer.fact for one in pack.issues.values() for answer in one.answers)
            or any(
                pack.vocabulary.facts[c.fact].type in ("yes_no", "choice") and self.has_sources(c.fact)
                for c in of.closed_by
            )
        )

    def presumption(self, one: Presumption, place: Place) -> Truth:
        """Whether a presumption applies."""
        within = [self.condition(atom, place) for atom in limits_of(one)]
        stated = conjunction([*within, self.condition(one.condition, place)])
        rebutted = disjunction(self.condition(each, place) for each in one.rebutted_by)
        applies = conjunction([stated, negation(rebutted)])
        if one.strength == "must_examine":
            return applies
        if self.strict is None:
            return False if applies is False else None
        return stated is True and rebutted is not True

    def level(self, picture: Picture) -> str:
        """The highest level that country findings give."""
        state = self.world.seen(HERE, picture.state)
        years = self.setting.variants[picture.years]
        found = set()
        for one in self.pack.situations.values():
            on = self.setting.assessed_on
            young = years == "never" or on <= one.valid_from.replace(year=one.valid_from.year + int(years))
            current = one.valid_from <= on and (one.valid_until is None or on <= one.valid_until)
            member = not one.group or self.condition(self.pack.groups[one.group].condition, HERE) is True
            if one.state == state and young and current and member:
                found.add(one.level)
        levels = list(self.pack.vocabulary.facts[picture.answers].values)
        return max(found, key=levels.index, default="")

    def governed(self, issue: Issue, place: Place) -> set[str]:
        """The sides for which a precedent governs, straight from the definition."""
        if self.blind:
            return set()
        case = self.strengths(issue, place)
        governing = []
        for one in self.pack.precedents.values():
            for ruling in one.decided:
                if ruling.issue == issue.id and self.governs(issue, one, ruling, case, place):
                    governing.append((one, ruling.outcome))
        if issue.prevails and len({side for _, side in governing}) == 2:
            ranks = [(self.rank(issue.prevails, one), side) for one, side in governing]
            best = max(rank for rank, _ in ranks)
            return {side for rank, side in ranks if rank == best}
        return {side for _, side in governing}

    def rank(self, rule: Prevalence, one: Precedent) -> tuple[int, Any]:
        heights = {name: -place for place, name in enumerate(rule.formations)}
        return heights.get(one.formation, -99), one.decided_on.last if rule.later else None

    def strengths(self, issue: Issue, place: Place) -> dict[str, Any]:
        """Of each factor that is in the case its strength: True, or the position of its level."""
        found: dict[str, Any] = {}
        for factor in issue.factors.values():
            holding = [self.condition(condition, place) is True for condition in factor.conditions.values()]
            if any(holding):
                found[factor.name] = max(i for i, held in enumerate(holding) if held) if factor.levels else True
        return found

    def governs(self, issue: Issue, one: Precedent, ruling: Ruling, case: dict[str, Any], place: Place) -> bool:
        """Whether a decision governs: what it relied on is there, and nothing for the other side is new."""
        until = min((day for day in (one.until, ruling.until) if day), default=date.max)
        if one.formal or ruling.example_only or not one.decided_on.last < self.setting.assessed_on <= until:
            return False
        read = self.precedent(one)
        where = place if place[0] == CASE else (place[0], 0)
        had = read.strengths(issue, where)
        for factor in issue.factors.values():
            levels, now, then = list(factor.levels), case.get(factor.name), had.get(factor.name)
            neutral = [levels.index(level) for level in factor.neutral]
            if now is None:
                continue
            if not levels and factor.favours != ruling.outcome and then is None:
                return False
            weaker = levels and ruling.outcome == "person" and now < min(neutral, default=len(levels) - 1)
            if weaker and (then is None or now < then):
                return False
            stronger = levels and ruling.outcome == "state" and now > max(neutral, default=0)
            if stronger and (then is None or now > then):
                return False
        relied = [self.relies((issue, one, ruling), str(name), case, had, place) for name in ruling.because]
        return bool(relied) and all(holds for holds, _ in relied) and any(needs for _, needs in relied)

    def relies(
        self,
        decided: tuple[Issue, Precedent, Ruling],
        name: str,
        case: dict[str, Any],
        had: dict[str, Any],
        place: Place,
    ) -> tuple[bool, bool]:
        """Whether the case has what a reason stands for, and whether that is anything."""
        issue, one, ruling = decided
        if name in {coined.name for coined in one.more_facts}:
            return False, True
        reading = [
            factor
            for factor in issue.factors.values()
            if any(
                isinstance(part, Atom) and name in part.facts for c in factor.conditions.values() for part in walk(c)
            )
        ]
        if not reading:
            of = self.pack.vocabulary.facts[name]
            test = holds(of, parse(of, one.facts[name]), issue.scope)
            there = test is not None and self.precedent(one).condition(test, self.where(place)) is True
            return there and test is not None and self.condition(test, place) is True, True
        matched, met, needs = False, True, False
        for factor in reading:
            then, now = had.get(factor.name), case.get(factor.name)
            if then is None or (not factor.levels and factor.favours != ruling.outcome):
                continue
            matched = True
            if factor.levels and then in (0 if ruling.outcome == "person" else len(factor.levels) - 1,):
                continue
            needs = True
            stronger = now is not None and (
                not factor.levels or (now >= then if ruling.outcome == "person" else now <= then)
            )
            met = met and stronger
        return matched and met, needs

    def where(self, place: Place) -> Place:
        return place if place[0] == CASE else (place[0], 0)

    def precedent(self, one: Precedent) -> Reference:
        """A reference over the facts of a precedent, read like those of a case, in which no precedent governs."""
        facts = self.pack.vocabulary.facts
        values: dict[Place, dict[str, Any]] = {HERE: {}}
        for name, raw in one.facts.items():
            scope = facts[name].scope
            values.setdefault(HERE if scope == CASE else (scope, 0), {})[name] = parse(facts[name], raw)
        parts = self.pack.vocabulary.parts.values()
        sizes = {part.id: int((part.id, 0) in values or part.needs_items) for part in parts}
        for part, size in sizes.items():
            if size:
                values.setdefault((part, 0), {})
        unlisted = {part.id: not sizes[part.id] for part in parts}
        world = World(values, sizes, unlisted, dict.fromkeys(sizes))
        day = max(other.decided_on.last for other in self.pack.precedents.values())
        variants = {name: variant.default for name, variant in self.pack.variants.items()}
        setting = Setting(day, variants, self.setting.relations)
        strict, record = (settled(world, self.pack, on_the_record=on) for on in (False, True))
        return Reference(self.pack, setting, record, strict, blind=True)

    def quantified(self, condition: Quantified) -> Truth:
        part = condition.part
        items = [self.condition(condition.of, place) for place in self.world.places(part)]
        more: list[Truth] = [None] if self.world.unlisted.get(part) else []
        if condition.quantifier == "latest":
            index = self.world.latest.get(part)
            return items[index] if index is not None else None if more else False
        return disjunction(items + more) if condition.quantifier == "some" else conjunction(items + more)
