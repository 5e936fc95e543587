"""Composing the answer of one assessment from its weighed case, firings and flip sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.answer.bilateral import bilateral_told
from engine.answer.duty import conflicts_said, duty_said
from engine.answer.grounds import Grounds
from engine.answer.model import (
    Answer,
    AssumptionSaid,
    CountSaid,
    FlipSetSaid,
    GroundSaid,
)
from engine.answer.model import Assignment as AssignmentSaid
from engine.answer.presumed import presumed_facts
from engine.answer.questions import questions_said
from engine.answer.receipt import receipt_of
from engine.answer.sources import clocks_said, relations_said
from engine.answer.trace import trace_said
from engine.facts.casemodel import BOTH
from engine.facts.columns import Place
from engine.facts.reading import Reading
from engine.facts.values import plain, show
from engine.inference.chaining import Firing
from engine.reasoning.build import fact_label
from engine.reasoning.certainty import Certainty, Unexamined
from engine.reasoning.flips import FlipSet, favours
from engine.reasoning.outcome import COUNTS, Outcome, outcome_in

if TYPE_CHECKING:
    from engine.assess import Engine, Weighed

_SENTENCES = {
    Outcome.INADMISSIBLE: "Surrender is not permitted",
    Outcome.NOT_NOW: "Surrender is not permitted now",
    Outcome.CONDITIONAL: "Surrender is permitted only on a sufficient assurance",
    Outcome.DISCRETIONARY: "Surrender may be refused; the requested State decides",
    Outcome.ADMISSIBLE: "Nothing examined here forbids surrender",
    Outcome.UNDETERMINED: "It cannot be said on these facts whether surrender is permitted",
}


@dataclass(frozen=True, slots=True)
class Bottom:
    """The bottom line: the strict range, that on the record, how certain it is and why, and a sentence."""

    strict: tuple[Outcome, Outcome]
    record: tuple[Outcome, Outcome]
    certainty: Certainty
    rests_on: tuple[str, ...]
    unexamined: tuple[Unexamined, ...]
    sentence: str

    @property
    def settled(self) -> bool:
        """Whether the outcome is settled by established findings, and all was examined that could raise it."""
        return self.certainty is Certainty.SETTLED


def bottom_line(engine: Engine, weighed: Weighed) -> Bottom:
    """What an answer comes to."""
    strict, record = _ranges(engine, weighed)
    judge = engine.certainties
    rests_on = judge.rests_on(engine.compiled, engine.entailment, weighed.read, weighed.evaluation, weighed.setting)
    unexamined = judge.unexamined(weighed.read, weighed.setting)
    certainty = judge.of(weighed.evaluation, weighed.outcome, unexamined, rests_on)
    names = tuple(_by(by) for by in rests_on)
    sentence = _sentence(weighed.outcome, certainty, names, strict, record)
    return Bottom(strict, record, certainty, names, unexamined, sentence)


def unexamined_said(engine: Engine, unexamined: Sequence[Unexamined], on: date) -> tuple[str, ...]:
    """What was not examined on a day, a sentence each."""
    instruments, states = engine.pack.instruments, engine.pack.states
    return tuple(
        bilateral_told(one.treaty, states, on)
        if one.treaty
        else _UNEXAMINED[one.kind].format(
            short=instruments[one.instrument].short if one.instrument else "", reason=one.reason
        )
        for one in unexamined
    )


_UNEXAMINED = {
    "no_instrument": "No instrument of surrender between the two States was examined: none in this register is known to"
    " bind them on this date, and bilateral treaties are not all in it.",
    "not_encoded": "The {short} is in force between the two States and was not examined: none of its articles is encoded.",
    "not_known": "Whether the {short} binds the two States is not known: {reason}",
}


def compose(
    engine: Engine,
    weighed: Weighed,
    firings: Sequence[Firing],
    readings: Mapping[Reading, Outcome],
    found: tuple[list[FlipSet], bool],
) -> Answer:
    """The whole answer; nothing in it is decided here, only said."""
    grounds = Grounds(engine, weighed)
    flips, complete = found
    said = grounds.all()
    bottom = bottom_line(engine, weighed)
    relations = relations_said(engine, weighed)
    return Answer.said(
        case=weighed.read.case.reference,
        title=weighed.read.case.title,
        outcome=weighed.outcome,
        sentence=bottom.sentence,
        range=bottom.strict,
        range_on_record=bottom.record,
        settled=bottom.settled,
        certainty=bottom.certainty.value,
        rests_on=bottom.rests_on,
        not_examined=unexamined_said(engine, bottom.unexamined, weighed.read.assessed_on),
        reading=weighed.read.reading,
        readings=dict(readings.items()),
        assessed_on=weighed.read.assessed_on,
        variants=dict(weighed.setting.variants),
        duty=duty_said(engine, weighed, said, relations),
        grounds=said,
        treaty_relations=relations,
        conflicts=conflicts_said(engine, weighed, said),
        counts=_counts(engine, weighed, said),
        clocks=clocks_said(engine, weighed),
        flip_sets=tuple(_flip(engine, weighed, flip) for flip in flips),
        flip_sets_complete=complete,
        next_questions=questions_said(engine, weighed),
        trace=trace_said(engine, weighed, firings),
        proof={
            ground.id: grounds.prover.criterion(ground.id, place)
            for ground in said
            for place in grounds.proof_place(ground)
        },
        assumptions=_assumptions(engine, weighed),
        presumed=presumed_facts(engine, weighed),
        not_relied_on=grounds.not_relied_on(),
        unverified=_unverified(said),
        receipt=receipt_of(weighed.read, engine.pack, dict(weighed.setting.variants)),
    )


def _ranges(engine: Engine, weighed: Weighed) -> tuple[tuple[Outcome, Outcome], tuple[Outcome, Outcome]]:
    both = weighed.evaluation
    return engine.judge.range(both.strict, both.strict_columns).bounds(), engine.judge.range(
        both.record, both.record_columns
    ).bounds()


def _sentence(
    outcome: Outcome,
    certainty: Certainty,
    rests_on: Sequence[str],
    strict: tuple[Outcome, Outcome],
    record: tuple[Outcome, Outcome],
) -> str:
    head = _SENTENCES[outcome]
    closed = {
        Certainty.SETTLED: f"{head}. This is settled: no fact still unknown can change it.",
        Certainty.ON_WORD: f"{head}, on the word of {', '.join(rests_on)}. No fact still unknown can change it, but what it rests on is not established.",
        Certainty.NOT_EXAMINED: f"{head}. This is not settled: not everything that may bind the two States was examined.",
    }
    if certainty in closed:
        return closed[certainty]
    if outcome is Outcome.NOT_NOW and strict[0] is Outcome.NOT_NOW:
        return f"{head}. Every possible answer to what is open forbids surrender today; some forbid it for good."
    if outcome is Outcome.INADMISSIBLE and strict[0] is Outcome.NOT_NOW:
        return f"{head}, on the record as it stands. Proof of what is still open could change that, but every possible answer forbids surrender today."
    if outcome is Outcome.UNDETERMINED:
        return f"{head}: it ranges from {_word(record[0])} to {_word(record[1])}, depending on what is still unknown."
    return f"{head}, on the record as it stands. It is not settled: proof of what is still open could change it."


def _word(outcome: Outcome) -> str:
    return outcome.value.replace("_", " ")


def _counts(engine: Engine, weighed: Weighed, grounds: tuple[GroundSaid, ...]) -> tuple[CountSaid, ...]:
    both = weighed.evaluation
    strict = dict(engine.judge.count_ranges(both.strict, both.strict_columns))
    record = dict(engine.judge.count_ranges(both.record, both.record_columns))
    said = []
    for index, item in enumerate(weighed.read.items.get(COUNTS, ())):
        place: Place = (COUNTS, index)
        active = tuple(ground.id for ground in grounds if ground.counts.get(item.id) in ("met", "open"))
        outcome = outcome_in(strict[place], record[place])
        said.append(
            CountSaid.said(id=item.id, title=item.title, outcome=outcome, range=strict[place].bounds(), grounds=active)
        )
    return tuple(said)


def _flip(engine: Engine, weighed: Weighed, flip: FlipSet) -> FlipSetSaid:
    facts = engine.pack.vocabulary.facts
    assigned = tuple(
        AssignmentSaid.said(
            fact=fact_label(weighed.read, place, fact), value=plain(value), shown=show(value, facts[fact])
        )
        for place, fact, value in flip.assigned
    )
    return FlipSetSaid.said(set=assigned, to=flip.to, favours=favours(weighed.outcome, flip.to))


def _assumptions(engine: Engine, weighed: Weighed) -> tuple[AssumptionSaid, ...]:
    """What is taken for granted: asserted findings, unsettled readings of the law, the disputed ones this reading decides,
    and that an answer to an older question answers the present one."""
    read, facts = weighed.read, engine.pack.vocabulary.facts
    said = _renamed(engine, weighed)
    for place, columns in read.columns.values.items():
        for name, entries in columns.items():
            finding = read.finding(place, name)
            if finding is None or finding.standing == "established":
                continue
            side = {"person": "as the person says", "state": "as the State says"}.get(read.reading, "")
            who = side if finding.disputed else f"on the account of {_by(finding.by)}, undisputed"
            said.append(
                AssumptionSaid.said(fact=fact_label(read, place, name), shown=show(entries[0][0], facts[name]), why=who)
            )
    for name, variant in engine.pack.variants.items():
        value = weighed.setting.variants[name]
        why = "chosen in the case" if name in read.case.variants else "the default reading"
        said.append(AssumptionSaid.said(fact=name, shown=variant.values[value], why=why))
    return tuple(said)


def _renamed(engine: Engine, weighed: Weighed) -> list[AssumptionSaid]:
    """How answers under former names of facts were read, or that they were not."""
    read, facts, said = weighed.read, engine.pack.vocabulary.facts, []
    for one in read.case.renamings:
        place = (one.part, one.index)
        entries = read.columns.values.get(place, {}).get(one.fact, [])
        shown = show(entries[0][0] if entries else None, facts[one.fact])
        said.append(
            AssumptionSaid.said(
                fact=fact_label(read, place, one.fact), shown=shown, why=_RENAMED[one.how].format(one.former)
            )
        )
    return said


_RENAMED = {
    "read": "as answered under its former name {}",
    "joined": "together with what was answered under its former name {}",
    "set_aside": "what was answered under its former name {} does not answer the present question",
}


def _by(by: str) -> str:
    return {
        "": "whoever entered it (not stated)",
        "person": "the person",
        "state": "the State",
        BOTH: "both sides",
    }.get(by, by)


def _unverified(grounds: tuple[GroundSaid, ...]) -> tuple[str, ...]:
    active = (ground for ground in grounds if ground.status in ("met", "open"))
    return tuple(f"{ground.id}: {note}" for ground in active for note in ground.unverified)
