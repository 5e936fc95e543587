"""Lists of a case (offences, promises, steps of a procedure) and its exhibits."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.cases.document import (
    with_empty_list,
    with_exhibit,
    with_item,
    with_title,
    without_exhibit,
    without_item,
)
from api.web.gathering import recording
from api.web.pages.fields import field_of
from api.web.pages.forms import Fields, Form, checked
from api.web.pages.open_matter import OpenMatter, open_matter, save
from api.web.pages.view import go
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused
from engine.errors import InputProblems, Problem
from engine.facts.vocabulary import Part

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]
Writer = Annotated[Visit, Depends(visitor("matters:write"))]


@routes.get("/matters/{matter}/lists/{part}")
def listed(visit: Reader, matter: str, part: str) -> Response:
    """The items of a list, with their questions."""
    return _list(visit, open_matter(visit, matter), part, [])


@routes.post("/matters/{matter}/lists/{part}")
def change(visit: Writer, matter: str, part: str, form: Fields) -> Response:
    """Add, rename or take out an item, or say that there are none."""
    checked(visit, form)
    spec = _part(visit, part)
    act, title, item = form.one("act"), form.one("title"), form.one("item")
    changes = {
        "add": lambda document: with_item(document, part, spec.item, title, **_dated(spec, form)),
        "rename": lambda document: with_title(document, part, item, title),
        "remove": lambda document: without_item(document, part, item),
        "none": lambda document: with_empty_list(document, part),
    }
    if act not in changes:
        raise Refused(400)
    try:
        if act in ("add", "rename") and not title:
            raise InputProblems([Problem("give it a title", pointer="/title")])
        if act == "add" and spec.dated_by and not form.one("dated"):
            raise InputProblems([Problem("give it its date", pointer="/dated")])
        save(visit, matter, changes[act], form)
    except InputProblems as error:
        return _list(visit, open_matter(visit, matter), part, [one.quiet() for one in error.problems])
    return go(f"/matters/{matter}/lists/{part}")


@routes.get("/matters/{matter}/exhibits")
def exhibits(visit: Reader, matter: str) -> Response:
    """The exhibits of the file."""
    return visit.page("exhibits.html", matter=open_matter(visit, matter), problems=[])


@routes.post("/matters/{matter}/exhibits")
def change_exhibits(visit: Writer, matter: str, form: Fields) -> Response:
    """Add, describe anew or take out an exhibit."""
    checked(visit, form)
    try:
        if form.one("act") == "remove":
            save(visit, matter, lambda document: without_exhibit(document, form.one("name")), form)
        else:
            if not form.one("title"):
                raise InputProblems([Problem("give it a title", pointer="/title")])
            exhibit: dict[str, Any] = {name: form.one(name) or None for name in ("title", "author", "dated")}
            exhibit["official"] = True if form.one("official") else None
            save(visit, matter, lambda document: with_exhibit(document, exhibit, form.one("name")), form)
    except InputProblems as error:
        held = open_matter(visit, matter)
        return visit.page("exhibits.html", status=422, matter=held, problems=[one.quiet() for one in error.problems])
    return go(f"/matters/{matter}/exhibits")


def _list(visit: Visit, held: OpenMatter, part: str, problems: list[Problem]) -> Response:
    spec = _part(visit, part)
    facts = held.engine.pack.vocabulary.of_scope(part)
    fields = [field_of(visit.speech, fact) for fact in facts]
    asked = {one.name for one in held.asked}
    values = {"part": spec, "fields": fields, "asked": asked, "problems": problems}
    return visit.page("list.html", status=422 if problems else 200, matter=held, **values)


def _dated(spec: Part, form: Form) -> dict[str, str]:
    """The date of an item whose list is ordered by date."""
    return {spec.dated_by: form.one("dated")} if spec.dated_by else {}


def _part(visit: Visit, part: str) -> Part:
    spec = visit.service.engine.pack.vocabulary.parts.get(part)
    if spec is None:
        raise Refused(404)
    return spec
