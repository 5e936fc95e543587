"""A second opinion: criteria evaluated one by one, over plain dictionaries, straight from their definition.

Nothing here is shared with the engines but the single tests of atoms, which have tests of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.content.conditions import All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref
from engine.content.evidence import Issue, Picture, Precedent, Side, Situation
from engine.content.models import Criterion, Pack, Presumption
from engine.facts.columns import HERE, Columns, Place
from engine.facts.vocabulary import CASE, OPEN, Fact
from engine.inference.atoms import Setting, evaluate, facts_of
from engine.inference.limits import limits_of
from tests.engine.reference_precedents import in_force, sides, stated

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


#: Precedents as they were read, by pack and name.
_READ: dict[tuple[int, str], Reference] = {}


@dataclass
class Reference:
    """Truth of conditions in one world; ``ignoring`` gives truths that replace the evaluation of a condition."""

    pack: Pack
    setting: Setting
    world: World
    #: what is known strictly, while the record is evaluated
    strict: World | None = None
    #: while precedents are read none governs, and no country finding speaks
    blind: bool = False
    #: what was found once and would be found again
    _found: dict[tuple[Any, Place], Truth] = field(default_factory=dict)
    _governed: dict[tuple[str, Place], set[Side]] = field(default_factory=dict)
    strengths: dict[tuple[str, Place], dict[str, Any]] = field(default_factory=dict)

    def criterion(self, criterion: Criterion, place: Place = HERE) -> Truth:
        key = (criterion.id, place)
        if key not in self._found:
            applies = self.applies(criterion, place)
            self._found[key] = conjunction([applies, self.condition(criterion.condition, place)])
        return self._found[key]

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
        key = (atom, place)
        if key not in self._found:
            self._found[key] = self._test(atom, place)
        return self._found[key]

    def _test(self, atom: Atom, place: Place) -> Truth:
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

        for value, strong in self.given(of, own):
            if not self.excluded(name, value, own):
                yield from ((found, strong) for found in truth(value))

    def excluded(self, name: str, value: Any, place: Place) -> bool:
        """Whether a rule that applies says that no decision may rest on an answer."""
        for one in self.pack.presumptions.values():
            if name in one.excludes and self.presumption(one, place) is True:
                named = one.excludes[name]
                if named & value if isinstance(value, frozenset) else named == value:
                    return True
        return False

    def given(self, of: Fact, own: Place) -> Iterator[tuple[Any, bool]]:
        """The value that each source of a fact gives it, and whether that source is sufficient."""
        name = of.id
        for one in self.pack.presumptions.values():
            if name in one.presumes and self.presumption(one, own) is True:
                yield one.presumes[name], one.strength == "sufficient"
        for picture in self.pack.pictures.values():
            if picture.answers == name:
                level = self.level(picture)
                if level:
                    yield level, False
        for issue in self.pack.issues.values():
            for answer in issue.answers:
                if answer.fact == name:
                    for side in self.governed(issue, own):
                        yield answer.value(side), False
        for closure in of.closed_by:
            gate = self.pack.vocabulary.facts[closure.fact]
            if gate.type in ("yes_no", "choice") and self.has_sources(gate.id):
                kind = "yes" if gate.type == "yes_no" else "in"
                test = self.atom(Atom(kind, (gate.id,), () if kind == "yes" else (closure.is_,)), own)
                if test is (closure.is_ is not False):
                    yield closure.then, False

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
        key = (("presumption", one.id), place)
        if key not in self._found:
            self._found[key] = self._applies(one, place)
        return self._found[key]

    def _applies(self, one: Presumption, place: Place) -> Truth:
        within = [self.condition(atom, place) for atom in limits_of(one)]
        stated = conjunction([*within, self.condition(one.condition, place)])
        rebutted = disjunction(self.condition(each, place) for each in one.rebutted_by)
        applies = conjunction([stated, negation(rebutted)])
        if one.strength in ("must_examine", "excluded"):
            return applies
        if self.strict is None:
            return False if applies is False else None
        return stated is True and rebutted is not True

    def level(self, picture: Picture) -> str:
        """The highest level of a picture that country findings in force give; to a precedent they give none."""
        answered, day = self.pack.vocabulary.facts[picture.answers], self.setting.assessed_on
        years = self.setting.variants[picture.years]
        state = self.world.seen(HERE, picture.state)
        states = state if isinstance(state, frozenset) else {state}
        found = {
            one.level
            for one in self.pack.situations.values()
            if one.state in states and one.level in answered.values and in_force(one, day, years) and self.member(one)
        }
        return "" if self.blind else max(found, key=list(answered.values).index, default="")

    def member(self, one: Situation) -> bool:
        """Whether a country finding is about the person of the case."""
        return not one.group or self.condition(self.pack.groups[one.group].condition, HERE) is True

    def governed(self, issue: Issue, place: Place) -> set[Side]:
        """The sides for which a precedent governs; none where a precedent itself is read."""
        key = (issue.id, place)
        if key not in self._governed:
            self._governed[key] = set() if self.blind else sides(self, issue, place)
        return self._governed[key]

    def precedent(self, one: Precedent) -> Reference:
        """A reference over the facts of a precedent, read once for all cases of a pack."""
        found = _READ.get((id(self.pack), one.id))
        if found is None or found.pack is not self.pack or found.setting.relations is not self.setting.relations:
            if len(_READ) > 1_000:
                _READ.clear()
            found = _READ[id(self.pack), one.id] = self._read(one)
        return found

    def _read(self, one: Precedent) -> Reference:
        """A precedent read like a case, in which no precedent governs."""
        facts = self.pack.vocabulary.facts
        values: dict[Place, dict[str, Any]] = {HERE: {}}
        for name, value in stated(self.pack, one).items():
            scope = facts[name].scope
            values.setdefault(HERE if scope == CASE else (scope, 0), {})[name] = value
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
