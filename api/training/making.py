"""Making a lesson: an answer of both engines, told step by step.

The firings come from the answer; the words of each from the proof of its criterion, built anew from the same facts
by the compiled engine. A firing that this proof does not bear out stops the lesson.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from api.documents.text.trace import visible
from api.service.service import Assessor
from api.training.lesson import FactLine, Ground, Lesson, Step, Support
from api.training.mainline import with_main_line
from api.training.premises import premises_of, rule_of
from api.workers.messages import SOURCE
from engine.answer.lasting import authority_said
from engine.answer.model import Answer, StepSaid
from engine.answer.sources import state_of
from engine.assess import Engine, Weighed
from engine.content.conditions import Ref, walk
from engine.content.documents import Document
from engine.content.models import Criterion
from engine.errors import EnginesDisagree
from engine.facts.columns import HERE, Place
from engine.facts.reading import Reading
from engine.facts.values import plain, show
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING
from engine.reasoning.outcome import LEVEL_OF
from engine.reasoning.wording import place_label


def make_lesson(
    engine: Engine,
    assessor: Assessor,
    document: dict[str, Any],
    on: date,
    reading: Reading = "neutral",
    *,
    whose: str = "",
) -> Lesson:
    """Assess a case in both engines, for a workspace, and tell it step by step.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
        EnginesDisagree: the engines differ; there is no lesson.
    """
    written = json.dumps(document, ensure_ascii=False, default=date.isoformat).encode()
    answer = Answer.model_validate_json(assessor.assess(written, on, reading, whose=whose))
    weighed = engine.weigh(engine.read(Document(document, SOURCE)), on, reading)
    return lesson_of(engine, weighed, answer)


def lesson_of(engine: Engine, weighed: Weighed, answer: Answer) -> Lesson:
    """The lesson of an answer.

    Raises:
        EnginesDisagree: a firing concludes what the compiled engine does not.
    """
    teller = _Teller(engine, weighed)
    shown = [step for step in visible(answer.trace, everything=False) if step.criterion]
    told = [teller.step(number, said) for number, said in enumerate(shown, 1)]
    steps = with_main_line(told, first_theme(engine), teller.open_branches(answer))
    states = [state_of(weighed, name) or "" for name in (REQUESTING, REQUESTED)]
    return Lesson(
        states=(states[0], states[1]),
        assessed_on=answer.assessed_on,
        reading=answer.reading,
        outcome=answer.outcome,
        sentence=answer.sentence,
        settled=answer.settled,
        steps=steps,
        grounds=_grounds(answer),
        facts=tuple(fact_lines(engine, weighed)),
        receipt=answer.receipt.digest,
        hidden=len(answer.trace) - len(shown),
    )


def first_theme(engine: Engine) -> frozenset[str]:
    """The facts of the first theme: who asks whom, for what. Every case has them."""
    vocabulary = engine.pack.vocabulary
    first = min(vocabulary.themes.values(), key=lambda theme: theme.order).id
    return frozenset(fact.id for fact in vocabulary.of_scope(CASE) if fact.theme == first)


def _grounds(answer: Answer) -> tuple[Ground, ...]:
    return tuple(
        Ground(
            id=one.id,
            title=one.title,
            effect=one.effect,
            status=one.status,
            citations=tuple(f"{cite.short} {cite.pinpoint}" for cite in one.citations),
            missing=one.missing,
        )
        for one in answer.grounds
        if one.effect is not None and one.effect in LEVEL_OF
    )


def fact_lines(engine: Engine, weighed: Weighed) -> list[FactLine]:
    """The facts of a case as they were entered, in the order of the vocabulary."""
    read, lines = weighed.read, []
    for place, columns in read.columns.values.items():
        if place != HERE and place[1] >= len(read.items.get(place[0], ())):
            continue  # a list that is not known stands for one item without findings
        item = "" if place == HERE else place_label(engine.pack, read, place)
        item_id = "" if place == HERE else read.items[place[0]][place[1]].id
        for name, entries in columns.items():
            finding = read.finding(place, name)
            if finding is None:
                continue
            fact, value = engine.pack.vocabulary.facts[name], entries[0][0]
            lines.append(
                FactLine(
                    name=name,
                    part=place[0],
                    item=item,
                    item_id=item_id,
                    text=fact.question,
                    value=plain(value),
                    shown=show(value, fact),
                    standing=finding.standing,
                )
            )
    order = {name: number for number, name in enumerate(engine.pack.vocabulary.facts)}
    return sorted(lines, key=lambda line: (line.part != CASE, line.part, line.item_id, order[line.name]))


class _Teller:
    """Tells the firings of one weighed case."""

    def __init__(self, engine: Engine, weighed: Weighed) -> None:
        self.engine, self.pack = engine, engine.pack
        self.prover = engine.prover(weighed)
        columns = weighed.evaluation.strict_columns
        places = [HERE, *(place for part in self.pack.vocabulary.parts for place in columns.places(part))]
        self.places: dict[str, Place] = {
            "" if place == HERE else place_label(self.pack, weighed.read, place): place for place in places
        }

    def step(self, number: int, said: StepSaid) -> Step:
        criterion = self.pack.criteria[said.criterion]
        proof = self.prover.criterion(said.criterion, self.places[said.place])
        if proof.status != said.status and not (said.status, proof.status) == ("not_met", "not_applicable"):
            raise EnginesDisagree(f"the trace and the proof differ on {said.criterion}")
        return Step(
            number=number,
            firing=said.step,
            phase=said.phase,
            criterion=said.criterion,
            place=said.place,
            title=said.title,
            status=said.status,
            sentence=proof.text,
            effect=criterion.effect,
            citations=said.citations,
            premises=premises_of(said, proof, self.pack),
            rule=rule_of(proof, self.pack),
            standard=criterion.standard,
            burden=criterion.burden,
            supports=self._supports(criterion),
            review=criterion.review,
            note=criterion.note,
        )

    def open_branches(self, answer: Answer) -> dict[int, set[str]]:
        """The criteria that the rules of open grounds ask of, by the level of the ground."""
        found: dict[int, set[str]] = {}
        for ground in _grounds(answer):
            if ground.status == "open":
                self._gather_asked(ground.id, found.setdefault(LEVEL_OF[ground.effect], set()))
        return found

    def _gather_asked(self, criterion: str, found: set[str]) -> None:
        """Add a criterion and all that its rule asks of, each once."""
        if criterion not in found:
            found.add(criterion)
            for part in walk(self.pack.criteria[criterion].condition):
                if isinstance(part, Ref):
                    self._gather_asked(part.criterion, found)

    def _supports(self, criterion: Criterion) -> tuple[Support, ...]:
        said = (authority_said(self.pack, name) for name in criterion.authorities)
        return tuple(
            Support(name=one.name, pinpoint=one.pinpoint, holding=one.holding, review=one.review) for one in said
        )
