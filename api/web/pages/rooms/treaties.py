"""The law library between two States: which instruments bind them on a day, and how that came about in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.cases.states import state_of
from api.documents.language.retelling import retold
from api.law.periods import periods
from api.web.gathering import recording
from api.web.pages.law_picture import (
    DARK,
    LIGHT,
    Row,
    picture,
)
from api.web.pages.rooms.law import Reader, shown
from api.web.pages.visit import Visit
from engine.errors import InputProblems
from engine.facts.values import BadValue, parse_date

routes = recording(include_in_schema=False)


@dataclass(frozen=True)
class Asked:
    """What was asked about, and which of it cannot be read."""

    requesting: str
    requested: str
    on: date
    wrong: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether there is something to answer."""
        return bool(self.requesting and self.requested and not self.wrong)


@routes.get("/law/relations")
def relations(visit: Reader, requesting: str = "", requested: str = "", on: str = "") -> Response:
    """The instruments between two States on a day, and their periods of binding as picture and table."""
    asked = _asked(visit, requesting, requested, on)
    pack, speech = visit.service.engine.pack, visit.speech
    catalogue, pair = visit.service.catalogue, (asked.requesting, asked.requested)
    found = catalogue.relations(*pair, asked.on) if asked.complete else []
    rows = _rows(visit, asked) if asked.complete else []
    return shown(
        visit,
        "law_relations.html",
        asked=asked,
        typed=(requesting[:100], requested[:100], on[:20]),
        relations=found,
        bilateral=catalogue.bilateral(*pair, asked.on) if asked.complete else [],
        notes=catalogue.notes(*pair) if asked.complete else [],
        rows=rows,
        told=lambda english: retold(speech, pack, english),
    )


@routes.get("/law/relations/timeline.svg")
def timeline(visit: Reader, requesting: str = "", requested: str = "", on: str = "", dark: str = "") -> Response:
    """The periods of binding as a picture."""
    asked = _asked(visit, requesting, requested, on)
    if not asked.complete:
        raise HTTPException(404)
    rows = [row for _, row in _rows(visit, asked) if not row.empty]
    drawn = picture(visit.speech, rows, asked.on, DARK if dark else LIGHT)
    return Response(drawn, media_type="image/svg+xml", headers={"content-security-policy": "default-src 'none'"})


def _rows(visit: Visit, asked: Asked) -> list[tuple[str, Row]]:
    """Every instrument with its periods, those that ever bind first."""
    pack, speech = visit.service.engine.pack, visit.speech
    found = [
        (name, Row(speech.law("instrument", name, "short", pack.instruments[name].short).text, said))
        for name, said in periods(pack, asked.requesting, asked.requested).items()
    ]
    return sorted(found, key=lambda pair: pair[1].empty)


def _asked(visit: Visit, requesting: str, requested: str, on: str) -> Asked:
    """What the address asks about; without a day it is today."""
    wrong, states = [], {}
    for field, text in (("requesting", requesting), ("requested", requested)):
        try:
            states[field] = state_of(text, field) if text.strip() else ""
        except InputProblems:
            states[field] = ""
            wrong.append(field)
    day = datetime.now(UTC).date()
    try:
        day = parse_date(on.strip()) if on.strip() else day
    except BadValue:
        wrong.append("on")
    return Asked(states["requesting"], states["requested"], day, tuple(wrong))
