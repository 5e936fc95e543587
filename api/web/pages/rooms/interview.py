"""The interview: themes with their state, one question a page, and the answers to check at the end.

A question can be answered, skipped and answered anew in any order. Each answer is saved as the next
version of the facts; two people who answer different questions do not disturb each other.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends
from starlette.responses import JSONResponse, Response

from api.cases.asked import Asked
from api.cases.document import (
    Case_,
    NoSuchItem,
    Where,
    finding_at,
    with_finding,
)
from api.documents.language.retelling import retold
from api.web.gathering import recording
from api.web.pages.answers import Shown, finding_in, shown
from api.web.pages.fields import field_of
from api.web.pages.forms import Fields, Form, checked
from api.web.pages.open_matter import OpenMatter, open_matter, save
from api.web.pages.themes import sections, theme_states, why_asked
from api.web.pages.view import go
from api.web.pages.visit import Visit, visitor
from api.web.problems import Refused
from engine.errors import InputProblems, Problem
from engine.facts.vocabulary import CASE, Fact

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor("matters:read"))]
Writer = Annotated[Visit, Depends(visitor("matters:write"))]


class AnotherAnswer(Exception):
    """Somebody else has answered the question since the form was made."""

    def __init__(self, finding: Any) -> None:
        super().__init__("somebody else has answered it")
        self.finding = finding


@routes.get("/matters/{matter}/interview")
def overview(visit: Reader, matter: str) -> Response:
    """The themes, what is answered in each and what is left."""
    held = open_matter(visit, matter)
    return visit.page("interview.html", matter=held, themes=theme_states(held, visit.speech))


@routes.get("/matters/{matter}/next")
def following(visit: Reader, matter: str, after: str = "", theme: str = "") -> Response:
    """The next question still worth asking, behind the one that was left for later."""
    return go(_following(open_matter(visit, matter), after, theme))


def _following(held: OpenMatter, after: str, theme: str) -> str:
    waiting = [one for one in held.asked if not theme or (one.fact is not None and one.fact.theme == theme)]
    names = [key_of(one) for one in waiting]
    start = names.index(after) + 1 if after in names else 0
    if start < len(waiting):
        return address_of(held.id, waiting[start], theme)
    return f"/matters/{held.id}/interview" if theme else f"/matters/{held.id}/answers"


@routes.get("/matters/{matter}/ask/{fact}")
def question(visit: Reader, matter: str, fact: str, *, item: str = "", theme: str = "", back: str = "") -> Response:
    """One question."""
    held = open_matter(visit, matter)
    where = _where(held, fact, item)
    return _question(visit, held, where, shown(finding_at(held.document, where)), {"theme": theme, "back": back})


@routes.post("/matters/{matter}/ask/{fact}")
def answer(visit: Writer, matter: str, fact: str, form: Fields, item: str = "") -> Response:
    """Save an answer, and go on to where the visitor was going."""
    checked(visit, form)
    held = open_matter(visit, matter)
    where = _where(held, fact, item)
    spec = held.engine.pack.vocabulary.facts[fact]
    on_the_way = {"theme": form.one("theme"), "back": form.one("back")}
    try:
        finding = finding_in(form, spec)
        before = _as_the_form_knew_it(visit, held, where, form)

        def change(document: Case_) -> Case_:
            now = finding_at(document, where)
            if before is not None and now is not None and now not in (before[0], finding):
                raise AnotherAnswer(now)
            return with_finding(document, where, finding)

        saved = save(visit, matter, change, held=held)
    except AnotherAnswer as other:
        now = open_matter(visit, matter)
        return _question(visit, now, where, shown(finding), on_the_way, status=412, other=shown(other.finding))
    except InputProblems as error:
        return _refused(visit, held, where, form, found=list(error.problems), on_the_way=on_the_way)
    return _stay(visit, saved) if form.one("stay") else _onward(saved, key_of_where(where), on_the_way)


@routes.get("/matters/{matter}/answers")
def answers(visit: Reader, matter: str) -> Response:
    """All answers, by theme, to check and to change."""
    held = open_matter(visit, matter)
    return visit.page("answers.html", matter=held, sections=sections(held, visit.speech))


def key_of(asked: Asked) -> str:
    """A question's name in an address."""
    return key_of_where(asked.name)


def key_of_where(where: Where) -> str:
    """The same, by where the fact stands."""
    return ":".join(where)


def address_of(matter: str, asked: Asked, theme: str = "") -> str:
    """Where a question is asked."""
    if asked.fact is None:
        return f"/matters/{matter}/lists/{asked.part}"
    query = [f"item={quote(asked.item, safe='')}"] if asked.item else []
    query += [f"theme={theme}"] if theme else []
    return f"/matters/{matter}/ask/{asked.fact.id}" + (f"?{'&'.join(query)}" if query else "")


def _where(held: OpenMatter, fact: str, item: str) -> Where:
    spec = held.engine.pack.vocabulary.facts.get(fact)
    known = spec is not None and (
        (spec.scope == CASE and not item) or any(one.id == item for one in held.case.items.get(spec.scope, ()))
    )
    if spec is not None and spec.scope != CASE and item and not known:
        raise NoSuchItem(spec.scope, item)
    if spec is None or not known:
        raise Refused(404)
    return spec.scope, item, fact


def _question(
    visit: Visit, held: OpenMatter, where: Where, fields: Shown, on_the_way: dict[str, str], **more: Any
) -> Response:
    spec: Fact = held.engine.pack.vocabulary.facts[where[2]]
    items = held.case.items.get(where[0], ())
    values: dict[str, Any] = {
        "matter": held,
        "field": field_of(visit.speech, spec),
        "held": fields,
        "about": next((one.title or one.id for one in items if one.id == where[1]), ""),
        "item": where[1],
        "key": key_of_where(where),
        "why": why_asked(held, where, visit.speech),
        "problems": [],
        "other": None,
        **on_the_way,
        **more,
    }
    return visit.page("question.html", **values)


def _refused(
    visit: Visit, held: OpenMatter, where: Where, form: Form, *, found: list[Problem], on_the_way: dict[str, str]
) -> Response:
    """The same page with what was typed and what is wrong with it."""
    typed = Shown(
        {"": "", "unknown": "unknown", "disputed": "disputed"}.get(form.one("answer"), "value"),
        form.one("value") or form.one("answer"),
        form.one("person"),
        form.one("state"),
        form.one("standing") or "asserted",
        form.one("by"),
        {name: form.one(f"page-{name}") for name in form.all("exhibit")},
        form.one("note"),
    )
    if form.one("stay"):
        pack = visit.service.engine.pack
        return JSONResponse({"problems": [retold(visit.speech, pack, one.message).text for one in found]}, 422)
    return _question(visit, held, where, typed, on_the_way, status=422, problems=found)


def _as_the_form_knew_it(visit: Visit, held: OpenMatter, where: Where, form: Form) -> tuple[Any] | None:
    """The finding in the version from which the form was made; None if it does not say from which."""
    base = form.one("version")
    if not base.isdecimal() or int(base) > held.version:
        return None
    known = held if int(base) == held.version else open_matter(visit, held.id, int(base))
    return (finding_at(known.document, where),)


def _stay(visit: Visit, saved: OpenMatter) -> Response:
    """For the script that saves while one types: the new version, and where the case stands."""
    said = visit.page("standing.html", matter=saved)
    return JSONResponse({"version": saved.version, "standing": bytes(said.body).decode()})


def _onward(saved: OpenMatter, key: str, on_the_way: dict[str, str]) -> Response:
    """To where the visitor came from, or to the next question at once."""
    if on_the_way["back"] == "answers":
        return go(f"/matters/{saved.id}/answers#{key}")
    return go(_following(saved, key, on_the_way["theme"]))
