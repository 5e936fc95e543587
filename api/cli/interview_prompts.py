"""The conversation: questions on standard output, answers from standard input, one line each.

It asks, shows the outcome as it evolves, and says why a question is asked; it decides nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from api.cases.replies import (
    NotUnderstood,
    Value,
    by_words,
    how_to_answer,
    reply,
    side,
    slug,
    standing,
    steering,
)
from api.cases.session import Interview, Question
from api.cases.states import says_none
from api.documents.text.blocks import (
    Line,
    Paper,
    Section,
    code,
    entry,
    faint,
    line,
    strong,
    warn,
)
from api.documents.text.grounds import headline
from api.documents.text.terminal import show
from api.documents.text.verdict import span_of
from api.documents.text.words import outcome_span, plural
from engine.answer.grounds import Grounds
from engine.errors import InputProblems, present
from engine.facts.values import parse_date
from engine.facts.vocabulary import CASE, Fact, Part

Answered = TypeVar("Answered")
HELP = (
    "Besides an answer you can type: not known (or ?), disputed, skip, back, why, quit; "
    "their first letters will do. Every answer is saved at once."
)
HOW = "How do we know? e: established, p: the person says so, s: the State does, or who"
#: Grounds shown when somebody asks why.
GROUNDS = 8


class Quit(Exception):
    """The person leaves; everything answered is saved."""


@dataclass
class Conversation:
    """One conversation over one interview."""

    interview: Interview
    heard: Callable[[str], str] = input
    _how: dict[str, str] = field(default_factory=dict)
    _shown: tuple[object, ...] = ()

    def run(self) -> None:
        """Ask until the outcome is settled, nothing is left to ask, or the person leaves."""
        try:
            say(*[line(faint(HELP))] if self.interview.question() else [])
            while question := self.interview.question():
                self._progress()
                self._ask(question)
        except (Quit, EOFError):
            say(
                line(""),
                line(f"Saved after {plural(self.interview.answers, 'answer')}; the same command goes on from here."),
            )
        else:
            self._end()
        self._outcome()

    def start(self, title: str, on: date | None) -> None:
        """Begin a new file: its name, title and date."""
        entries: dict[str, Any] = {"case": title}
        entries["title"] = self._line("What is the case called, in a few words? (Enter for none) ")
        entries["assessed_on"] = on or self._day("As of which day is it assessed? (Enter for today) ")
        self.interview.start({key: value for key, value in entries.items() if value})

    def need_day(self) -> None:
        """Ask for the date that an older file lacks."""
        self.interview.start({"assessed_on": self._day("As of which day is it assessed? (Enter for today) ")})

    def _day(self, prompt: str) -> date:
        return self._until(prompt, lambda typed: parse_date(typed) if typed else date.today())  # noqa: DTZ011 - the user's day

    def _line(self, prompt: str) -> str:
        typed = self.heard(prompt).strip()
        if steering(typed) == "quit":
            raise Quit
        return typed

    def _until(self, prompt: str, read: Callable[[str], Answered]) -> Answered:
        """Ask again until what is typed can be read."""
        while True:
            try:
                return read(self._line(prompt))
            except ValueError as error:
                say(line(warn(str(error))))

    def _progress(self) -> None:
        interview = self.interview
        left = len(interview.waiting)
        span = outcome_span(interview.weighed.outcome)
        said = f" (possible: {span_of(interview.span)}); {plural(left, 'question')} could still matter"
        now = (interview.answers, interview.skipped, span.text, interview.span)
        if now != self._shown:
            say(line(""), line(f"{plural(interview.answers, 'answer')}. So far: ", span, faint(said)))
        self._shown = now

    def _ask(self, question: Question) -> None:
        if question.listed is not None:
            self._list(question, question.listed)
            return
        fact = present(question.fact, "the fact to ask")
        say(*_asked(question, fact))
        typed = self.heard("> ")
        try:
            answer = reply(typed, fact)
        except NotUnderstood as error:
            say(line(warn(str(error))))
            return
        self._act(question, fact, answer)

    def _act(self, question: Question, fact: Fact, answer: Value | str) -> None:
        if isinstance(answer, Value):
            self._record(question, self._finding(answer.written))
        elif answer == "unknown":
            self._record(question, "unknown")
        elif answer == "disputed":
            self._record(question, self._disputed(fact))
        else:
            self._steer(question, answer)

    def _steer(self, question: Question, answer: str) -> None:
        if answer == "quit":
            raise Quit
        if answer == "skip":
            self.interview.skip(question)
        elif answer == "back" and not self.interview.back():
            say(line("This is where the session began; there is nothing to take back."))
        elif answer == "why":
            self._why(question)
        elif answer == "help":
            say(line(HELP))

    def _record(self, question: Question, finding: Any) -> None:
        if finding is None:
            return
        try:
            self.interview.answer(question, finding)
        except InputProblems as error:
            self._refused(error)

    def _refused(self, error: InputProblems) -> None:
        if any(problem.source for problem in error.problems):
            raise error
        for problem in error.problems:
            say(line(warn(f"Not taken: {problem.message}. {problem.fix}".rstrip(". ") + ".")))

    def _finding(self, value: Any) -> Any:
        """A value with its standing, asked for in one line; Enter repeats the last."""
        last = self._how.get("by") or self._how.get("standing") or "not stated"
        typed = self._line(f"  {HOW} (Enter: {by_words(last)}) ")
        if steering(typed) == "back":
            return None
        if typed:
            self._how = standing(typed)
        return {"value": value, **self._how} if self._how else value

    def _disputed(self, fact: Fact) -> Any:
        sides = {"person": "the person", "state": "the State"}
        said = {
            who: self._until(
                f"  What does {name} say? ({how_to_answer(fact)}; ? if nothing) ", lambda typed: side(typed, fact)
            )
            for who, name in sides.items()
        }
        return {"standing": "disputed", **said}

    def _list(self, question: Question, part: Part) -> None:
        say(
            line(strong(part.question), " (", code(part.id), ")"),
            line(faint(f"One {part.item} a line; Enter ends the list; none: there are none.")),
        )
        titles: list[str] = []
        while typed := self._line(f"  {part.item} {len(titles) + 1}: "):
            steers = steering(typed)
            if not titles and steers:
                self._steer(question, "skip" if steers in ("unknown", "disputed") else steers)
                return
            if not titles and says_none(typed):
                break
            titles.append(typed)
        else:
            if not titles:
                say(line(warn("Name at least one, or type none, skip or quit.")))
                return
        self._listed(question, part, titles)

    def _listed(self, question: Question, part: Part, titles: list[str]) -> None:
        if part.needs_items and not titles:
            say(line(warn("A request has at least one; skip leaves it unknown.")))
            return
        taken = [item.id for item in self.interview.case.items.get(part.id, ())]
        items = [self._item(part, title, taken) for title in titles]
        try:
            self.interview.list_items(question, items)
        except InputProblems as error:
            self._refused(error)

    def _item(self, part: Part, title: str, taken: list[str]) -> dict[str, Any]:
        name = slug(title, part.item, taken)
        taken.append(name)
        item: dict[str, Any] = {"id": name, "title": title}
        if part.dated_by:
            fact = self.interview.engine.pack.vocabulary.facts[part.dated_by]
            day = self._until(
                f"  {title}: {fact.question} (a day, as 2020-01-13; ? if not known) ", lambda typed: side(typed, fact)
            )
            item[part.dated_by] = day if day == "unknown" else self._finding(day) or day
        return item

    def _why(self, question: Question) -> None:
        engine, weighed = self.interview.engine, self.interview.weighed
        found = [one for one in engine.questions(weighed) if _same(one.fact, question)]
        grounds = Grounds(engine, weighed)
        hangs = found[0].hangs if found else ()
        if not hangs:
            say(line("The request itself: everything else hangs on it."))
            return
        rows = [entry(*headline(grounds.said(engine.pack.criteria[name]))) for name in hangs[:GROUNDS]]
        rows += [entry(faint(f"and {len(hangs) - GROUNDS} more"))] if len(hangs) > GROUNDS else []
        show(Paper((), (), (Section("These grounds hang on it", tuple(rows)),)))

    def _end(self) -> None:
        count = plural(self.interview.answers, "answer")
        if self.interview.determined:
            say(line(""), line(strong(f"After {count} no fact still unknown can change the outcome.")))
        elif self.interview.waiting:
            say(line(""), line(f"{count}; every other question was skipped. The same command asks them again."))
        else:
            say(line(""), line(f"{count}; nothing is left to ask. What stays open no fact of the case can answer."))

    def _outcome(self) -> None:
        interview = self.interview
        span = outcome_span(interview.weighed.outcome)
        say(
            line("Outcome: ", span, f" (possible: {span_of(interview.span)})"),
            line("The reasons: dedere assess ", code(interview.file.source)),
        )


def say(*rows: Line) -> None:
    """Print lines, wrapped to the width."""
    if rows:
        show(Paper((), rows))
        sys.stdout.flush()


def _asked(question: Question, fact: Fact) -> Iterable[Line]:
    about = f" [{question.about}]" if question.about else ""
    yield line(strong(fact.question), about, " (", code(fact.id), ")")
    for number, (name, label) in enumerate(fact.values.items(), 1):
        yield line(f"  {number} {label} (", code(name), ")")
    if fact.help:
        yield line(faint(f"  {fact.help}"))
    if fact.proof:
        yield line(faint(f"  usually proved by: {'; '.join(fact.proof)}"))
    yield line(faint(f"  {how_to_answer(fact)}; not known, disputed, skip, back, why, quit"))


def _same(label: str, question: Question) -> bool:
    name = label.rpartition(".")[2]
    return name == (question.fact.id if question.fact else question.part) and (
        question.part == CASE or label.startswith(question.part)
    )
