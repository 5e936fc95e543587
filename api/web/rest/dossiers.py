"""The dossier of one question of an assessment: what bears on it, and the argument that it makes.

It is drawn from the facts of the assessment's version under the law content that it was made with.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.law.shelf import NoSuchPack
from api.storage.assessments import AssessmentSaid, assessment_said
from api.storage.matters import Document as Facts
from api.storage.matters import read_facts
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.parameters import only
from api.web.problems import Refused, fault
from api.web.rest.assessments import AssessmentId
from api.web.store_errors import IMPORTED, LAW_IS_MISSING
from engine.answer.argument import Argument, argument
from engine.answer.dossier import questions_with_sources
from engine.answer.dossier_model import Dossier
from engine.assess import Engine
from engine.content.documents import Document
from engine.content.evidence import Side
from engine.facts.columns import HERE, Place
from engine.facts.reading import Reading
from engine.facts.values import nearest
from engine.facts.vocabulary import CASE

routes = recording(tags=["dossiers"])
Reads = Annotated[Call, Depends(needs("assessments:read"))]
FactName = Annotated[str, Path(alias="fact", description="An evaluative fact, for example nexus_causal", max_length=80)]
ItemId = Annotated[str, Query(max_length=80, description="Of which item of its list, if the fact is asked of a list")]
By = Annotated[Side, Query(description="Whose argument: the person's with the State's answer, or the reverse")]


class QuestionDossier(BaseModel):
    """The dossier of a question with its argument: point, best answer of the other side, reply."""

    assessment: str
    assessed_on: date
    reading: Reading
    argument: Argument
    dossier: Dossier = Field(description="All that bears on the question")


@routes.get(
    "/v1/assessments/{assessment}/questions/{fact}",
    response_model=QuestionDossier,
    dependencies=[Depends(only("item", "by"))],
)
def one(call: Reads, assessment: AssessmentId, fact: FactName, item: ItemId = "", by: By = "person") -> Response:
    """The dossier of one evaluative question. Needs the scope matters:read as well, for it tells the facts."""
    call.require("matters:read")
    said, facts, engine = _made_from(call, assessment)
    if fact not in questions_with_sources(engine):
        near = nearest(fact, questions_with_sources(engine))
        fix = f"Did you mean '{near}'?" if near else "See GET /v1/facts"
        raise Refused(404, [fault("there is no question of this name that has a dossier", fix=fix)])
    reading, day = cast("Reading", said.reading), date.fromisoformat(said.assessed_on)
    weighed = engine.weigh(engine.read(Document(facts, "case")), day, reading)
    made = engine.dossier(weighed, fact, _place(engine, facts, fact, item))
    shown = QuestionDossier(
        assessment=assessment, assessed_on=day, reading=reading, argument=argument(made, by), dossier=made
    )
    return Response(shown.model_dump_json(), media_type="application/json")


def _made_from(call: Call, assessment: str) -> tuple[AssessmentSaid, Facts, Engine]:
    with call.look() as tx:
        said = assessment_said(tx, assessment)
        facts = read_facts(tx, said.matter, said.version).document
    if said.imported:
        raise Refused(409, [IMPORTED])
    try:
        return said, facts, call.service.shelf.engine_for(said.rules, said.instruments)
    except NoSuchPack:
        raise Refused(409, [LAW_IS_MISSING]) from None


def _place(engine: Engine, facts: Facts, fact: str, item: str) -> Place:
    """Where a fact is asked: of the case, or of an item of its list."""
    scope = engine.pack.vocabulary.facts[fact].scope
    if scope == CASE:
        if item:
            raise Refused(422, [fault("this question is asked of the case, not of an item", parameter="item")])
        return HERE
    listed = engine.read(Document(facts, "case")).items.get(scope, ())
    places = [place for place, one in enumerate(listed) if one.id == item]
    if not places:
        fix = "One of: " + ", ".join(one.id for one in listed) if listed else "The list is empty"
        raise Refused(422, [fault(f"name an item of the list '{scope}'", parameter="item", fix=fix)])
    return scope, places[0]
