"""Cases for bulk tests: generated over a whole vocabulary at random, and compared status by status."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from engine.assess import Engine, Weighed
from engine.bulk.encode import table_of
from engine.bulk.weigh import OUTCOMES, STATUSES, BulkEngine, Weighing
from engine.content.documents import Document
from engine.errors import InputProblems
from engine.facts.casefile import Case
from engine.facts.columns import HERE, Place
from engine.facts.reading import Reading
from engine.facts.vocabulary import CASE, Fact
from engine.inference.compiled import status_of
from engine.reasoning.outcome import LEVELS

#: A case, its day and the single-case result; None where the single case is refused for a contradiction.
Judged = tuple[Case, date, Weighed | None]


def judge(engine: Engine, case: Case, day: date, reading: Reading) -> Judged:
    """The case with what the single path says of it."""
    try:
        return case, day, engine.weigh(case, day, reading)
    except InputProblems:
        return case, day, None


def assert_same(engine: Engine, judged: Sequence[Judged], reading: Reading = "neutral") -> Weighing:
    """Bulk says of every case what the single path says: refusals, outcome, ranges, every status."""
    bulk = BulkEngine(engine)
    weighing = bulk.weigh(
        table_of([c for c, _, _ in judged], engine.pack, bulk.codec, [d for _, d, _ in judged], reading)
    )
    refused = [weighed is None for _, _, weighed in judged]
    assert weighing.refused.tolist() == refused
    for row, (case, _, weighed) in enumerate(judged):
        if weighed is not None:
            _same_outcome(engine, weighed, weighing, row, case)
    for name, entry in engine.program.entries.items():
        scope = engine.pack.criteria[name].scope
        for place in weighing.shape.places(scope):
            strict, record = (codes.tolist() for codes in weighing.statuses(name, place))
            for row, (case, _, weighed) in enumerate(judged):
                at = _place_in(weighed, case, place) if weighed is not None else None
                if weighed is not None and at is not None:
                    both = weighed.evaluation
                    said = (STATUSES[strict[row]], STATUSES[record[row]])
                    assert said == (status_of(both.strict, entry, at), status_of(both.record, entry, at)), (
                        name,
                        place,
                        row,
                    )
    return weighing


def _place_in(weighed: Weighed, case: Case, place: Place) -> Place | None:
    """Where an item of the case as written stands in its reading, which leaves out later ones."""
    part, index = place
    if place == HERE or part not in case.items:
        return place if place == HERE or place in weighed.read.columns.places(part) else None
    kept = [item.id for item in weighed.read.items[part]]
    name = case.items[part][index].id if index < len(case.items[part]) else None
    return (part, kept.index(name)) if name in kept else None


def _same_outcome(engine: Engine, weighed: Weighed, weighing: Weighing, row: int, case: Case) -> None:
    both = weighed.evaluation
    assert OUTCOMES[weighing.outcome[row]] == weighed.outcome
    for bounds, planes, columns in (
        (weighing.strict, both.strict, both.strict_columns),
        (weighing.record, both.record, both.record_columns),
    ):
        said = (LEVELS[bounds.least[row]], LEVELS[bounds.most[row]])
        assert said == engine.judge.range(planes, columns).bounds(), row


class Generator:
    """Random cases over the whole vocabulary of a pack."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.random = engine, random.Random(seed)
        self.states = sorted({state for item in engine.pack.instruments.values() for state in item.parties})[:40]

    def value(self, of: Fact) -> Any:
        """A raw value of a fact."""
        pick, words = self.random, list(of.values)
        if of.type == "set":
            return pick.sample(words, pick.randint(0, min(3, len(words))))
        if of.type == "states":
            return pick.sample(self.states, pick.randint(0, 2))
        if of.type == "date":
            return (date(2000, 1, 1) + timedelta(pick.randint(0, 9_500))).isoformat()
        if of.type == "number":
            low = int(of.minimum or 0)
            high = int(of.maximum if of.maximum is not None else 400)
            return pick.choice([pick.randint(low, high), pick.randint(low, min(high, low + 14)), low])
        return pick.choice({"yes_no": [True, False], "choice": words, "state": self.states}[of.type])

    def finding(self, of: Fact) -> Any:
        """What a case file could say of a fact."""
        form = self.random.random()
        if form < 0.06:
            return {"standing": "disputed", "person": self.value(of), "state": self.value(of)}
        return "unknown" if form < 0.1 else self.value(of)

    def facts(self, scope: str, share: float) -> dict[str, Any]:
        """Findings on a share of the facts of a scope."""
        listed = self.engine.pack.vocabulary.of_scope(scope)
        return {of.id: self.finding(of) for of in listed if self.random.random() < share}

    def data(self) -> dict[str, Any]:
        """A case file, possibly with findings that contradict each other."""
        share = self.random.choice([0.05, 0.2, 0.5, 0.9])
        data: dict[str, Any] = {"facts": self.facts(CASE, share)}
        for part in self.engine.pack.vocabulary.parts.values():
            if self.random.random() < 0.75:
                size = self.random.randint(int(part.needs_items), 3)
                data[part.id] = [self._item(part.id, part.dated_by, share) for _ in range(size)]
        data["variants"] = {
            name: self.random.choice(list(variant.values))
            for name, variant in self.engine.pack.variants.items()
            if self.random.random() < 0.5
        }
        data["assessed_on"] = (date(1998, 1, 1) + timedelta(self.random.randint(0, 10_200))).isoformat()
        return data

    def _item(self, part: str, dated_by: str, share: float) -> dict[str, Any]:
        item = self.facts(part, share)
        if dated_by:
            item[dated_by] = (date(2000, 1, 1) + timedelta(self.random.randint(0, 9_500))).isoformat()
        return item

    def case(self, reading: Reading = "neutral") -> Case:
        """A case whose findings, in nineteen of twenty, do not contradict each other."""
        data, slips = self.data(), self.random.random() < 0.05
        for _ in range(1 if slips else 200):
            case = self.engine.read(Document(data, "case"))
            try:
                self.engine.weigh(case, None, reading)
            except InputProblems as error:
                slimmer = data
                for problem in error.problems:
                    slimmer = without(slimmer, problem.pointer.split("/")[1:])
                if slimmer == data:  # what clashes was not entered but follows from something that was
                    kept = {name: found for name, found in data["facts"].items() if self.random.random() < 0.8}
                    slimmer = {**data, "facts": kept}
                data = slimmer
            else:
                return case
        return case

    def judged(self, reading: Reading = "neutral") -> Judged:
        """A case with what the single path says of it."""
        case = self.case(reading)
        assert case.assessed_on is not None
        return judge(self.engine, case, case.assessed_on, reading)


def without(data: Any, path: list[str]) -> Any:
    """The same data without what stands at a path."""
    if isinstance(data, list):
        index = int(path[0])
        return [without(item, path[1:]) if place == index else item for place, item in enumerate(data)]
    if len(path) == 1:
        return {key: value for key, value in data.items() if key != path[0]}
    return {key: without(value, path[1:]) if key == path[0] else value for key, value in data.items()}
