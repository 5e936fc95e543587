"""The desk: the matters of the workspace with where each stands, and the short intake of a new one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.cases.document import Case_, with_finding, with_item
from api.storage.errors import ReferenceTaken
from api.storage.finding import newest_matters
from api.storage.matters import create_matter
from api.storage.summaries import standing_of, summaries
from api.web.gathering import recording
from api.web.pages.answers import finding_in, shown
from api.web.pages.fields import field_of
from api.web.pages.forms import Fields, Form, checked, once
from api.web.pages.open_matter import OpenMatter
from api.web.pages.sought import sealed_word, word_in
from api.web.pages.view import go
from api.web.pages.visit import Visit, visitor
from api.web.paging import Pages
from engine.assess import Engine
from engine.errors import InputProblems, Problem
from engine.facts.values import BadValue, parse_date
from engine.facts.vocabulary import CASE, Fact

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor())]
Writer = Annotated[Visit, Depends(visitor("matters:write"))]
Searcher = Annotated[Visit, Depends(visitor("matters:read"))]
SHOWN = 200
_LONGEST = 200
#: How many facts of the first theme the intake asks for besides the two States.
_FIRST_THEME = 7


@routes.get("/")
def desk(visit: Reader, found: str = "", after: str = "") -> Response:
    """All matters, last changed first, page by page; those who may read none are led to where they may go."""
    if not visit.may("matters:read"):
        return go("/training" if visit.may("training:run") else "/you")
    return _desk(visit, found, after)


@routes.post("/")
def search(visit: Searcher, form: Fields) -> Response:
    """Look for those whose reference has a part, which the browser keeps neither in an address nor of a form."""
    checked(visit, form)
    with visit.look() as tx:
        return go(f"/?found={sealed_word(tx, form.one('q')[:_LONGEST])}")


def _desk(visit: Visit, sought: str, cursor: str) -> Response:
    with visit.look() as tx:
        q, pages = word_in(tx, sought), Pages(tx, "desk")
        after = pages.read(cursor, 2) if cursor else None
        found = newest_matters(tx, q, (after[0], after[1]) if after else None, SHOWN)
        following = pages.sign(*found.after) if found.after else ""
        standing = standing_of(tx, [one.id for one in found.matters])
        lines = summaries(tx, [one.assessment for one in standing.values()])
    rows = [
        (one, lines[stands.assessment], stands.version != one.version)
        if (stands := standing.get(one.id))
        else (one, None, False)
        for one in found.matters
    ]
    places: dict[str, Any] = {"sought": sought if q else "", "following": following, "begun": bool(cursor)}
    places["looked_until"] = date.fromisoformat(found.looked_until[:10]) if found.looked_until else None
    return visit.page("desk.html", rows=rows, q=q, today=_today(), **places)


@routes.get("/matters/new")
def intake(visit: Writer) -> Response:
    """A short intake: reference, date, the request, the offences."""
    return _intake(visit, Form([]), [], 200)


@routes.post("/matters/new")
def make(visit: Writer, form: Fields) -> Response:
    """Make a matter of the intake."""
    checked(visit, form)
    engine = visit.service.engine
    try:
        document = _document(engine, form)
        OpenMatter(engine, "", "", 1, document).require_sound()
        made = once(visit, form, lambda tx: create_matter(tx, form.one("reference"), document).id)
    except InputProblems as error:
        return _intake(visit, form, list(error.problems), 422)
    except ReferenceTaken:
        return _intake(visit, form, [Problem("another matter has this reference", pointer="/reference")], 409)
    return go(f"/matters/{made}/relations")


def _intake(visit: Visit, form: Form, problems: list[Problem], status: int) -> Response:
    facts = asked_at_intake(visit.service.engine)
    fields = [(field_of(visit.speech, fact), shown(_or_none(form, fact)).value) for fact in facts]
    values: dict[str, Any] = {"fields": fields, "form": form, "problems": problems, "today": _today()}
    part = next((one for one in visit.service.engine.pack.vocabulary.parts.values() if one.needs_items), None)
    return visit.page("intake.html", status=status, part=part, **values)


def asked_at_intake(engine: Engine) -> list[Fact]:
    """The first facts of the first theme: who asks whom, for whom, for what."""
    vocabulary = engine.pack.vocabulary
    first = min(vocabulary.themes.values(), key=lambda theme: theme.order).id
    facts = [fact for fact in vocabulary.of_scope(CASE) if fact.theme == first]
    return [fact for fact in facts if fact.type in ("state", "states", "choice")][:_FIRST_THEME]


def _document(engine: Engine, form: Form) -> Case_:
    problems = [] if form.one("reference") else [Problem("give the matter a reference", pointer="/reference")]
    try:
        day = parse_date(form.one("assessed_on")).isoformat()
    except BadValue:
        day, problems = "", [*problems, Problem("this is not a date", pointer="/assessed_on")]
    document: Case_ = {"case": form.one("reference"), "assessed_on": day, "facts": {}}
    for fact in asked_at_intake(engine):
        try:
            document = with_finding(document, (CASE, "", fact.id), finding_in(_field(form, fact), fact))
        except InputProblems as error:
            problems += [Problem(one.message, pointer=f"/{fact.id}", fix=one.fix) for one in error.problems]
    for part in engine.pack.vocabulary.parts.values():
        for title in form.one(f"list-{part.id}").splitlines():
            document = with_item(document, part.id, part.item, title.strip()) if title.strip() else document
    if problems:
        raise InputProblems(problems)
    return document


def _or_none(form: Form, fact: Fact) -> Any:
    try:
        return finding_in(_field(form, fact), fact)
    except InputProblems:
        return None


def _field(form: Form, fact: Fact) -> Form:
    """The fields of one fact as a question page would send them."""
    given = form.all(fact.id)
    if not any(given):
        return Form([])
    answer = given[-1] if fact.type in ("yes_no", "choice") else "value"
    return Form([("answer", answer), ("standing", "established"), *(("value", one) for one in given)])


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
