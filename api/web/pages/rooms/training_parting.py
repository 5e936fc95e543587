"""Where reasonings part: one fact changed and the trace rewound, and two cases side by side."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from api.cases.document import finding_at, with_finding
from api.training.cases import TeachingCase, teaching_cases
from api.training.mainline import along
from api.training.rewind import Row, first_contradiction, first_difference, side_by_side, step_to_show
from api.training.sessions import Kept, change_desk, keep_lesson
from api.web.gathering import recording
from api.web.pages.answers import finding_in
from api.web.pages.answers import shown as field_values
from api.web.pages.fields import field_of
from api.web.pages.forms import Fields, Form, checked
from api.web.pages.rooms.training import Trainer, chained
from api.web.pages.training_view import (
    Shown,
    parting_of,
    shown,
    shown_in,
)
from api.web.pages.view import go
from api.web.pages.visit import Visit
from api.web.problems import Refused, fault
from engine.errors import InputProblems, Problem
from engine.facts.values import UNKNOWN
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING, Fact

routes = recording(include_in_schema=False)
Where = tuple[str, str, str]


@routes.get("/training/{session}/change")
def choose(visit: Trainer, session: str, fact: str = "") -> Response:
    """Choose a fact to change, or its other value once it is chosen."""
    return _change(visit, shown(visit, session), fact, [], 200)


def _change(visit: Visit, found: Shown, chosen: str, problems: list[Problem], status: int) -> Response:
    values: dict[str, Any] = {"shown": found, "desk": found.desk, "words": found.words, "chosen": chosen}
    values |= {"problems": problems, "field": None, "used": _used_unknown(found)}
    if chosen:
        where, fact = _where(visit, found, chosen)
        held = field_values(finding_at(found.kept.document, where)).value
        values |= {"field": field_of(visit.speech, fact), "value": held}
    return visit.page("training_change.html", status=status, **values)


def _used_unknown(found: Shown) -> list[tuple[str, str]]:
    """Facts of the case that the trace used without their being entered: name and question."""
    entered = {line.name for line in found.lesson.facts}
    facts = found.pack.vocabulary.facts
    premises = [one for step in found.steps for one in step.premises if one.kind == "fact" and one.name in facts]
    names = dict.fromkeys(one.name for one in premises if one.name not in entered and facts[one.name].scope == CASE)
    law = found.speech.law
    return [(name, law("fact", name, "question", facts[name].question).text) for name in names]


def _where(visit: Visit, found: Shown, chosen: str) -> tuple[Where, Fact]:
    part, item, name = (*chosen.split("/", 2), "", "")[:3]
    fact = visit.service.engine.pack.vocabulary.facts.get(name)
    listed = {(line.part, line.item_id) for line in found.lesson.facts} | {(CASE, "")}
    if fact is None or fact.scope != part or (part, item) not in listed:
        raise Refused(404, [fault("the case has no such fact")])
    return (part, item, name), fact


@routes.post("/training/{session}/change")
def change(visit: Trainer, session: str, form: Fields) -> Response:
    """Give one fact another value, chain anew, and go to the first step that differs."""
    checked(visit, form)
    found = shown(visit, session)
    chosen = form.one("fact")
    where, fact = _where(visit, found, chosen)
    try:
        document = with_finding(found.kept.document, where, _finding(form, fact))
        lesson = chained(visit, document, found.lesson.assessed_on, found.lesson.reading)  # type: ignore[arg-type]
        lesson = along(lesson, found.lesson)
    except KeyError:
        raise Refused(404, [fault("the case has no such fact")]) from None
    except InputProblems as error:
        return _change(visit, found, chosen, list(error.problems), 422)
    with visit.write() as tx:
        keep_lesson(tx, session, "changed", Kept(lesson=lesson, document=document))
        change_desk(tx, session, lambda desk: desk.model_copy(update={"changed": where}))
        first = parting_of(found, shown_in(tx, visit, session, "changed"))
    return go(_where_to(session, first))


def _where_to(session: str, first: Row | None) -> str:
    """The first step that differs, on the side where it fires."""
    if first is None:
        return f"/training/{session}/rewind"
    changed, number = step_to_show(first)
    return f"/training/{session}/step/{number}?{'side=changed' if changed else 'rewound=1'}"


def _finding(form: Form, fact: Fact) -> Any:
    given = [one for one in form.all("value") if one]
    if not given:
        return {"value": UNKNOWN}
    answer = given[-1] if fact.type in ("yes_no", "choice") else "value"
    fields = [("answer", answer), ("standing", "established"), *(("value", one) for one in given)]
    return finding_in(Form(fields), fact)


@routes.get("/training/{session}/rewind")
def rewind(visit: Trainer, session: str) -> Response:
    """The trace before and after the change, side by side."""
    found = shown(visit, session)
    if found.desk.changed is None:
        return go(f"/training/{session}/change")
    other = shown(visit, session, "changed")
    rows = side_by_side(found.steps, other.steps)
    fact = found.pack.vocabulary.facts[found.desk.changed[2]]
    lines = [next((one for one in side.lesson.facts if _is(one, found.desk.changed)), None) for side in (found, other)]
    values: dict[str, Any] = {
        "rows": rows,
        "lit": first_difference(rows),
        "fact": field_of(visit.speech, fact),
        "lines": lines,
    }
    return visit.page("training_beside.html", shown=found, other=other, words=found.words, change=True, **values)


def _is(line: Any, where: Where) -> bool:
    return (line.part, line.item_id, line.name) == where


@routes.get("/training/{session}/beside")
def beside(visit: Trainer, session: str) -> Response:
    """A second case beside that of the session: choose it, or see where they part."""
    found = shown(visit, session)
    cases = _nearest(found, list(teaching_cases(visit.service.settings).values()))
    values: dict[str, Any] = {"shown": found, "words": found.words, "cases": cases, "change": False, "other": None}
    if found.desk.beside:
        other = shown(visit, session, "beside")
        rows = side_by_side(found.steps, other.steps)
        values |= {"other": other, "rows": rows, "lit": first_contradiction(rows)}
    return visit.page("training_beside.html", **values)


def _nearest(found: Shown, cases: list[TeachingCase]) -> tuple[list[TeachingCase], list[TeachingCase]]:
    """The other cases: those between the same two States, and the rest."""
    others = [one for one in cases if one.id != found.desk.decided]
    same = [one for one in others if _pair(one) == found.lesson.states]
    return same, [one for one in others if one not in same]


def _pair(case: TeachingCase) -> tuple[str, str]:
    facts = case.document.get("facts", {})
    said = [facts.get(name) for name in (REQUESTING, REQUESTED)]
    plain = [one.get("value") if isinstance(one, dict) else one for one in said]
    return str(plain[0] or ""), str(plain[1] or "")


@routes.post("/training/{session}/beside")
def put_beside(visit: Trainer, session: str, form: Fields) -> Response:
    """Put a second case beside the session's own."""
    checked(visit, form)
    case = teaching_cases(visit.service.settings).get(form.one("case"))
    if case is None:
        raise Refused(422, [fault("choose a case")])
    lesson = chained(visit, case.document, case.on, case.reading)
    with visit.write() as tx:
        keep_lesson(tx, session, "beside", Kept(lesson=lesson, document=case.document))
        change_desk(tx, session, lambda desk: desk.model_copy(update={"beside": case.title}))
    return go(f"/training/{session}/beside#parting")
