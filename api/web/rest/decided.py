"""Decided cases: what tribunals held, what the rules give on the same facts, and which grounds drive it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Path
from pydantic import BaseModel, Field

from api.law.conformity import Line
from api.law.decided import NoDecidedCases
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.parameters import only
from api.web.problems import Refused, fault
from engine.facts.values import nearest
from engine.facts.vocabulary import Review

routes = recording(tags=["decided cases"])
Anyone = Annotated[Call, Depends(needs())]


class DecidedShown(BaseModel):
    """A decided case in one line."""

    id: str
    case: str
    authority: str
    on: date
    coded: str = Field(description="The outcome that the decision is coded as")
    obtained: str = Field(description="The outcome that the rules give")
    verdict: Literal["reproduced", "explained", "differs"]
    review: Review = Field(description="How far the weakest source behind it was checked")


class DecidedWhole(DecidedShown):
    """A decided case with every coded result beside what came out."""

    group: str
    route: str
    label: str
    expected: dict[str, str]
    statuses: dict[str, str] = Field(description="What came out for each criterion that a coded result names")
    driven_by: list[str] = Field(description="Criteria that drive the outcome")
    left_open: list[str]
    differences: list[str]
    needs_findings: list[str] = Field(description="Results that need an evaluation of the tribunal as a finding")
    explanation: str
    note: str


class DecidedList(BaseModel):
    """All decided cases, with the figures of the table."""

    decided: list[DecidedShown]
    summary: str
    reach: str


@routes.get("/v1/decided-cases", dependencies=[Depends(only())])
def listed(call: Anyone) -> DecidedList:
    """Decided cases: expected, obtained, how far the sources were checked."""
    lines, table = _lines(call), call.service.decided.table()
    return DecidedList(
        decided=[DecidedShown(**_plain(name, line)) for name, line in lines.items()],
        summary=table.summary(),
        reach=table.reach(),
    )


@routes.get("/v1/decided-cases/{id}", dependencies=[Depends(only())])
def one(
    call: Anyone, name: Annotated[str, Path(alias="id", description="Id of a decided case", max_length=80)]
) -> DecidedWhole:
    """One decided case, result by result."""
    lines = _lines(call)
    if name not in lines:
        near = nearest(name, lines)
        raise Refused(404, [fault("there is no such decided case", fix=f"Did you mean '{near}'?" if near else "")])
    return DecidedWhole(**_plain(name, lines[name]))


def _lines(call: Call) -> dict[str, Line]:
    try:
        return call.service.decided.lines()
    except NoDecidedCases:
        raise Refused(404, [fault("no decided cases go with the law content in use")]) from None


def _plain(name: str, line: Line) -> dict[str, object]:
    return {"id": name, **asdict(line)}
