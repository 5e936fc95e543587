"""What is still worth asking about a case, each question with its item and with what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.assess import Engine, Weighed
from engine.facts.casefile import Case
from engine.facts.vocabulary import CASE, Fact
from engine.reasoning.variations import UNLISTED


@dataclass(frozen=True)
class Asked:
    """A question: about the case, about one item, or (without fact) what a list holds."""

    part: str
    item: str
    fact: Fact | None
    #: Criteria that hang on it
    hangs: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[str, str, str]:
        """What tells questions apart."""
        return self.part, self.item, self.fact.id if self.fact else ""


def still_asked(engine: Engine, weighed: Weighed, case: Case) -> list[Asked]:
    """Everything still worth asking, most telling first; lists that must hold something come before all else."""
    lists = [
        Asked(part.id, "", None)
        for part in engine.pack.vocabulary.parts.values()
        if part.needs_items and not case.items.get(part.id)
    ]
    said = engine.questions(weighed)
    found = [
        _asked(engine, weighed, ranked.candidate.place, ranked.candidate.fact, question.hangs)
        for ranked, question in zip(engine.ranked(weighed), said, strict=True)
        if _can_be_asked(weighed, ranked.candidate.place)
    ]
    known = {one.name for one in lists}
    return lists + [one for one in found if one.name not in known]


def _can_be_asked(weighed: Weighed, place: tuple[str, int]) -> bool:
    """Whether the item is there: an imagined offence of a list that is not known yet is asked for as the list."""
    part, index = place
    return part == CASE or index == UNLISTED or index < len(weighed.read.items.get(part, ()))


def _asked(engine: Engine, weighed: Weighed, place: tuple[str, int], fact: str, hangs: tuple[str, ...]) -> Asked:
    part, index = place
    if index == UNLISTED:
        return Asked(part, "", None, hangs)
    spec = engine.pack.vocabulary.facts[fact]
    item = "" if part == CASE else weighed.read.items[part][index].id
    return Asked(part, item, spec, hangs)
