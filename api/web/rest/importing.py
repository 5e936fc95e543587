"""Matters from a spreadsheet: each row makes or updates the matter under its reference.

Rows that cannot be read say why and hurt no other; sending the same file again changes nothing, also
after a break and after people have worked on the matters. What is in no column stays. What the columns are called is in the vocabulary, which is to be had as CSV too.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.cases.csvrows import (
    CHARSETS,
    CsvRow,
    decoded,
    rows,
)
from api.cases.flat_columns import ignored
from api.cases.flatrows import ABOUT, FlatCase, known_columns
from api.cases.rowmerge import ChangedHere
from api.storage.errors import Conflict, ReferenceTaken
from api.storage.idempotency import Result, known
from api.storage.saving import save
from api.storage.store import Transaction
from api.web.body import Taken, taken
from api.web.calls import (
    Call,
    idempotency_key,
    needs,
    service_of,
)
from api.web.gathering import recording
from api.web.parameters import only
from api.web.problems import (
    Fault,
    Refused,
    fault,
    from_engine,
)
from api.web.rest.flat import laid_over, readable
from api.web.tables import CSV_TOO, csv_response, wants_csv
from engine.assess import Engine
from engine.errors import InputProblems
from engine.facts.vocabulary import CASE

routes = recording(tags=["matters"])
Writes = Annotated[Call, Depends(needs("matters:write"))]
Anyone = Annotated[Call, Depends(needs())]
_IGNORE = "Columns to pass over: names or patterns with * and ?, with commas between"
Ignore = Annotated[str, Query(max_length=2_000, description=_IGNORE, examples=["Notes,Internal*"])]
MOST = 1_000
_TRIES = 3
PART = 50
Numbered = tuple[int, tuple[str, FlatCase]]
CSV = "text/csv"
TAKES = {
    "requestBody": {
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}, "example": "reference,requesting_state\nT-1,AND\n"}},
    }
}


class RowSaid(BaseModel):
    """What came of a row; ``line`` is the line of the file on which it begins."""

    line: int
    status: Literal[200, 201, 409, 422] = Field(description="409: people changed here since what the row now changes")
    change: Literal["created", "updated", "unchanged", "refused"]
    matter: str = ""
    version: int | None = None
    errors: list[Fault] = []


class Imported(BaseModel):
    """What came of a file: as many results as it has rows."""

    created: int
    updated: int
    unchanged: int
    refused: int
    rows: list[RowSaid] = Field(description="In the order of the file")


async def _table(request: Request) -> Taken:
    return await taken(request, service_of(request).settings.max_batch_bytes, (CSV,), tuple(CHARSETS))


@routes.post(
    "/v1/matters:import",
    response_model=Imported,
    dependencies=[Depends(only("ignore"))],
    openapi_extra=TAKES,
    responses=CSV_TOO,
)
def imported(call: Writes, request: Request, body: Annotated[Taken, Depends(_table)], ignore: Ignore = "") -> Response:
    """Make or update up to 1,000 matters from flat rows; the column ``reference`` says which matter a row is of."""
    cases, refused = _read(call.service.engine, body, tuple(one.strip() for one in ignore.split(",") if one.strip()))
    with call.look() as tx:
        again = known(tx, idempotency_key(request))
    kept = [] if again else _kept(call, list(cases.items()))
    said = _counted(sorted([*kept, *refused], key=lambda one: one.line))
    result, _ = call.once(body.raw + ignore.encode(), lambda _: Result(200, said.model_dump_json().encode()))
    if wants_csv(request):
        return csv_response([_flat(one) for one in Imported.model_validate_json(result.body).rows])
    return Response(result.body, result.status, media_type="application/json")


def _kept(call: Call, cases: list[Numbered]) -> list[RowSaid]:
    """Save rows in parts, so that no other writer waits for all; after a break the same file goes on."""
    return [said for start in range(0, len(cases), PART) for said in _part(call, cases[start : start + PART])]


def _part(call: Call, cases: list[Numbered]) -> list[RowSaid]:
    for _ in range(_TRIES):
        try:
            with call.write() as tx:
                return [_saved(tx, call.service.engine, line, *case) for line, case in cases]
        except (Conflict, ReferenceTaken):  # somebody saved one of them meanwhile: look again
            continue
    raise Refused(409, [fault("others keep saving these matters just now", fix="Send it again")])


def _read(
    engine: Engine, body: Taken, ignore: tuple[str, ...]
) -> tuple[dict[int, tuple[str, FlatCase]], list[RowSaid]]:
    """The cases of all rows that can be read by their line, and what is wrong with the others.

    Raises:
        Refused: the file as a whole cannot be read, or its columns are not known.
    """
    try:
        head, found = rows(decoded(body.raw, body.charset))
        passed_over = {name for name in head if name != "reference" and ignored(name, ignore)}
        known_columns([name for name in head if name != "reference" and name not in passed_over], engine.pack)
    except InputProblems as error:
        raise Refused(422, [from_engine(problem) for problem in error.problems]) from None
    if "reference" not in head:
        raise Refused(422, [fault("there is no column 'reference'", pointer="/reference")])
    if len(found) > MOST:
        raise Refused(413, [fault(f"at most {MOST} rows are accepted", fix="Send the file in parts")])
    cases: dict[int, tuple[str, FlatCase]] = {}
    refused, seen = [], set[str]()
    for row in found:
        try:
            cases[row.line] = _case(engine, row, seen, passed_over)
        except Refused as error:
            refused.append(RowSaid(line=row.line, status=422, change="refused", errors=error.faults))
    return cases, refused


def _case(engine: Engine, row: CsvRow, seen: set[str], passed_over: set[str]) -> tuple[str, FlatCase]:
    cells = {name: text for name, text in row.cells.items() if name not in passed_over}
    reference = cells.pop("reference", "")
    if not reference or len(reference) > 200 or reference in seen:
        said = "is there twice in the file" if reference in seen else "is not text of 1 to 200 characters"
        raise Refused(422, [fault(said, pointer="/reference")])
    seen.add(reference)
    return reference, readable(engine, cells)


def _saved(tx: Transaction, engine: Engine, line: int, reference: str, case: FlatCase) -> RowSaid:
    try:
        saved = save(tx, reference, lambda current, sent: laid_over(engine, case, current, sent))
    except InputProblems as error:
        refused = [from_engine(problem) for problem in case.at_names(error.problems)]
        return RowSaid(
            line=line, status=409 if isinstance(error, ChangedHere) else 422, change="refused", errors=refused
        )
    status: Literal[200, 201] = 201 if saved.change == "created" else 200
    return RowSaid(line=line, status=status, change=saved.change, matter=saved.matter, version=saved.version)


def _counted(said: list[RowSaid]) -> Imported:
    count = {name: sum(one.change == name for one in said) for name in ("created", "updated", "unchanged", "refused")}
    return Imported(**count, rows=said)


def _flat(one: RowSaid) -> dict[str, object]:
    errors = "; ".join(f"{each.pointer.lstrip('/')}: {each.detail}. {each.fix}".rstrip(". ") for each in one.errors)
    return {**one.model_dump(exclude={"errors"}), "errors": errors}


@routes.get(
    "/v1/vocabulary.csv",
    response_class=Response,
    dependencies=[Depends(only())],
    responses={200: {"description": "One column name on each line", "content": {CSV: {"schema": {"type": "string"}}}}},
)
def vocabulary(call: Anyone) -> Response:
    """The names of columns, what each asks, and what may be written; ``[0]`` stands for any item of a list."""
    pack = call.service.engine.pack
    named = [{"name": name, "question": "", "type": "text", "values": "", "unit": ""} for name in ("reference", *ABOUT)]
    facts = [
        {
            "name": fact.id if fact.scope == CASE else f"{fact.scope}[0].{fact.id}",
            "question": fact.question,
            "type": fact.type,
            "values": "|".join(fact.values),
            "unit": fact.unit,
        }
        for fact in pack.vocabulary.facts.values()
    ]
    return csv_response([*named, *facts])
