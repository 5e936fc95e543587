"""What if: other values on a scratch copy, with what they would change lit. Only an explicit button saves them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.web.gathering import recording
from api.web.pages.forms import Fields, Form, checked
from api.web.pages.open_matter import OpenMatter, open_matter, save
from api.web.pages.scratch import (
    Tried,
    WouldReplace,
    choices,
    copy_of,
    replacing,
    side_by_side,
    telling,
    tried_in,
    with_tried,
)
from api.web.pages.view import go
from api.web.pages.visit import Visit, visitor
from engine.errors import InputProblems

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]
Writer = Annotated[Visit, Depends(visitor("matters:write"))]


@routes.get("/matters/{matter}/whatif")
def begin(visit: Reader, matter: str) -> Response:
    """The latest facts, with nothing tried yet."""
    return _page(visit, open_matter(visit, matter), [])


@routes.post("/matters/{matter}/whatif")
def tried(visit: Reader, matter: str, form: Fields) -> Response:
    """What the values of the form would change. Nothing is stored."""
    checked(visit, form)
    held = open_matter(visit, matter)
    try:
        values = tried_in(held, form, visit.speech)
        return _page(visit, held, values, copy_of(held, values))
    except InputProblems as error:
        return _refused(visit, held, form, error)


@routes.post("/matters/{matter}/whatif/save")
def saved(visit: Writer, matter: str, form: Fields) -> Response:
    """Make the values the next version of the facts, because the visitor said so.

    What they would replace is shown first: whatever was answered since they were tried, and whatever has a
    standing, an exhibit or a note that a tried value has not.
    """
    checked(visit, form)
    held = open_matter(visit, matter)
    try:
        values = tried_in(held, form, visit.speech)
        save(visit, matter, lambda document: with_tried(document, values, replacing(form, held.version)), held=held)
    except WouldReplace as found:
        now = open_matter(visit, matter)
        return _page(visit, now, values, copy_of(now, values), status=412, replaced=found.answers)
    except InputProblems as error:
        return _refused(visit, held, form, error)
    return go(f"/matters/{matter}/history")


def _refused(visit: Visit, held: OpenMatter, form: Form, error: InputProblems) -> Response:
    """The same facts with empty fields, and what is wrong."""
    fields = [("at", key) for key in [*form.all("at"), form.one("more")]]
    emptied = tried_in(held, Form(fields), visit.speech)
    return _page(visit, held, emptied, status=422, problems=error.problems)


def _page(
    visit: Visit, held: OpenMatter, values: list[Tried], other: OpenMatter | None = None, **more: Any
) -> Response:
    beside = side_by_side(held, other, visit.speech) if other is not None and values else []
    said: dict[str, Any] = {
        "matter": held,
        "tried": values,
        "other": other if values else None,
        "differing": [one for one in beside if one.differs],
        "alike": [one for one in beside if not one.differs],
        "telling": telling(held, visit.speech),
        "choices": choices(held, visit.speech),
        "problems": [],
        "replaced": {},
    }
    return visit.page("whatif.html", **{**said, **more})
