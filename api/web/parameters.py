"""Parameters in addresses and queries: as strict as a body; an unknown or repeated one is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

from fastapi import Query, Request

from api.cases.states import state_of
from api.web.problems import Refused, fault
from engine.errors import InputProblems
from engine.facts.reading import Reading
from engine.facts.values import BadValue, nearest, parse_date

_DAY = {"format": "date", "examples": ["2020-01-13"]}
Day = Annotated[str, Query(description="A day, as year-month-day", json_schema_extra=_DAY)]
On = Annotated[str | None, Query(description="Assess as of this day, not the case's own", json_schema_extra=_DAY)]
StateName = Annotated[str, Query(description="A State: name, or ISO 3166 code", min_length=2, max_length=80)]
WhoseWord = Annotated[Reading, Query(description="Whose word counts where facts are disputed")]


def only(*allowed: str) -> Callable[[Request], Awaitable[None]]:
    """A check that the query has no other parameters, and each once."""

    async def check(request: Request) -> None:  # it waits for nothing, and so needs no thread
        given = [name for name, _ in request.query_params.multi_items()]
        unknown = sorted(set(given) - set(allowed))
        faults = [
            fault("there is no such parameter", parameter=_shown(name), fix=_near(name, allowed)) for name in unknown
        ]
        faults += [fault("is given twice", parameter=name) for name in allowed if given.count(name) > 1]
        if faults:
            raise Refused(400, faults)

    return check


def _shown(name: str) -> str:
    return name if len(name) <= 40 and name.isidentifier() else "(another)"


def _near(name: str, allowed: tuple[str, ...]) -> str:
    near = nearest(name[:40], allowed)
    return f"Did you mean '{near}'?" if near else f"Parameters here: {', '.join(allowed) or 'none'}"


def day_of(text: str, parameter: str) -> date:
    """The day a parameter names.

    Raises:
        Refused: it is no date.
    """
    try:
        return parse_date(text)
    except BadValue:
        raise Refused(422, [fault("is not a date", parameter=parameter, fix="Write year-month-day")]) from None


def state_in(text: str, parameter: str) -> str:
    """The code of the State that a parameter names.

    Raises:
        Refused: there is no such State.
    """
    try:
        return state_of(text, parameter)
    except InputProblems as error:
        said = error.problems[0].quiet().message
        raise Refused(422, [fault(said, parameter=parameter)]) from None
