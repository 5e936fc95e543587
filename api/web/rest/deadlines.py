"""Deadlines: the time limits of all matters, as a list or as a feed for calendars.

They are those of the newest assessment of each matter's newest assessed facts, under the neutral reading, as of
the case's own day: looking back changes no calendar. The feed names no person,
no reference and no kind of time limit: calendars are copied to telephones and shared.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import icalendar
from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.documents.language.counting import CAVEAT
from api.storage.timelimits import UNREADABLE, TimeLimit, time_limits
from api.web.calls import Call, needs
from api.web.conditional import not_modified, unchanged
from api.web.gathering import recording
from api.web.paging import (
    Cursor,
    Limit,
    Pages,
    links,
)
from api.web.parameters import day_of, only
from api.web.tables import CSV_TOO, csv_response, wants_csv

routes = recording(tags=["deadlines"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]
_DAY = {"format": "date", "examples": ["2026-01-31"]}
From = Annotated[str | None, Query(alias="from", description="Ending on this day or later", json_schema_extra=_DAY)]
Until = Annotated[str | None, Query(description="Ending on this day or earlier", json_schema_extra=_DAY)]
CALENDAR = "text/calendar"


class DeadlineShown(BaseModel):
    """A time limit; ``state`` is as of the day of the assessment. Of one that cannot be read only the matter is said."""

    on: str
    matter: str
    clock: str
    title: str
    state: str = Field(
        description="running or expired, as of the day of the assessment; or unreadable, and then see to the matter"
    )
    assessment: str
    outdated: bool = Field(description="Whether the facts of the matter have changed since that assessment")


class DeadlineList(BaseModel):
    """A page of time limits, those that end first coming first."""

    deadlines: list[DeadlineShown]
    next: str = Field(description="The cursor of the next page; empty at the end")
    counting: str = Field(description="How the days are counted, and what the law of the forum may change")


@routes.get(
    "/v1/deadlines",
    response_model=DeadlineList,
    dependencies=[Depends(only("from", "until", "cursor", "limit"))],
    responses=CSV_TOO,
)
def listed(
    call: Reads,
    request: Request,
    *,
    since: From = None,
    until: Until = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Time limits of all matters, as JSON or (Accept: text/csv) as CSV."""
    span = _span(since, until)
    with call.look() as tx:
        pages = Pages(tx, "deadlines")
        after = pages.read(cursor, 3) if cursor else ("", "", "")
        rest = [one for one in time_limits(tx, *span) if one.place > after]
        found = rest[:limit]
        following = pages.sign(*found[-1].place) if len(rest) > limit else ""
    shown = [DeadlineShown.model_validate(one, from_attributes=True) for one in found]
    if wants_csv(request):
        return csv_response([one.model_dump() for one in shown], links(request, following))
    body = DeadlineList(deadlines=shown, next=following, counting=CAVEAT).model_dump_json()
    return Response(body, headers=links(request, following), media_type="application/json")


@routes.get(
    "/v1/deadlines.ics",
    response_class=Response,
    dependencies=[Depends(only("from", "until"))],
    responses={200: {"description": "An iCalendar object", "content": {CALENDAR: {"schema": {"type": "string"}}}}},
)
def feed(call: Reads, request: Request, since: From = None, until: Until = None) -> Response:
    """The same as a calendar (RFC 5545): one whole-day event for each, with the id of the matter and no name."""
    with call.look() as tx:
        found = time_limits(tx, *_span(since, until))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Dedere//Time limits//EN")
    calendar.add("version", "2.0")
    for one in found:
        calendar.add_component(_event(one))
    if not found:
        calendar.add_component(_time_zone())
    raw = calendar.to_ical()
    tag = f'"{uuid.uuid5(uuid.NAMESPACE_OID, raw.decode()).hex}"'
    if unchanged(request, tag):
        return not_modified(tag)
    return Response(raw, headers={"etag": tag}, media_type=f"{CALENDAR}; charset=utf-8")


def _time_zone() -> Any:
    """UTC, for a calendar without events: one without any component is none (RFC 5545 section 3.6)."""
    zone, standard = icalendar.Timezone(), icalendar.TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - the time of the zone itself
    for name in ("tzoffsetfrom", "tzoffsetto"):
        standard.add(name, timedelta(0))
    zone.add_component(standard)
    return zone


def _event(one: TimeLimit) -> Any:
    event = icalendar.Event()
    event.add("uid", f"{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:dedere:{one.matter}:{one.clock}')}@dedere")
    event.add("dtstamp", datetime.fromisoformat(one.assessed_at).replace(microsecond=0))
    damaged = one.state == UNREADABLE
    event.add("dtstart", datetime.now(UTC).date() if damaged else date.fromisoformat(one.on))
    event.add("summary", f"Time limits of {one.matter} cannot be read" if damaged else f"Time limit {one.matter}")
    event.add("description", CAVEAT)
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    return event


def _span(since: str | None, until: str | None) -> tuple[str, str]:
    first = day_of(since, "from").isoformat() if since is not None else ""
    return first, day_of(until, "until").isoformat() if until is not None else "9999-12-31"
