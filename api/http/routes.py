"""The addresses: one assessment, and look-ups in the law content.

Parameters are as strict as the body: an unknown or repeated one is refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.catalogue import Catalogue, CriterionShown, FactShown, RelationShown
from api.http.body import parsed, received
from api.http.problems import Refused, fault
from api.states import state_of
from engine import ENGINE_VERSION
from engine.answer import Answer
from engine.assess import Engine
from engine.errors import InputProblems
from engine.facts.reading import Reading
from engine.facts.values import BadValue, nearest, parse_date

_DAY = {"format": "date", "examples": ["2020-01-13"]}
Day = Annotated[str, Query(description="A day, as year-month-day", json_schema_extra=_DAY)]
StateName = Annotated[str, Query(description="A State: name, or ISO 3166 code", min_length=2, max_length=80)]


class FactList(BaseModel):
    """The facts found."""

    count: int
    facts: list[FactShown]


class RelationList(BaseModel):
    """How the instruments of the register stand between two States on a date."""

    requesting: str
    requested: str
    on: date
    relations: list[RelationShown]


class Health(BaseModel):
    """That the service answers, and with which law."""

    status: Literal["ok"]
    engine: str
    law: str
    rules: str
    instruments: str


def only(*allowed: str) -> Callable[[Request], None]:
    """A check that the query has no other parameters, and each once."""

    def check(request: Request) -> None:
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


@dataclass(frozen=True)
class Shelf:
    """What the routes work with: the engine, its catalogue, and how large a case may be."""

    engine: Engine
    catalogue: Catalogue
    limit: int


def shelf_of(request: Request) -> Shelf:
    """The shelf of the application that a request came to."""
    shelf = request.app.state.shelf
    assert isinstance(shelf, Shelf)
    return shelf


async def body(request: Request) -> bytes:
    """The case as sent."""
    return await received(request, shelf_of(request).limit)


OnShelf = Annotated[Shelf, Depends(shelf_of)]
routes = APIRouter()


@routes.post("/v1/assessments", response_model=Answer, dependencies=[Depends(only("on", "reading"))])
def assess(
    shelf: OnShelf,
    raw: Annotated[bytes, Depends(body)],
    on: Annotated[str | None, Query(description="Assess as of this day", json_schema_extra=_DAY)] = None,
    reading: Annotated[Reading, Query(description="Whose word counts where facts are disputed")] = "neutral",
) -> Response:
    """Assess a case. Nothing is stored. The body is a case, as in a case file."""
    day = _day(on, "on") if on is not None else None
    answer = shelf.engine.assess(shelf.engine.read(parsed(raw)), day, reading)
    return Response(answer.model_dump_json(), media_type="application/json")


@routes.get("/v1/facts", dependencies=[Depends(only("q"))])
def facts(shelf: OnShelf, q: Annotated[str, Query(description="Words to look for", max_length=200)] = "") -> FactList:
    """Search the fact vocabulary."""
    found = shelf.catalogue.facts(q)
    return FactList(count=len(found), facts=found)


@routes.get("/v1/instruments", dependencies=[Depends(only("requesting", "requested", "on"))])
def instruments(shelf: OnShelf, requesting: StateName, requested: StateName, on: Day) -> RelationList:
    """Which instruments bind two States on a day, and why."""
    day = _day(on, "on")
    asking, asked = _state(requesting, "requesting"), _state(requested, "requested")
    relations = shelf.catalogue.relations(asking, asked, day)
    return RelationList(requesting=asking, requested=asked, on=day, relations=relations)


@routes.get("/v1/criteria/{id}", dependencies=[Depends(only())])
def criterion(
    shelf: OnShelf, name: Annotated[str, Path(alias="id", description="Name of a criterion")]
) -> CriterionShown:
    """One criterion: its rule as data, citations, authorities, how far it was checked."""
    found = shelf.catalogue.criterion(name)
    if found is None:
        near = nearest(name[:80], shelf.engine.pack.criteria)
        raise Refused(404, [fault("there is no such criterion", fix=f"Did you mean '{near}'?" if near else "")])
    return found


@routes.get("/health", dependencies=[Depends(only())])
def health(shelf: OnShelf) -> Health:
    """That the service answers, and with which law."""
    pack = shelf.engine.pack
    return Health(
        status="ok",
        engine=ENGINE_VERSION,
        law=pack.version,
        rules=pack.rules_digest,
        instruments=pack.instruments_digest,
    )


def _day(text: str, parameter: str) -> date:
    try:
        return parse_date(text)
    except BadValue:
        raise Refused(422, [fault("is not a date", parameter=parameter, fix="Write year-month-day")]) from None


def _state(text: str, parameter: str) -> str:
    try:
        return state_of(text, parameter)
    except InputProblems as error:
        said = error.problems[0].quiet().message
        raise Refused(422, [fault(said, parameter=parameter)]) from None
