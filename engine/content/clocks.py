"""Where a rule stands, and the time limits that it sets, as typed, final values."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.facts.vocabulary import Content, Review


class Citation(Content):
    """An article of an instrument in the register, with a pinpoint a court can follow."""

    instrument: str
    article: str
    pinpoint: str = ""
    pinpoint_review: Review | None = None


class Length(Content):
    """A period in days or months."""

    days: int = 0
    months: int = 0


class NotCounted(Content):
    """Days that a clock leaves out: from one date fact until another, where a criterion is met."""

    starts: str = Field(alias="from")
    until: str
    where: str


class Clock(Content):
    """A time limit: from a date fact, for a period, with a consequence when it runs out."""

    id: str
    title: str
    cites: tuple[Citation, ...] = Field(min_length=1)
    starts: str = Field(alias="from")
    length: Length
    stopped_by: str = ""
    not_counted: NotCounted | None = None
    applies_when: Any = None
    consequence: Literal[
        "release_possible",
        "release_required",
        "decision_due",
        "surrender_due",
        "speciality_ends",
        "return_due",
        "answer_due",
        "treaty_effect",
    ]
    sentence: str
    counting_rule: str = "forum"
    review: Review
    note: str = ""

    @property
    def dates(self) -> tuple[str, ...]:
        """The date facts that it reads."""
        left_out = (self.not_counted.starts, self.not_counted.until) if self.not_counted else ()
        return tuple(filter(None, (self.starts, self.stopped_by, *left_out)))
