"""Other facts for a case: ``fact=value`` and ``counts[fraud].fact=value`` made into a changed copy.

The value is written as in a case file: yes, no, a word, several with commas between, a number, a
date, a State; ``unknown`` takes the fact out. All faults are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from api.cases.replies import ambiguous
from api.cases.states import code_in
from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.casefile import Case, Finding
from engine.facts.formernames import Former, FormerNames
from engine.facts.values import UNKNOWN, BadValue, hint, parse
from engine.facts.vocabulary import CASE, Fact

_FORM = re.compile(r"(?s)^\s*(?:([a-z_]+)\[(.*)\]\.)?([A-Za-z0-9_]+)\s*=(.*)$")


@dataclass(frozen=True)
class Change:
    """A fact with its new finding, for the case or for one item; no finding takes it out."""

    fact: Fact
    item: str
    finding: Finding | None


def changed(case: Case, pack: Pack, wanted: Iterable[str], source: str) -> Case:
    """A copy of the case with other facts.

    Raises:
        InputProblems: every change that cannot be made; ``source`` says where they were given.
    """
    problems: list[Problem] = []
    for text in wanted:
        try:
            for change in _read(text, case, pack):
                case = _without_source(_applied(case, change), change, pack)
        except _Refused as error:
            problems.append(Problem(error.message, f"{source} {text}", fix=error.fix))
    if problems:
        raise InputProblems(problems)
    return case


class _Refused(ValueError):
    def __init__(self, message: str, fix: str = "") -> None:
        self.message, self.fix = message, fix


def _read(text: str, case: Case, pack: Pack) -> list[Change]:
    found = _FORM.match(text)
    if not found:
        raise _Refused("is not fact=value", "For an item of a list: counts[id].fact=value")
    part, item, name, value = found[1] or CASE, found[2] or "", found[3], found[4].strip()
    former = FormerNames(pack.vocabulary).of(name, part)
    fact = former[0].fact if former else _fact(name, part, pack)
    if part != CASE:
        known = [one.id for one in case.items.get(part, ())]
        if item not in known:
            raise _Refused(f"the case lists no '{item}' among its {part}", hint(item, known))
    if former:
        return _of_former(former, item, value)
    return [Change(fact, item, finding_of(fact, value))]


def _fact(name: str, part: str, pack: Pack) -> Fact:
    fact = pack.vocabulary.facts.get(name)
    if part != CASE and part not in pack.vocabulary.parts:
        raise _Refused(f"'{part}' is not a list of the case", hint(part, pack.vocabulary.parts))
    if fact is None:
        raise _Refused(f"'{name}' is not a fact of the vocabulary", hint(name, pack.vocabulary.facts))
    if fact.scope != part:
        right = name if fact.scope == CASE else f"{fact.scope}[id].{name}"
        raise _Refused(f"'{name}' does not belong there", f"Write {right}=…")
    return fact


def _of_former(formers: Sequence[Former], item: str, text: str) -> list[Change]:
    """The changes of present facts that an answer under a former name stands for."""
    raw = [word.strip() for word in text.strip("[] ").split(",")] if "," in text else text
    answers = [(former.fact, former.answer(raw)) for former in formers]
    meant = [(fact, answer) for fact, answer in answers if answer != UNKNOWN or text == UNKNOWN]
    if not meant:
        names = ", ".join(fact.id for fact, _ in answers)
        raise _Refused(f"'{text[:40]}' under a former name of {names} does not answer it", answers[0][0].question)
    said = [(fact, ",".join(answer) if isinstance(answer, list) else _text(answer)) for fact, answer in meant]
    return [Change(fact, item, finding_of(fact, words)) for fact, words in said]


def _text(answer: Any) -> str:
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)


def finding_of(fact: Fact, text: str) -> Finding | None:
    """The finding that a written value stands for; None for unknown."""
    if text == UNKNOWN:
        return None
    try:
        return Finding(value=parse(fact, plain_value(fact, text)), by="what if")
    except BadValue as error:
        raise _Refused(str(error)) from None


def plain_value(fact: Fact, text: str) -> Any:
    """What a case file would hold for a value that was typed."""
    if fact.type in ("set", "states"):
        listed = text.strip("[] ")
        if listed in ("", "none") and "none" not in fact.values:
            return []
        words = [word.strip() for word in listed.split(",")]
        return [code_in(word) for word in words] if fact.type == "states" else words
    if fact.type == "state":
        return code_in(text)
    if fact.type != "number" or ambiguous(text):
        return text
    try:
        return int(text) if re.fullmatch(r"[-+]?\d{1,15}", text) else float(text)
    except ValueError:
        return text


def _applied(case: Case, change: Change) -> Case:
    if change.fact.scope == CASE:
        return case.model_copy(update={"findings": _with(case.findings, change)})
    items = tuple(
        item if item.id != change.item else item.model_copy(update={"findings": _with(item.findings, change)})
        for item in case.items[change.fact.scope]
    )
    return case.model_copy(update={"items": {**case.items, change.fact.scope: items}})


def _without_source(case: Case, change: Change, pack: Pack) -> Case:
    """A value that otherwise follows from the latest item of a list stands alone: the list is left out."""
    source = pack.vocabulary.facts.get(change.fact.from_latest)
    if source is None or change.finding is None:
        return case
    return case.model_copy(
        update={"items": {part: items for part, items in case.items.items() if part != source.scope}}
    )


def _with(findings: dict[str, Finding], change: Change) -> dict[str, Finding]:
    rest = {name: finding for name, finding in findings.items() if name != change.fact.id}
    return rest if change.finding is None else {**rest, change.fact.id: change.finding}
