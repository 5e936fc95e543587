"""From the fields of a question to a finding, and back to what the fields show.

A field's answer is a value, *not known*, or *disputed*; a disputed one has what each side says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.cases.replies import NotUnderstood, number_typed
from api.cases.states import state_of, states_of
from api.web.pages.forms import Form
from engine.errors import InputProblems, Problem
from engine.facts.values import UNKNOWN
from engine.facts.vocabulary import Fact

DISPUTED = "disputed"
NONE = "none-of-these"


@dataclass(frozen=True)
class Shown:
    """What the fields of a question show."""

    answer: str  # "", "unknown", "disputed", or "value"
    value: Any = None
    person: Any = None
    state: Any = None
    standing: str = "asserted"
    by: str = ""
    exhibits: dict[str, str] | None = None
    note: str = ""


def shown(finding: Any) -> Shown:
    """The fields for a finding as it is written in a case."""
    if finding is None:
        return Shown("")
    if not isinstance(finding, dict):
        return Shown("unknown" if finding == UNKNOWN else "value", _plain(finding))
    sides = {side: _plain(finding.get(side)) for side in ("value", "person", "state")}
    disputed = finding.get("standing") == DISPUTED
    answer = DISPUTED if disputed else "unknown" if finding.get("value") == UNKNOWN else "value"
    return Shown(
        answer,
        **sides,
        standing=finding.get("standing", "asserted"),
        by=finding.get("by", ""),
        exhibits=dict(_reference(one) for one in finding.get("exhibits", [])),
        note=finding.get("note", ""),
    )


def finding_in(form: Form, fact: Fact) -> Any:
    """The finding that a form's fields make; None if nothing was answered.

    Raises:
        InputProblems: a field cannot be read; the pointer names the field.
    """
    answer = form.one("answer")
    if not answer:
        return None
    finding: dict[str, Any]
    if answer == DISPUTED:
        sides = {side: value_in(form, fact, side) for side in ("person", "state")}
        finding = {
            "standing": DISPUTED,
            **_by(form),
            **{side: UNKNOWN if value is None else value for side, value in sides.items()},
        }
    else:
        value = None if answer == UNKNOWN else value_in(form, fact, "value", answer)
        finding = {"value": UNKNOWN if value is None else value, **_standing(form)}
    exhibits = _exhibits(form)
    return {
        **finding,
        **({"exhibits": exhibits} if exhibits else {}),
        **({"note": form.one("note")} if form.one("note") else {}),
    }


def _standing(form: Form) -> dict[str, str]:
    standing = "established" if form.one("standing") == "established" else "asserted"
    return {"standing": standing, **_by(form)}


def _by(form: Form) -> dict[str, str]:
    return {"by": form.one("by")} if form.one("by") else {}


def _exhibits(form: Form) -> list[Any]:
    pages = {name: form.one(f"page-{name}") for name in form.all("exhibit")}
    return [
        {"id": name, "page": int(page) if page.isdecimal() else page} if page else name for name, page in pages.items()
    ]


def value_in(form: Form, fact: Fact, field: str, answer: str = "") -> Any:
    """A value as a case file writes it; None when the field is empty."""
    if fact.type in ("yes_no", "choice"):
        return (answer if field == "value" else form.one(field)) or None
    if fact.type == "set":
        picked = form.all(field)
        return [] if NONE in picked else picked or None
    text = form.one(field)
    if not text:
        return None
    return _typed(fact, text, field)


def _typed(fact: Fact, text: str, field: str) -> Any:
    if fact.type == "number":
        try:
            number = number_typed(text)
        except NotUnderstood as error:
            raise InputProblems([Problem(str(error), pointer=f"/{field}")]) from None
        if number is None:
            raise InputProblems([Problem("this is not a number", pointer=f"/{field}")])
        return number
    if fact.type == "state":
        return state_of(text, field)
    if fact.type == "states":
        return states_of(text, field)
    return text


def _reference(exhibit: Any) -> tuple[str, str]:
    return (str(exhibit["id"]), str(exhibit.get("page") or "")) if isinstance(exhibit, dict) else (str(exhibit), "")


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value == UNKNOWN else value
