"""Decided cases as precedents, and what tribunals have held of a State: part of the law content, of no matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.law.situations import Standing, country_findings, decisions_on, states_of
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.paging import Cursor, Limit, Pages, links
from api.web.parameters import Day, day_of, only, state_in
from api.web.problems import Refused, fault
from engine.content.evidence import Precedent, Ruling, Side
from engine.facts.values import nearest
from engine.facts.vocabulary import Review

routes = recording(tags=["precedents"])
Anyone = Annotated[Call, Depends(needs())]
Issue = Annotated[str, Query(max_length=80, description="Only rulings on this issue, for example nexus")]
State = Annotated[str, Query(max_length=80, description="Only cases on this State: name, or ISO 3166 code")]
ForSide = Annotated[Side | None, Query(alias="side", description="Only rulings for this side")]
_DAY = {"format": "date", "examples": ["2020-01-13"]}
From = Annotated[str | None, Query(alias="from", description="Decided on this day or later", json_schema_extra=_DAY)]
Until = Annotated[str | None, Query(description="Decided on this day or earlier", json_schema_extra=_DAY)]


class RulingShown(BaseModel):
    """What was decided of one issue."""

    issue: str
    decided_for: Side
    para: str
    holding: str
    confidence: str
    until: date | None = Field(description="The last day on which it governs, where it was overtaken")
    example_only: str = Field(description="Why it governs no other case, if so")


class PrecedentShown(BaseModel):
    """A decided case in short."""

    id: str
    name: str
    number: str
    tribunal: str
    formation: str
    decided_on: str = Field(description="The day, or the month or year where no more is known")
    states: list[str] = Field(description="The States to which the person was to go")
    requested_state: str
    formal: bool = Field(description="Decided for a formal reason only: it governs nothing")
    until: date | None
    review: Review


class PrecedentLine(PrecedentShown):
    """A decided case in short, with what was decided."""

    rulings: list[RulingShown]


class RulingWhole(RulingShown):
    """What was decided of one issue, on which facts and in spite of which."""

    because: list[Any]
    despite: list[Any]
    until_because: str


class PrecedentWhole(PrecedentShown):
    """A decided case as the facts that stood before its tribunal."""

    rulings: list[RulingWhole]
    measure: str
    facts: dict[str, Any]
    other_facts: dict[str, str] = Field(description="Facts without a name in the vocabulary, and for whom each speaks")
    situation: str
    situation_group: str
    until_because: str
    source: str
    note: str


class PrecedentList(BaseModel):
    """A page of precedents, the oldest first."""

    precedents: list[PrecedentLine]
    total: int
    next: str = Field(description="The cursor of the next page; empty at the end")


class FindingShown(BaseModel):
    """A country finding as it stands on a day."""

    id: str
    picture: str
    group: str = Field(description="Of whom; empty for everybody")
    level: str
    finding: str
    tribunal: str
    case: str
    number: str
    decided_on: str
    para: str
    since: date
    until: date | None
    years_old: int
    standing: Standing = Field(description="Whether it presumes anything on that day by the default readings")
    superseded_by: str
    review: Review


class SituationShown(BaseModel):
    """What tribunals had held of a State before a day, oldest first, and the decided cases on it."""

    state: str
    on: date
    findings: list[FindingShown]
    decisions: list[PrecedentLine]


@routes.get(
    "/v1/precedents",
    response_model=PrecedentList,
    dependencies=[Depends(only("issue", "state", "side", "from", "until", "cursor", "limit"))],
)
def listed(
    call: Anyone,
    request: Request,
    *,
    issue: Issue = "",
    state: State = "",
    side: ForSide = None,
    since: From = None,
    until: Until = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Decided cases by issue, State, side and day, oldest first."""
    pack = call.service.engine.pack
    if issue and issue not in pack.issues:
        near = nearest(issue, pack.issues)
        raise Refused(422, [fault("there is no such issue", parameter="issue", fix=_meant(near))])
    code = state_in(state, "state") if state else ""
    first = day_of(since, "from") if since is not None else date.min
    last = day_of(until, "until") if until is not None else date.max
    found = [
        one
        for one in sorted(pack.precedents.values(), key=_turn)
        if (not code or code in states_of(one))
        and first <= one.decided_on.last
        and one.decided_on.first <= last
        and any(
            ruling.issue == (issue or ruling.issue) and ruling.outcome == (side or ruling.outcome)
            for ruling in one.decided
        )
    ]
    with call.look() as tx:
        pages = Pages(tx, "precedents")
        after = pages.read(cursor, 2) if cursor else None
        left = [one for one in found if after is None or _turn(one) > after]
        page = left[:limit]
        following = pages.sign(*_turn(page[-1])) if len(left) > limit else ""
    said = PrecedentList(precedents=[_shown(one) for one in page], total=len(found), next=following)
    return Response(said.model_dump_json(), headers=links(request, following), media_type="application/json")


@routes.get("/v1/precedents/{id}", dependencies=[Depends(only())])
def one(
    call: Anyone, name: Annotated[str, Path(alias="id", description="Id of a precedent", max_length=80)]
) -> PrecedentWhole:
    """One decided case: its facts, and what was decided on each issue and why."""
    known = call.service.engine.pack.precedents
    if name not in known:
        raise Refused(404, [fault("there is no such precedent", fix=_meant(nearest(name, known)))])
    found = known[name]
    return PrecedentWhole(
        **_plain(found),
        rulings=list(_rulings(found)),
        measure=found.measure,
        facts=found.facts,
        other_facts={fact.name: fact.points for fact in found.more_facts},
        situation=found.situation,
        situation_group=found.situation_group,
        until_because=found.until_because,
        source=found.source,
        note=found.note,
    )


@routes.get("/v1/situations/{state}", dependencies=[Depends(only("on"))])
def situation(
    call: Anyone,
    state: Annotated[str, Path(description="A State: name, or ISO 3166 code", min_length=2, max_length=80)],
    on: Day,
) -> SituationShown:
    """What tribunals had held of a State before a day."""
    code, day, engine = state_in(state, "state"), day_of(on, "on"), call.service.engine
    findings = [
        FindingShown(
            id=held.finding.id,
            picture=held.picture.id,
            group=held.group,
            level=held.level,
            finding=held.finding.finding,
            tribunal=held.finding.tribunal,
            case=held.finding.case,
            number=held.finding.number,
            decided_on=held.finding.decided_on.text if held.finding.decided_on else "",
            para=held.finding.para,
            since=held.finding.valid_from,
            until=held.finding.valid_until,
            years_old=held.years_old,
            standing=held.standing,
            superseded_by=held.finding.superseded_by,
            review=held.finding.review,
        )
        for held in country_findings(engine, code, day)
    ]
    decisions = decisions_on(engine.pack.precedents.values(), code, day)
    return SituationShown(state=code, on=day, findings=findings, decisions=[_shown(one) for one in decisions])


def _turn(one: Precedent) -> tuple[str, str]:
    return one.decided_on.first.isoformat(), one.id


def _meant(near: str | None) -> str:
    return f"Did you mean '{near}'?" if near else ""


def _shown(one: Precedent) -> PrecedentLine:
    rulings = [RulingShown(**_ruling(ruling)) for ruling in one.decided]
    return PrecedentLine(**_plain(one), rulings=rulings)


def _plain(one: Precedent) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "number": one.number,
        "tribunal": one.tribunal,
        "formation": one.formation,
        "decided_on": one.decided_on.text,
        "states": sorted(states_of(one)),
        "requested_state": one.requested_state,
        "formal": one.formal,
        "until": one.until,
        "review": one.review,
    }


def _rulings(one: Precedent) -> Iterator[RulingWhole]:
    for ruling in one.decided:
        yield RulingWhole(
            **_ruling(ruling),
            because=list(ruling.because),
            despite=list(ruling.despite),
            until_because=ruling.until_because,
        )


def _ruling(ruling: Ruling) -> dict[str, Any]:
    return {
        "issue": ruling.issue,
        "decided_for": ruling.outcome,
        "para": ruling.para,
        "holding": ruling.holding,
        "confidence": ruling.confidence,
        "until": ruling.until,
        "example_only": ruling.example_only,
    }
