"""The fact vocabulary: what may be asked about a case, and what an unanswered question counts as.

One entry holds the question a lawyer is asked, what usually proves the answer, who bears the
burden and the value an unproved fact takes *on the record*. Listed things (offences, assurances,
procedure steps) are *parts*: each item of a part has facts of that part's scope.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FactType = Literal["yes_no", "choice", "set", "number", "date", "state", "states"]
CASE = "case"
#: The facts that name the two States of a case.
REQUESTING, REQUESTED = "requesting_state", "requested_state"
OPEN = "open"
Review = Literal["text_seen", "known", "unverified"]


class Content(BaseModel):
    """Base of everything read from the content folders: unknown keys are errors, values are final."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Closure(Content):
    """If ``fact`` is answered ``is``, the fact that carries this closure takes the value ``then``."""

    fact: str
    is_: Any = Field(alias="is")
    then: Any


class NotBefore(Content):
    """A day that must have come first; ``where`` names answers (any of those listed) on which this hangs."""

    fact: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class FormerName(Content):
    """A name under which a fact was asked before; ``values`` turns old answers into new ones (left out: the same).

    An old answer that ``values`` does not name says nothing of the present question, but ``excludes`` may say
    which of the present values it rules out.
    """

    name: str
    values: dict[str, Any] = Field(default_factory=dict)
    excludes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Fact(Content):
    """One entry of the vocabulary.

    ``unproved`` is what the fact counts as on the record when nobody has proved it: a value, or
    ``open`` when it stays unknown. ``closed_by`` names gate questions that settle it unasked.
    ``distinct_from`` says how it differs from a fact whose question reads nearly the same.
    ``event`` says of a date what happens that day, for tables in time order. ``formerly`` lists names under
    which it is still read. The values of an ``ordered`` choice are levels, the lowest first. A fact that is
    ``background`` describes the case and decides nothing. A fact about States takes ``codes`` that ISO 3166 lacks.

    What cannot be is refused: a ``past`` day after the day of assessment, a day before those it is ``not_before``, a
    State that facts named in ``other_than`` name too, and a value beside an answer that it must ``agrees_with``:
    where that fact is answered ``is``, this one may only be ``then``, but is not settled by it.
    """

    id: str
    question: str
    type: FactType
    help: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    unit: str = ""
    event: str = ""
    minimum: float | None = None
    maximum: float | None = None
    scope: str = CASE
    proof: tuple[str, ...] = ()
    evaluative: bool = False
    burden: Literal["person", "state", "shared", "nobody"] = "nobody"
    unproved: Any = OPEN
    closed_by: tuple[Closure, ...] = ()
    from_latest: str = ""
    distinct_from: dict[str, str] = Field(default_factory=dict)
    formerly: tuple[FormerName, ...] = ()
    ordered: bool = False
    background: bool = False
    codes: frozenset[str] = frozenset()
    past: bool = False
    not_before: tuple[NotBefore, ...] = ()
    other_than: tuple[str, ...] = ()
    agrees_with: tuple[Closure, ...] = ()
    review: Review
    theme: str
    order: int = 0

    @property
    def fills(self) -> bool:
        """Whether the burden gives it a value when it is unknown."""
        return bool(self.unproved != OPEN)


class Part(Content):
    """A listed part of a case: its items carry facts of scope ``id``.

    ``dated_by`` is the date fact that orders the items; items after the assessment date are left
    out. ``unproved: empty`` means that on the record an unknown list counts as having no item.
    """

    id: str
    title: str
    item: str
    question: str
    dated_by: str = ""
    needs_items: bool = False
    unproved: Literal["open", "empty"] = "open"


class Theme(Content):
    """A group of questions asked together, in this order."""

    id: str
    title: str
    order: int


class Vocabulary(Content):
    """All facts, parts and themes, in the order in which they are asked."""

    facts: dict[str, Fact]
    parts: dict[str, Part]
    themes: dict[str, Theme]

    def of_scope(self, scope: str) -> list[Fact]:
        """The facts of one scope, in asking order."""
        return [fact for fact in self.facts.values() if fact.scope == scope]
