"""The law content: facts that may be known, criteria, and the instruments between two States on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import BaseModel

from api.law.catalogue import CriterionShown, FactShown, RelationShown
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.parameters import (
    Day,
    StateName,
    day_of,
    only,
    state_in,
)
from api.web.problems import Refused, fault
from engine.facts.values import nearest

routes = recording(tags=["law"])
Anyone = Annotated[Call, Depends(needs())]


class FactList(BaseModel):
    """The facts found."""

    count: int
    facts: list[FactShown]


class RelationList(BaseModel):
    """How the instruments of the register stand between two States on a date.

    ``bilateral`` are treaties between the two that are known and not encoded: they must be read.
    ``notes`` say what is to be known of a territory, or of a State that is no Member of the United Nations.
    """

    requesting: str
    requested: str
    on: date
    relations: list[RelationShown]
    bilateral: list[str]
    notes: list[str]


@routes.get("/v1/facts", dependencies=[Depends(only("q"))])
def facts(call: Anyone, q: Annotated[str, Query(description="Words to look for", max_length=200)] = "") -> FactList:
    """Search the fact vocabulary."""
    found = call.service.catalogue.facts(q)
    return FactList(count=len(found), facts=found)


@routes.get("/v1/instruments", dependencies=[Depends(only("requesting", "requested", "on"))])
def instruments(call: Anyone, requesting: StateName, requested: StateName, on: Day) -> RelationList:
    """Which instruments bind two States on a day, and why."""
    day = day_of(on, "on")
    asking, asked = state_in(requesting, "requesting"), state_in(requested, "requested")
    catalogue = call.service.catalogue
    return RelationList(
        requesting=asking,
        requested=asked,
        on=day,
        relations=catalogue.relations(asking, asked, day),
        bilateral=catalogue.bilateral(asking, asked, day),
        notes=catalogue.notes(asking, asked),
    )


@routes.get("/v1/criteria/{id}", dependencies=[Depends(only())])
def criterion(
    call: Anyone, name: Annotated[str, Path(alias="id", description="Name of a criterion", max_length=200)]
) -> CriterionShown:
    """One criterion: its rule as data, citations, authorities, how far it was checked."""
    found = call.service.catalogue.criterion(name)
    if found is None:
        near = nearest(name[:80], call.service.engine.pack.criteria)
        raise Refused(404, [fault("there is no such criterion", fix=f"Did you mean '{near}'?" if near else "")])
    return found
