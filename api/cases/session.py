"""The interview without a terminal: which question is next, what an answer does, the way back.

Every answer is checked by the engine before it is saved; one that contradicts what is known is not
taken. ``answers`` counts answers given and not taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from api.cases.casefile import CaseFile
from engine.assess import Engine, Weighed
from engine.errors import InputProblems, InternalError, Problem, present
from engine.facts.casefile import Case
from engine.facts.reading import Reading
from engine.facts.vocabulary import CASE, Fact, Part
from engine.reasoning.outcome import Outcome
from engine.reasoning.questions import Ranked


@dataclass(frozen=True)
class Question:
    """What is asked next: a fact of the case or of one item, or (without fact) what a list holds."""

    part: str
    item: int
    fact: Fact | None
    listed: Part | None
    #: The item's title, for questions about one item
    about: str = ""

    @property
    def name(self) -> tuple[str, int, str]:
        """What tells questions apart."""
        return self.part, self.item, self.fact.id if self.fact else ""


@dataclass(frozen=True)
class _Step:
    """What an answer or a skip changed, to take it back."""

    text: str
    skipped: frozenset[tuple[str, int, str]]
    answers: int


@dataclass
class Interview:
    """One interview over one case file."""

    engine: Engine
    file: CaseFile
    on: date | None = None
    reading: Reading = "neutral"
    answers: int = 0
    skipped: frozenset[tuple[str, int, str]] = frozenset()
    _steps: list[_Step] = field(default_factory=list)
    _weighed: Weighed | None = None
    _ranked: list[Ranked] | None = None

    @property
    def case(self) -> Case:
        """The case as the file has it."""
        return self.engine.read(self.file.document())

    @property
    def weighed(self) -> Weighed:
        """The case, evaluated."""
        if self._weighed is None:
            self._weighed = self.engine.weigh(self.case, self.on, self.reading)
        return self._weighed

    @property
    def span(self) -> tuple[Outcome, Outcome]:
        """The least and the most protective outcome still possible by what is known."""
        both = self.weighed.evaluation
        return self.engine.judge.range(both.strict, both.strict_columns).bounds()

    @property
    def determined(self) -> bool:
        """Whether no unknown fact can change the outcome."""
        low, high = self.span
        return low == high

    @property
    def waiting(self) -> list[Ranked]:
        """Everything still worth asking."""
        if self._ranked is None:
            self._ranked = self.engine.ranked(self.weighed)
        return self._ranked

    def question(self) -> Question | None:
        """The next question: unlisted parts that need items, then the engine's order; None at the end."""
        for part in self.engine.pack.vocabulary.parts.values():
            if part.needs_items and not self.case.items.get(part.id):
                wanted = Question(part.id, 0, None, part)
                if wanted.name not in self.skipped:
                    return wanted
        if self.determined:
            return None
        candidates = (self._question(one) for one in self.waiting)
        return next((one for one in candidates if one and one.name not in self.skipped), None)

    def _question(self, ranked: Ranked) -> Question | None:
        (part, index), name = ranked.candidate.place, ranked.candidate.fact
        vocabulary = self.engine.pack.vocabulary
        if not name:
            return Question(part, 0, None, vocabulary.parts[part])
        if part == CASE:
            return Question(part, 0, vocabulary.facts[name], None)
        items = self.weighed.read.items.get(part, ())
        if index >= len(items):
            return None  # the list itself is asked for first
        written = [item.id for item in self.case.items[part]].index(items[index].id)
        return Question(part, written, vocabulary.facts[name], None, items[index].title or items[index].id)

    def start(self, entries: dict[str, Any]) -> None:
        """Begin a new file, or complete one, with entries of the whole case (title, date)."""
        self._save(self.file.with_entries(entries))

    def answer(self, question: Question, finding: Any) -> None:
        """Record an answer: a value, or a finding with standing.

        Raises:
            InputProblems: it contradicts what is known, or cannot be saved; nothing is changed.
        """
        text = self.file.with_finding(
            question.part, question.item, present(question.fact, "the fact that was asked").id, finding
        )
        self._take(text, 1)

    def list_items(self, question: Question, items: list[dict[str, Any]]) -> None:
        """Record what a list holds; each item counts as one answer.

        Raises:
            InputProblems: an item cannot be accepted, or the file not saved; nothing is changed.
        """
        self._take(self.file.with_items(question.part, items), 1 + len(items))

    def skip(self, question: Question) -> None:
        """Leave a question for another day; in this session it is not asked again."""
        self._steps.append(_Step(self.file.text, self.skipped, self.answers))
        self.skipped |= {question.name}

    def back(self) -> bool:
        """Take back the last answer or skip of this session; False when there is none."""
        if not self._steps:
            return False
        step = self._steps.pop()
        if step.text != self.file.text:
            self._save(step.text)
        self.skipped, self.answers = step.skipped, step.answers
        return True

    def _take(self, text: str, answers: int) -> None:
        """Check a new text by the engine, then save it."""
        weighed = self._checked(text)
        step = _Step(self.file.text, self.skipped, self.answers)
        self._save(text)
        self._steps.append(step)
        self._weighed = weighed
        self.answers += answers

    def _checked(self, text: str) -> Weighed:
        try:
            return self.engine.weigh(self.engine.read(self.file.document(text)), self.on, self.reading)
        except InputProblems as error:
            raise InputProblems(
                [Problem(one.message, pointer=one.pointer, fix=one.fix) for one in error.problems]
            ) from None

    def _save(self, text: str) -> None:
        if not isinstance(self.file.document(text).data, dict):
            raise InternalError("the interview wrote something that is not a case")
        self.file.save(text)
        self._weighed = self._ranked = None
