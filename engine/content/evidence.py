"""Content that leads from evidence to an evaluative answer: issues with their factors, precedents, country findings.

A *factor* is something observable that speaks for one side of an issue, or that rises through levels.
A *precedent* is a decided case, described by the facts that stood before its tribunal. A *situation* is
what a tribunal has held of a State and a group. Names of issues, groups and levels are content.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from engine.content.conditions import Condition
from engine.facts.vocabulary import CASE, Content, Review

Side = Literal["person", "state"]
#: The side that argues against each side.
OPPONENT: dict[Side, Side] = {"person": "state", "state": "person"}
#: The word in ``because`` and ``despite`` for the general situation, which is no fact of the vocabulary.
SITUATION = "situation"


class Conclusion(Content):
    """An evaluative fact that an issue answers, with the value for which each side argues."""

    fact: str
    person: Any
    state: Any

    def value(self, side: Side) -> Any:
        """The value for which a side argues."""
        return self.person if side == "person" else self.state


class Factor(Content):
    """Something observable that bears on an issue.

    It favours one side where ``when`` holds, or it has ``levels``, weakest for the person first, of
    which a case has the highest that holds. Levels that are ``neutral`` speak for nobody.
    """

    name: str
    text: str
    favours: Side | None = Field(default=None, alias="for")
    when: Any = None
    levels: dict[str, Any] = Field(default_factory=dict)
    neutral: tuple[str, ...] = ()
    note: str = ""

    @property
    def conditions(self) -> dict[str, Condition]:
        """The condition of each level; of a factor without levels the one condition, under an empty name."""
        return self.levels or {"": self.when}


class Prevalence(Content):
    """Which of two precedents in conflict prevails: higher formations first, then the later decision."""

    formations: tuple[str, ...] = ()
    later: bool = False
    reason: str


class Issue(Content):
    """A question that tribunals decide: the evaluative facts that it answers, and its factors.

    An issue ``like`` another has its factors, and the rulings on each are precedents on the other.
    """

    id: str
    title: str
    question: str
    answers: tuple[Conclusion, ...] = Field(min_length=1)
    scope: str = CASE
    factors: dict[str, Factor] = Field(default_factory=dict)
    like: str = ""
    prevails: Prevalence | None = None
    note: str = ""
    review: Review


def alike(issues: Mapping[str, Issue], name: str) -> frozenset[str]:
    """An issue with those that are like it: rulings on one are precedents on the others."""
    root = issues[name].like or name
    return frozenset(one.id for one in issues.values() if root in (one.id, one.like)) | {name}


class ApproximateDate(Content):
    """A day, or the month or year in which it lies."""

    first: date
    last: date
    text: str


def approximate_date(raw: Any) -> Any:
    """The date that ``2010-02-18``, ``2010-02`` or ``2010`` stands for."""
    if isinstance(raw, ApproximateDate):
        return raw
    if isinstance(raw, date):
        return ApproximateDate(first=raw, last=raw, text=raw.isoformat())
    text = str(raw)
    try:
        year, month, day = [*(int(part) for part in text.split("-")), 0, 0][:3] if text.count("-") < 3 else (0, 0, 0)
        first = date(year, month or 1, day or 1)
        following = date(year, month + 1, 1) if 0 < month < 12 else date(year + 1, 1, 1)
    except ValueError:
        raise ValueError("write year-month-day, or only year-month or the year") from None
    return ApproximateDate(first=first, last=first if day else following - timedelta(days=1), text=text)


RoughDate = Annotated[ApproximateDate, BeforeValidator(approximate_date)]


class CoinedFact(Content):
    """A fact of a decided case for which the vocabulary has no name, and the side to which it points."""

    name: str
    says: str = ""
    points: Side


class Ruling(Content):
    """What a tribunal decided of one issue, on which grounds, and in spite of what.

    ``example_only`` says why it governs no other case and is shown as an example.
    """

    issue: str
    outcome: Side
    because: tuple[Any, ...] = ()
    despite: tuple[Any, ...] = ()
    para: str = ""
    holding: str = ""
    confidence: Literal["sure", "fair", "check"]
    until: date | None = None
    until_because: str = ""
    example_only: str = ""


class Precedent(Content):
    """A decided case as observable facts.

    ``situation`` is the general picture as the tribunal saw it, for ``situation_group``. ``until`` is
    the last day on which the decision governs. A ``formal`` decision, one of inadmissibility say, governs nothing.
    """

    id: str
    name: str
    number: str = ""
    tribunal: str
    formation: str = ""
    decided_on: RoughDate = Field(alias="date")
    requested_state: str = ""
    requesting_state: str = ""
    origin_state: str = ""
    measure: str = ""
    situation_on: RoughDate | None = None
    situation: str = ""
    situation_group: str = ""
    facts: dict[str, Any] = Field(default_factory=dict)
    more_facts: tuple[CoinedFact, ...] = ()
    decided: tuple[Ruling, ...] = Field(min_length=1)
    formal: bool = False
    until: date | None = None
    until_because: str = ""
    authority: str = ""
    source: str = ""
    note: str = ""
    review: Review


class Situation(Content):
    """What a tribunal held of a State, or of a group in it, as of a day.

    Without a ``group`` it concerns everybody. ``valid_until`` is the last day on which it holds;
    ``precedent`` is the decision it rests on, where that is listed.
    """

    id: str
    state: str
    group: str = ""
    level: str
    valid_from: date = Field(alias="from")
    valid_until: date | None = Field(default=None, alias="until")
    superseded_by: str = ""
    finding: str
    tribunal: str
    case: str
    number: str = ""
    decided_on: RoughDate | None = Field(default=None, alias="date")
    para: str = ""
    precedent: str = ""
    review: Review
    note: str = ""


class Group(Content):
    """A group of persons that findings name, and the condition under which the person belongs to it."""

    id: str
    title: str
    when: Any
    note: str = ""
    review: Review

    @property
    def condition(self) -> Condition:
        """The parsed condition."""
        condition: Condition = self.when
        return condition


class CoinedName(Content):
    """A name that coders of decided cases gave to something that the vocabulary has: the facts with their values."""

    id: str
    facts: dict[str, Any]


class Picture(Content):
    """How country findings answer a fact about the general situation.

    ``answers`` is a choice fact whose values are the levels, weakest for the person first; ``state``
    names the State, or a list of States, of which findings are looked up. ``years`` names the variant
    that says after how many years a finding no longer presumes anything; ``never`` says that it does not age.
    """

    id: str
    title: str
    answers: str
    state: str
    years: str
    note: str = ""
    review: Review
