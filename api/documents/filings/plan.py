"""The plan of a paper: what counsel chooses and adds. It is no part of the case and never of the verdict.

Everything is optional: what is missing is a gap in the paper, and grounds that nobody chose are chosen by weight.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from api.documents.filings.strict import StrictModel, problem_of
from engine.content.documents import Document
from engine.errors import InputProblems
from engine.facts.schema import strict_date

MOST_WORDS = 20_000
Words = Annotated[str, Field(max_length=MOST_WORDS)]
Day = Annotated[date | None, BeforeValidator(strict_date)]


class Counsel(StrictModel):
    """Who signs, and how that person is reached."""

    name: Words = ""
    bar_number: Words = ""
    address: Words = ""
    phone: Words = ""
    email: Words = ""
    fax: Words = ""


class Person(StrictModel):
    """The person, as the papers name them."""

    name: Words = ""
    own_script: Words = ""
    born: Words = ""
    held_at: Words = ""
    languages: Words = ""


class Removal(StrictModel):
    """What is known of the day of surrender."""

    day: Words = ""
    hour: Words = ""
    place: Words = ""
    destination: Words = ""


class Step(StrictModel):
    """A step of the proceedings here, as the papers of the case show it."""

    day: Day = None
    body: Words = ""
    reference: Words = ""
    outcome: Words = ""
    served_on: Day = None
    suspends: Words = ""


class Chosen(StrictModel):
    """A ground to be argued; ``text`` is counsel's own, in the place of the composed argument or before it."""

    id: Words
    text: Words = ""
    replace: bool = False


class Plan(StrictModel):
    """All of it."""

    court: Words = ""
    case_number: Words = ""
    title: Words = ""
    place: Words = ""
    date: Words = ""
    person: Person = Person()
    counsel: Counsel = Counsel()
    removal: Removal = Removal()
    authority: Words = ""
    authority_case_number: Words = ""
    final_decision_on: Words = ""
    other_procedures: Words = ""
    grounds: tuple[Chosen, ...] = ()
    facts: tuple[Words, ...] = ()
    steps: tuple[Step, ...] = ()
    relief: tuple[Words, ...] = ()
    alternative_relief: tuple[Words, ...] = ()


def plan_in(document: Document) -> Plan:
    """The plan that a document holds.

    Raises:
        InputProblems: every fault, with file and line.
    """
    if not isinstance(document.data, dict):
        raise InputProblems([document.problem((), "a plan is a mapping, for example 'court: ...'")])
    try:
        return Plan.model_validate(document.data)
    except ValidationError as error:
        raise InputProblems([problem_of(fault, Plan, document, "of a plan") for fault in error.errors()]) from None
