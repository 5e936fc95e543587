"""One POST, one flat answer: for trackers that can only fire a single request when a record is saved.

With a reference the facts are kept (a new version only when they differ) and the answer is an
assessment of record; without one nothing is kept.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.cases.flatrows import FlatCase, flat_case, known_columns
from api.cases.rowmerge import ChangedHere, Merged, merged
from api.service.assessing import Assessed, assessed, keep
from api.storage.errors import Conflict, ReferenceTaken
from api.storage.idempotency import Result, known
from api.storage.matters import Document, Facts
from api.storage.saving import Saved, facts_under, save
from api.storage.store import Transaction
from api.storage.summaries import summary_of
from api.web.calls import Call, idempotency_key, needs
from api.web.flatbody import FORM, FlatBody, row_of
from api.web.gathering import recording
from api.web.parameters import (
    On,
    WhoseWord,
    day_of,
    only,
)
from api.web.problems import Refused, fault, from_engine
from engine.answer.model import Answer
from engine.assess import Engine
from engine.content.documents import Document as Read
from engine.errors import InputProblems, present
from engine.facts.reading import Reading
from engine.reasoning.outcome import Outcome

routes = recording(tags=["flat"])
Assesses = Annotated[Call, Depends(needs("assessments:write"))]
_TRIES = 3
_BODY = {"schema": {"$ref": "#/components/schemas/FlatCase"}}
TAKES = {"requestBody": {"required": True, "content": {"application/json": _BODY, FORM: _BODY}}}


class FlatAnswer(BaseModel):
    """Where a case stands, without nesting; what is not there is empty."""

    outcome: Outcome
    settled: bool
    sentence: str
    reading: Reading
    assessed_on: date
    missing: str = Field(description="Labels of the facts on which open grounds hang, with '; ' between")
    next_due: str = Field(description="The next day on which a time limit ends that still runs; empty if there is none")
    matter: str = Field(description="Id of the matter; empty if nothing is kept")
    version: int | None
    change: str = Field(description="created, updated or unchanged; empty if nothing is kept")
    assessment: str = Field(description="Id of the assessment of record; empty if nothing is kept")
    address: str = Field(description="Where the whole answer can be read")


@routes.post(
    "/v1/evaluate",
    response_model=FlatAnswer,
    dependencies=[Depends(only("on", "reading"))],
    openapi_extra=TAKES,
    responses={201: {"model": FlatAnswer, "description": "Assessed and kept"}},
)
def evaluate(call: Assesses, body: FlatBody, on: On = None, reading: WhoseWord = "neutral") -> Response:
    """Assess flat facts. Names are those of a batch's columns: FACT, FACT.person, PART[0].FACT, variants.NAME."""
    row = row_of(body)
    reference = row.pop("reference", None) or ""
    if not isinstance(reference, str) or len(reference) > 200:
        raise Refused(422, [fault("is not text of up to 200 characters", pointer="/reference")])
    if reference:
        call.require("matters:write")
    case = readable(call.service.engine, row)
    day = day_of(on, "on") if on is not None else _own_day(case)
    if reference:
        return _kept(call, body.raw, reference, case, (day, reading))
    answer = _answer(_assess(call, case, case.document, (day, reading)))
    return Response(_said(answer, None, "").model_dump_json(), media_type="application/json")


def readable(engine: Engine, row: dict[str, Any]) -> FlatCase:
    """The case file of a row, if the case reader accepts it.

    Raises:
        Refused: every fault, at the name it is in.
    """
    try:
        case = flat_case(row, known_columns(list(row), engine.pack), engine.pack)
    except InputProblems as error:
        raise Refused(422, [from_engine(problem) for problem in error.problems]) from None
    try:
        engine.read(Read(case.document, "case"))
    except InputProblems as error:
        raise _refused(case, error) from None
    return case


def _own_day(case: FlatCase) -> date:
    given = case.document.get("assessed_on")
    if given is None:
        fix = "Send assessed_on, or give ?on="
        raise Refused(422, [fault("the date of assessment is not given", pointer="/assessed_on", fix=fix)])
    return date.fromisoformat(given)


Wanted = tuple[date, Reading]


def _assess(call: Call, case: FlatCase, document: Document, wanted: Wanted) -> Assessed:
    try:
        whose = call.principal.workspace
        return assessed(call.service, document, *wanted, whose=whose, in_words=True)
    except InputProblems as error:  # findings that cannot stand together
        raise _refused(case, error) from None


def _answer(made: Assessed) -> Answer:
    return Answer.model_validate_json(made.content)


def _refused(case: FlatCase, error: InputProblems) -> Refused:
    status = 409 if isinstance(error, ChangedHere) else 422
    return Refused(status, [from_engine(problem) for problem in case.at_names(error.problems)])


def _kept(call: Call, raw: bytes, reference: str, case: FlatCase, wanted: Wanted) -> Response:
    for _ in range(_TRIES):
        try:
            result = _once(call, raw, reference, case, wanted)
        except (Conflict, ReferenceTaken):  # somebody saved the same matter meanwhile: look again
            continue
        return Response(result.body, result.status, _location(result.body), "application/json")
    raise Refused(409, [fault("others keep saving this matter just now", fix="Send it again")])


def _once(call: Call, raw: bytes, reference: str, case: FlatCase, wanted: Wanted) -> Result:
    """Assess what will stand in the store, then keep both in one transaction if it still is so."""
    merge = partial(_dated_apart, call.service.engine, case)
    with call.look() as tx:
        again = known(tx, idempotency_key(call.request))
        held, sent = (None, {}) if again else facts_under(tx, reference)
    try:
        document = merge(held.document if held else None, sent).document
    except InputProblems as error:
        raise _refused(case, error) from None
    made = None if again else _of_own_day(case, wanted, _assess(call, case, document, wanted))
    answer = None if made is None else _answer(made)  # here, so that no writer waits for it

    def act(tx: Transaction) -> Result:
        saved = save(tx, reference, merge)
        if saved.version != _next_version(held, document):
            raise Conflict(saved.version)
        now, shown = present(made, "the assessment of a row not taken yet"), present(answer, "its answer")
        kept = keep(tx, saved.matter, saved.version, now)
        return Result(201, _said(shown, saved, kept.id).model_dump_json().encode(), saved.matter)

    return call.once(raw, act)[0]


def _of_own_day(case: FlatCase, wanted: Wanted, made: Assessed) -> Assessed:
    """The day that a tracker sends in the row is the case's own, whatever day is kept here."""
    own = case.document.get("assessed_on") == wanted[0].isoformat()
    return replace(made, hypothetical=made.hypothetical and not own)


def _next_version(held: Facts | None, document: Document) -> int:
    if held is None:
        return 1
    return held.version if document == held.document else held.version + 1


def laid_over(engine: Engine, case: FlatCase, current: Document | None, sent: Document) -> Merged:
    """A row laid over the case file that stands now, which the case reader must accept as it then is.

    Raises:
        ChangedHere: the row says something else than people entered here since.
        InputProblems: what comes of it is no case.
    """
    found = merged(case, engine.pack, current, sent)
    if current is None or found.document != current:
        engine.read(Read(found.document, "case"))
    return found


def _dated_apart(engine: Engine, case: FlatCase, current: Document | None, sent: Document) -> Merged:
    """The same, but a day alone is no new version, and a day that people chose here stands."""
    day = case.document.get("assessed_on")
    undated = {name: value for name, value in case.document.items() if name != "assessed_on"}
    found = laid_over(engine, replace(case, document=undated), current, sent)
    if day is None or found.document == current:
        return found
    chosen_here = current is not None and current.get("assessed_on") != sent.get("assessed_on")
    dated = found.document if chosen_here else {**found.document, "assessed_on": day}
    return Merged(dated, {**found.sent, "assessed_on": day})


def _location(body: bytes) -> dict[str, str]:
    return {"location": json.loads(body)["address"]}


def _said(answer: Answer, saved: Saved | None, assessment: str) -> FlatAnswer:
    missing = dict.fromkeys(label for ground in answer.grounds if ground.status == "open" for label in ground.missing)
    running = [due.on for due in summary_of(answer).due if due.state == "running"]
    return FlatAnswer(
        outcome=answer.outcome,
        settled=answer.settled,
        sentence=answer.sentence,
        reading=answer.reading,
        assessed_on=answer.assessed_on,
        missing="; ".join(missing),
        next_due=min(running, default=""),
        matter=saved.matter if saved else "",
        version=saved.version if saved else None,
        change=saved.change if saved else "",
        assessment=assessment,
        address=f"/v1/assessments/{assessment}" if assessment else "",
    )
