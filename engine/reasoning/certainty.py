"""How certain an outcome is: whether an unknown fact could change it, on whose word it rests, what was not examined.

An outcome is *settled* when nothing unknown can change it, what it rests on is established, and, where it
still allows surrender, an instrument of surrender between the two States was examined. The two States are
the question that is put, not a finding; they need nobody's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.content.bilateral import Bilateral
from engine.content.models import Effect, Pack
from engine.facts.columns import HERE, Columns, Entailment, Place
from engine.facts.reading import Read
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING
from engine.inference.atoms import Setting
from engine.inference.compiled import CompiledEngine
from engine.inference.evaluation import Evaluation, evaluate_both
from engine.inference.program import Program
from engine.reasoning.outcome import LEVELS, TODAY, Judge, Outcome, level_of
from engine.treaties.bilateral import in_force
from engine.treaties.relations import Relations

#: The family of treaties under which States surrender people and assist each other.
COOPERATION = "cooperation"
#: Conditions by which a criterion reads an instrument that it does not cite, such as a protocol that amends it.
_OF_REGISTER = ("bound", "declared")
#: Who speaks where a disputed finding is read as one side says.
_SIDES = {"person": "person", "state": "state", "neutral": ""}


class Certainty(StrEnum):
    """From least to most certain."""

    OPEN = "open"
    NOT_EXAMINED = "not_examined"
    ON_WORD = "on_word"
    SETTLED = "settled"


@dataclass(frozen=True)
class Unexamined:
    """Law that may bear on surrender between the two States and was not examined.

    ``kind`` is ``no_instrument`` (no instrument of surrender is known to bind them), ``not_encoded`` (one
    binds them and none of its articles is read), ``not_known`` (whether it binds is not known) or
    ``bilateral`` (a treaty between the two that is known and not encoded).
    """

    kind: str
    instrument: str = ""
    reason: str = ""
    treaty: Bilateral | None = None


class Certainties:
    """Judges the certainty of weighed cases, for one pack."""

    def __init__(self, pack: Pack, program: Program, judge: Judge, facts_below: list[frozenset[str]]) -> None:
        self.pack, self.program, self.judge, self.facts_below = pack, program, judge, facts_below
        self.encoded = {cite.instrument for criterion in pack.criteria.values() for cite in criterion.cites}
        self.encoded |= {
            str(node.atom.args[0]) for node in program.nodes if node.atom is not None and node.atom.kind in _OF_REGISTER
        }
        self.surrender = {
            cite.instrument
            for criterion in pack.criteria.values()
            if criterion.effect is Effect.OBLIGATION
            for cite in criterion.cites
        }
        self.grounds = [criterion for criterion in pack.criteria.values() if level_of(criterion)]

    def unexamined(self, read: Read, setting: Setting) -> tuple[Unexamined, ...]:
        """Instruments of surrender that bind or may bind the two States and were not examined."""
        states = [read.columns.values[HERE].get(fact) for fact in (REQUESTING, REQUESTED)]
        requesting, requested = (str(entries[0][0]) if entries else None for entries in states)
        standings = [
            setting.relations.standing(name, requesting, requested, read.assessed_on)
            for name, instrument in self.pack.instruments.items()
            if instrument.family == COOPERATION
        ]
        examined = any(one.binding and one.instrument in self.surrender for one in standings)
        silent = [
            Unexamined("not_encoded", one.instrument)
            for one in standings
            if one.binding and one.instrument not in self.encoded
        ]
        doubtful = [Unexamined("not_known", one.instrument, one.reason) for one in standings if one.binding is None]
        known = self._bilateral(setting.relations, requesting, requested, read.assessed_on, examined)
        governed = examined or silent or any(one.treaty and one.treaty.covers != "assistance" for one in known)
        return (*(() if governed else (Unexamined("no_instrument"),)), *known, *silent, *doubtful)

    def _bilateral(
        self, relations: Relations, requesting: str | None, requested: str | None, on: date, examined: bool
    ) -> list[Unexamined]:
        """Known treaties of the pair alone; beside an instrument that was examined those of assistance add nothing."""
        return [
            Unexamined("bilateral", treaty=one)
            for one in relations.bilaterals.between(requesting, requested, on)
            if not examined or (one.covers != "assistance" and in_force(one, on))
        ]

    def of(
        self, evaluation: Evaluation, outcome: Outcome, unexamined: tuple[Unexamined, ...], rests_on: tuple[str, ...]
    ) -> Certainty:
        """The certainty of an outcome, from what was not examined and on whose word it rests."""
        if not self.judge.range(evaluation.strict, evaluation.strict_columns).single() & 1:
            return Certainty.OPEN
        if LEVELS.index(outcome) < TODAY and unexamined:
            return Certainty.NOT_EXAMINED
        return Certainty.ON_WORD if rests_on else Certainty.SETTLED

    def rests_on(
        self, compiled: CompiledEngine, entailment: Entailment, read: Read, evaluation: Evaluation, setting: Setting
    ) -> tuple[str, ...]:
        """On whose word an outcome rests that no unknown fact can change: by name, ``""`` for nobody named.

        Empty where the range is open anyway, or where the established findings alone give the same outcome.
        """
        span = self.judge.range(evaluation.strict, evaluation.strict_columns)
        if not span.single() & 1:
            return ()
        alone = evaluate_both(compiled, entailment, established(read, entailment), setting)
        bare = self.judge.range(alone.strict, alone.strict_columns)
        if bare.bounds() == span.bounds():
            return ()
        level = LEVELS.index(span.bounds()[0])
        return tuple(sorted(set(self._words(read, evaluation, alone, level))))

    def _words(self, read: Read, evaluation: Evaluation, alone: Evaluation, level: int) -> Iterator[str]:
        """Who is behind the findings by which grounds at the level of the outcome are met and higher ones are not."""
        for criterion in self.grounds:
            entry = self.program.entries[criterion.id]
            places = [HERE] if criterion.scope == CASE else evaluation.strict_columns.places(criterion.scope)
            for place in places:
                met = bool(evaluation.strict.at(entry.node, place)[0] & 1)
                weighs = level_of(criterion) >= level if met else level_of(criterion) > level
                if weighs and not any(side & 1 for side in alone.strict.at(entry.node, place)):
                    facts = self.facts_below[entry.node] | (self.facts_below[entry.applies] if entry.applies else set())
                    yield from _speakers(read, place, facts)


def _speakers(read: Read, place: Place, facts: Iterable[str]) -> Iterator[str]:
    for fact in facts:
        for where in dict.fromkeys((place, HERE)):
            finding = read.finding(where, fact) if _needs_a_word(where, fact) else None
            if finding is not None and finding.standing == "asserted" and finding.value is not None:
                yield finding.by
            elif finding is not None and finding.disputed and _SIDES[read.reading]:
                yield _SIDES[read.reading]


def established(read: Read, entailment: Entailment) -> Columns:
    """What is left of a case when only established findings count, and which two States it is about."""
    columns = read.columns.copy()
    for place, column in columns.values.items():
        for fact in [*column]:
            where, source = _source(read, entailment, place, fact)
            finding = read.finding(where, source)
            if _needs_a_word(where, source) and (finding is None or finding.standing != "established"):
                del column[fact]
    return columns


def _source(read: Read, entailment: Entailment, place: Place, fact: str) -> tuple[Place, str]:
    """Where a value was entered: at its own fact, or at the latest item that it follows from."""
    known = entailment.vocabulary.facts[fact]
    if place != HERE or fact not in read.derived:
        return place, fact
    source = entailment.vocabulary.facts[known.from_latest]
    return (source.scope, read.columns.latest.get(source.scope) or 0), source.id


def _needs_a_word(place: Place, fact: str) -> bool:
    return place != HERE or fact not in (REQUESTING, REQUESTED)
