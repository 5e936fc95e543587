"""The memo: for whom, how authorities are cited, in which language and format; and the file itself."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends
from starlette.responses import Response

from api.documents.memo.citations import Style
from api.service.papers import (
    Format,
    Profile,
    Wanted,
    memo_file,
)
from api.web.gathering import recording
from api.web.pages.record import Record, record_of
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]


@routes.get("/matters/{matter}/memo")
def choose(visit: Reader, matter: str, assessment: str = "") -> Response:
    """What memo is wanted."""
    record = record_of(visit, matter, assessment)
    if not isinstance(record, Record):
        return visit.page("unassessed.html", matter=record, at="/memo")
    return visit.page("memo.html", matter=record, record=record, answer=record.answer, chosen=assessment)


@routes.get("/matters/{matter}/memo/file")
def file(
    visit: Reader,
    matter: str,
    *,
    assessment: str = "",
    profile: Profile = "neutral",
    style: Style = "court",
    language: Literal["en", "uk", "ru"] = "en",
    form: Format = "docx",
) -> Response:
    """The memo to take away; its name tells nothing."""
    record = record_of(visit, matter, assessment)
    if not isinstance(record, Record):
        raise Refused(404)
    wanted = Wanted(form, profile, style, language)
    made, media = memo_file(visit.service, record.kept, wanted, whose=visit.session.workspace)
    return Response(made, headers={"content-disposition": f'attachment; filename="memo.{form}"'}, media_type=media)
