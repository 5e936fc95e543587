"""Impact: which matters would stand otherwise under another pack.

The latest assessment of each matter is compared with what the other pack says of the same facts, on
the same day, in the same reading. The screening runs the compiled engine only and stores nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, Field

from api.law.shelf import NoSuchPack
from api.storage.assessments import AssessmentSaid, put_these_into_words, read_answer
from api.storage.errors import NotFound
from api.storage.matters import list_matters, read_facts
from api.storage.store import Transaction
from api.storage.summaries import standing_of
from api.web.body import envelope
from api.web.calls import Body, Call, needs
from api.web.document import takes
from api.web.gathering import recording
from api.web.paging import Cursor, Limit, Pages
from api.web.parameters import only
from api.web.problems import Refused, fault
from engine.assess import Engine
from engine.content.documents import Document
from engine.facts.reading import Reading
from engine.impact import NamedCase, standing_under

routes = recording(tags=["impact"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]


class ImpactSent(BaseModel):
    """Under which pack to look."""

    model_config = {"extra": "forbid", "strict": True}
    pack: str = Field(max_length=120, description="Address of a pack, from GET /v1/packs")


class StandingShown(BaseModel):
    """An outcome, and the first ground with its status; unreadable if the pack cannot read the facts."""

    outcome: str
    first: str
    status: str


class ImpactShown(BaseModel):
    """A matter that would stand otherwise."""

    matter: str
    assessment: str
    before: StandingShown
    after: StandingShown


class ImpactList(BaseModel):
    """A page of the comparison: matters seen, those with an assessment, those that would change."""

    pack: str
    seen: int
    compared: int
    changes: list[ImpactShown]
    next: str = Field(description="The cursor of the next page; empty at the end")


@dataclass(frozen=True)
class _Kept:
    """What the store has of one matter."""

    said: AssessmentSaid
    before: StandingShown
    case: dict[str, Any]


@routes.post(
    "/v1/impact",
    response_model=ImpactList,
    dependencies=[Depends(only("cursor", "limit"))],
    openapi_extra=takes(ImpactSent),
)
def impact(call: Reads, raw: Body, cursor: Cursor = "", limit: Limit = 200) -> ImpactList:
    """Compare the latest assessments with another pack, page by page. Needs the scope matters:read as well."""
    call.require("matters:read")
    sent, _ = envelope(raw, ImpactSent)
    try:
        engine = call.service.shelf.engine(sent.pack)
    except NoSuchPack:
        raise Refused(422, [fault("there is no such pack", pointer="/pack", fix="See GET /v1/packs")]) from None
    with call.write() as tx:
        pages = Pages(tx, f"impact of {sent.pack}")
        after = pages.read(cursor, 2) if cursor else None
        page = list_matters(tx, "", (after[0], after[1]) if after else None, limit + 1)
        found = page[:limit]
        following = pages.sign(found[-1].updated_at, found[-1].id) if len(page) > limit else ""
        standing = standing_of(tx, [one.id for one in found])
    kept = _kept(call, [standing[one.id].assessment for one in found if one.id in standing])
    changes = [change for one in kept if (change := _change(engine, one)) is not None]
    return ImpactList(pack=sent.pack, seen=len(found), compared=len(kept), changes=changes, next=following)


def _kept(call: Call, assessments: list[str]) -> list[_Kept]:
    put_these_into_words(call.service.store, call.principal.workspace, call.principal.actor, assessments)
    kept = []
    with call.write() as tx:
        for assessment in assessments:
            with suppress(NotFound):  # erased meanwhile
                kept.append(_read(tx, assessment))
    return kept


def _read(tx: Transaction, assessment: str) -> _Kept:
    said, written = read_answer(tx, assessment)
    answer = json.loads(written)
    first = next((one for one in answer["grounds"] if one["status"] in ("met", "open")), {"id": "", "status": ""})
    before = StandingShown(outcome=answer["outcome"], first=first["id"], status=first["status"])
    return _Kept(said, before, read_facts(tx, said.matter, said.version).document)


def _change(engine: Engine, kept: _Kept) -> ImpactShown | None:
    said = kept.said
    reading: Reading = said.reading  # type: ignore[assignment]
    case = NamedCase(said.matter, Document(kept.case, "case"), date.fromisoformat(said.assessed_on), reading)
    found = standing_under(engine, case, reading)
    after = StandingShown(outcome=found.outcome, first=found.first, status=found.status)
    if after == kept.before:
        return None
    return ImpactShown(matter=said.matter, assessment=said.id, before=kept.before, after=after)
