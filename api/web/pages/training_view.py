"""What the pages of a session show: the session, one of its lessons, and the steps that are walked through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from api.documents.graph.model import Graph
from api.documents.language.catalogues import Speech
from api.storage.store import Transaction
from api.training.growing import grown
from api.training.joining import latest, participants, votes
from api.training.lesson import Lesson, Step
from api.training.rewind import Row, first_difference, side_by_side
from api.training.sessions import Desk, Kept, SessionSaid, Side, read_lesson, read_session
from api.training.votes import Question
from api.web.pages.training_words import LessonWords
from api.web.pages.visit import Visit
from api.web.problems import Refused, fault
from engine.content.models import Pack


@dataclass(frozen=True)
class Shown:
    """One lesson of a session, in the visitor's language."""

    session: SessionSaid
    side: Side
    kept: Kept
    speech: Speech
    pack: Pack

    @property
    def id(self) -> str:
        """The id of the session."""
        return self.session.id

    @property
    def desk(self) -> Desk:
        """What the trainer set."""
        return self.session.desk

    @property
    def lesson(self) -> Lesson:
        """The lesson."""
        return self.kept.lesson

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that are walked through."""
        return self.lesson.walked(whole=self.desk.whole)

    @cached_property
    def words(self) -> LessonWords:
        """Its words."""
        return LessonWords(self.speech, self.pack)

    @property
    def end(self) -> int:
        """The number of the last page, which has the outcome."""
        return len(self.steps) + 1

    @property
    def open(self) -> bool:
        """Whether the outcome may be seen."""
        return self.desk.revealed

    def at(self, number: int) -> Step | None:
        """The step of a number; None on the page of the outcome.

        Raises:
            Refused: there is no such page.
        """
        if not 1 <= number <= self.end:
            raise Refused(404, [fault("the trace has no such step")])
        return self.steps[number - 1] if number < self.end else None

    def graph(self, number: int) -> Graph:
        """The graph up to a page."""
        say, last = self.speech.say, number == self.end and self.open
        outcome = (self.words.outcome(self.lesson.outcome), self.words.told(self.lesson.sentence).text)
        about = say("After step {n} of {all}.", n=min(number, len(self.steps)), all=len(self.steps))
        drawn = self.steps[: number - 1 if self.desk.predict else number]
        return grown(say("The reasoning so far"), about, drawn, self.words, outcome if last else None)


def side_of(side: str) -> Side:
    """A side by its name in an address.

    Raises:
        Refused: there is no such side.
    """
    found: Side | None = next((one for one in get_args(Side) if one == side), None)
    if found is None:
        raise Refused(404)
    return found


def shown(visit: Visit, session: str, side: str = "main") -> Shown:
    """A lesson of a session of the visitor's workspace.

    Raises:
        NotFound: there is none, or it has ended.
    """
    with visit.service.store.read(visit.session.workspace) as tx:
        return shown_in(tx, visit, session, side_of(side))


def shown_in(tx: Transaction, visit: Visit, session: str, side: Side = "main") -> Shown:
    """The same within a transaction."""
    said, kept = read_session(tx, session), read_lesson(tx, session, side)
    return Shown(said, side, kept, visit.speech, visit.service.engine.pack)


def poll(tx: Transaction, found: Shown) -> dict[str, Any]:
    """What the class says just now: the question put last, its votes, how many joined."""
    question = latest(found.desk)
    counts = votes(tx, found.id, question) if question else []
    return {
        "question": question,
        "bars": bars(found.words, question, counts) if question else [],
        "voted": sum(counts),
        "joined": participants(tx, found.id),
    }


def bars(words: LessonWords, question: Question, counts: list[int]) -> list[dict[str, Any]]:
    """One bar for each option: its text, how many chose it, its share in percent, whether it is right."""
    most = max(1, sum(counts))
    return [
        {
            "option": words.option(question, option),
            "count": count,
            "percent": round(100 * count / most),
            "right": question.revealed and index == question.right,
        }
        for index, (option, count) in enumerate(zip(question.options, counts, strict=True))
    ]


def parting_of(main: Shown, changed: Shown) -> Row | None:
    """The first step that differs after a change of a fact, as it was and as it is; None if none does."""
    rows = side_by_side(main.steps, changed.steps)
    found = first_difference(rows)
    return None if found is None else rows[found]
