"""Case files: read against the vocabulary of one pack.

The model of a file is generated from the vocabulary: one optional field for each fact, one list for
each part. Every fault is found at once and said with file, line and JSON pointer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from engine.content.documents import Document, Path_, pointer_of
from engine.content.models import Pack, Variant
from engine.errors import InputProblems, Problem
from engine.facts.casemodel import (
    Case,
    Exhibit,
    ExhibitRef,
    Finding,
    Item,
    Side,
    Standing,
    Strict,
    agreed,
)
from engine.facts.formernames import FormerNames
from engine.facts.quickread import QuickReader
from engine.facts.schema import fact_schema, strict_date
from engine.facts.values import UNKNOWN, BadValue, Value, hint, parse
from engine.facts.vocabulary import CASE, Fact, Part, Vocabulary

__all__ = ["Case", "CaseReader", "Exhibit", "ExhibitRef", "Finding", "Item", "Side", "Standing", "pointer"]


#: Faults that are explained at once; the nearest known name takes a millisecond each.
MOST_PROBLEMS = 100
#: Items that one list may hold, as in a batch. An indictment of 256 offences is real; more would only tie up a machine.
MOST_ITEMS = 256
#: Exhibits of one case, and references to exhibits of one finding.
MOST_EXHIBITS = 1000


class CaseReader:
    """Reads case files against one pack; the generated model is made once, when first needed, and kept."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.quick = QuickReader(pack)
        self.former = FormerNames(pack.vocabulary)

    @cached_property
    def model(self) -> type[BaseModel]:
        """The pydantic model of a case file, generated from the pack's vocabulary."""
        return _generate(self.pack.vocabulary, self.pack.variants)

    def read(self, document: Document) -> Case:
        """Validate a document against the vocabulary.

        Raises:
            InputProblems: every fault found, each with file, line and JSON pointer.
        """
        if not isinstance(document.data, dict):
            raise InputProblems([document.problem((), "a case is a mapping that begins with, for example, 'facts:'")])
        faults = _too_long(document, self.pack.vocabulary)
        if faults:
            raise InputProblems(faults)
        case = self.quick.read(document.data)
        if case is not None:
            return case
        document, renamings = self.former.present(document)
        if not renamings:
            return self.explained(document)
        case = self.quick.read(document.data) or self.explained(document)
        return case.model_copy(update={"renamings": renamings})

    def explained(self, document: Document) -> Case:
        """The case by the generated model, which says of every fault where and why.

        Raises:
            InputProblems: every fault found.
        """
        try:
            raw = self.model.model_validate(document.data)
        except ValidationError as error:
            found = [self._problem(fault, document) for fault in error.errors()[:MOST_PROBLEMS]]
            raise InputProblems(sorted(found, key=lambda one: one.line)) from None
        case = _case(raw, self.pack.vocabulary)
        faults = _cross_checks(case, document, self.pack)
        if faults:
            raise InputProblems(faults)
        return case

    def _problem(self, fault: Any, document: Document) -> Problem:
        where: Path_ = tuple(step for step in fault["loc"] if not str(step).startswith("function-"))
        if fault["type"] == "extra_forbidden":
            return self._unknown_key(where, document)
        text = fault["msg"] if fault["type"] in ("finding", "value") else f"{fault['msg'][0].lower()}{fault['msg'][1:]}"
        echoes = tuple(filter(None, fault.get("ctx", {}).get("echoes", ())))
        return document.problem(where, f"{where[-1]}: {text}" if where else text, echoes=echoes)

    def _unknown_key(self, where: Path_, document: Document) -> Problem:
        name, vocabulary = str(where[-1]), self.pack.vocabulary
        scope = CASE if where[0] == "facts" and len(where) == 2 else str(where[0]) if len(where) == 3 else ""
        fact = vocabulary.facts.get(name)
        if scope in (CASE, *vocabulary.parts):
            if fact:
                home = "under 'facts'" if fact.scope == CASE else f"to each of the {fact.scope}"
                return document.problem(where, f"'{name}' does not belong here", f"It belongs {home}")
            known = [item.id for item in vocabulary.of_scope(scope)]
            told = document.problem(
                where, f"'{name}' is not a fact of the vocabulary", hint(name, known) or "See: dedere facts WORD"
            )
            return _strange(told, name)
        if len(where) == 1 and fact and fact.scope == CASE:
            return document.problem(where, f"'{name}' is a fact", "Write it under 'facts:'")
        keys = {1: list(self.model.model_fields), 2: list(self.pack.variants)}.get(
            len(where), list((Exhibit if where[0] == "exhibits" else Finding).model_fields)
        )
        return _strange(document.problem(where, f"'{name}' is not a key here", hint(name, keys)), name)


def _strange(problem: Problem, name: str) -> Problem:
    """A name that is none of ours, nor nearly one, may be anything, so that not everybody is told it."""
    near = problem.fix.startswith("Did you mean")
    return problem if near else replace(problem, echoes=(f"'{name}'",), own_fix=True)


def _too_long(document: Document, vocabulary: Vocabulary) -> list[Problem]:
    """Lists that are longer than a case may have; looked at before anything is made of them."""
    bounds: dict[str, int] = {**dict.fromkeys(vocabulary.parts, MOST_ITEMS), "exhibits": MOST_EXHIBITS}
    return [
        document.problem(
            (name,),
            f"the list of {name} has {len(found)} entries; at most {most} are taken",
            "Put what is alike into one entry, or divide the case",
        )
        for name, most in bounds.items()
        if isinstance(found := document.data.get(name), list | dict) and len(found) > most
    ]


def _generate(vocabulary: Vocabulary, variants: dict[str, Variant]) -> type[BaseModel]:
    facts = create_model("Facts", __base__=Strict, **_fields(vocabulary.of_scope(CASE)))
    parts: dict[str, Any] = {}
    for part in vocabulary.parts.values():
        item = create_model(
            part.item.title(), __base__=Strict, id=(str, ""), title=(str, ""), **_fields(vocabulary.of_scope(part.id))
        )
        parts[part.id] = (list[item] | None, Field(default=None, description=part.question))
    readings: Any = {
        name: (Literal[tuple(variant.values)] | None, Field(default=None, description=variant.question))
        for name, variant in variants.items()
    }
    chosen = create_model("Variants", __base__=Strict, **readings)
    model: type[BaseModel] = create_model(
        "CaseFile",
        __base__=Strict,
        case=(str, ""),
        title=(str, ""),
        notes=(str, ""),
        assessed_on=(Annotated[date | None, BeforeValidator(strict_date)], None),
        facts=(facts, facts()),
        variants=(chosen | None, None),
        exhibits=(dict[str, Exhibit], {}),
        **parts,
    )
    return model


def _fields(facts: list[Fact]) -> dict[str, Any]:
    return {
        fact.id: (
            Annotated[Finding | None, BeforeValidator(_reader(fact)), WithJsonSchema(fact_schema(fact))],
            Field(default=None, description=fact.question),
        )
        for fact in facts
    }


def _reader(fact: Fact) -> Callable[[Any], Any]:
    def read(raw: Any) -> Any:
        if isinstance(raw, Finding):
            return raw
        if not isinstance(raw, dict):
            return {"value": _value(fact, raw)}
        keys = ("person", "state") if raw.get("standing") == "disputed" else ("value",)
        misplaced = {"value", "person", "state"} & set(raw) - set(keys)
        if misplaced or not any(key in raw for key in keys):
            raise PydanticCustomError("finding", "{text}", {"text": _FINDING_FORM})
        sides = {key: _value(fact, raw.get(key, UNKNOWN)) for key in keys}
        return agreed({**raw, "exhibits": _exhibits(raw.get("exhibits", [])), **sides})

    return read


_FINDING_FORM = "a finding has 'value'; a disputed one has 'person' and 'state' (what each side says) instead"


def _value(fact: Fact, raw: Any) -> Value | None:
    if raw is None:
        raise PydanticCustomError(
            "value", "{text}", {"text": "no value is given. Leave the fact out, or write unknown"}
        )
    if raw == UNKNOWN and isinstance(raw, str):
        return None
    try:
        return parse(fact, raw)
    except BadValue as error:
        raise PydanticCustomError("value", "{text}", {"text": str(error), "echoes": (error.echo,)}) from None


def _exhibits(raw: Any) -> Any:
    if isinstance(raw, list) and len(raw) > MOST_EXHIBITS:
        raise PydanticCustomError(
            "finding", "{text}", {"text": f"at most {MOST_EXHIBITS} exhibits support one finding"}
        )
    return [{"id": entry} if isinstance(entry, str) else entry for entry in raw] if isinstance(raw, list) else raw


def _case(raw: Any, vocabulary: Vocabulary) -> Case:
    items = {
        part.id: _items(raw, part, vocabulary)
        for part in vocabulary.parts.values()
        if getattr(raw, part.id) is not None
    }
    chosen = {name: value for name, value in (raw.variants or ()) if value is not None}
    return Case(
        reference=raw.case,
        title=raw.title,
        assessed_on=raw.assessed_on,
        variants=chosen,
        findings=_findings(raw.facts, vocabulary, CASE),
        items=items,
        exhibits=raw.exhibits,
        notes=raw.notes,
    )


def _items(raw: Any, part: Part, vocabulary: Vocabulary) -> tuple[Item, ...]:
    return tuple(
        Item(id=item.id or f"{part.item}-{number}", title=item.title, findings=_findings(item, vocabulary, part.id))
        for number, item in enumerate(getattr(raw, part.id), 1)
    )


def _findings(raw: Any, vocabulary: Vocabulary, scope: str) -> dict[str, Finding]:
    pairs = ((fact.id, getattr(raw, fact.id)) for fact in vocabulary.of_scope(scope))
    return {name: finding for name, finding in pairs if finding is not None}


def _cross_checks(case: Case, document: Document, pack: Pack) -> list[Problem]:
    problems = [
        document.problem(
            (part, index, "id"), f"two of the {part} have the id '{name}'", "Give each its own id", (f"'{name}'",)
        )
        for part, index, name in _twice(case)
    ]
    for part in pack.vocabulary.parts.values():
        items = case.items.get(part.id)
        if part.needs_items and items == ():
            problems.append(
                document.problem(
                    (part.id,),
                    f"the list of {part.id} is empty",
                    f"List at least one, or leave '{part.id}' out if they are not known",
                )
            )
        for index, item in enumerate(items or ()):
            if part.id == "counts" or not part.dated_by:
                continue
            dated = item.findings.get(part.dated_by)
            if (dated is None or dated.value is None) and part.unproved == "open":
                fix = f"The {part.id} are ordered by date, so each needs one that is known and undisputed"
                problems.append(document.problem((part.id, index), f"needs '{part.dated_by}'", fix))
    for path, exhibit in _exhibit_refs(case):
        if exhibit not in case.exhibits:
            problems.append(
                document.problem(
                    path,
                    f"exhibit '{exhibit}' is not listed under 'exhibits'",
                    hint(exhibit, case.exhibits),
                    (f"'{exhibit}'",),
                )
            )
    return problems


def _twice(case: Case) -> list[tuple[str, int, str]]:
    found = []
    for part, items in case.items.items():
        seen: set[str] = set()
        for index, item in enumerate(items):
            if item.id in seen:
                found.append((part, index, item.id))
            seen.add(item.id)
    return found


def _exhibit_refs(case: Case) -> list[tuple[Path_, str]]:
    groups: list[tuple[Path_, dict[str, Finding]]] = [(("facts",), case.findings)]
    groups += [((part, index), item.findings) for part, items in case.items.items() for index, item in enumerate(items)]
    return [
        ((*path, fact), ref.id)
        for path, findings in groups
        for fact, finding in findings.items()
        for ref in finding.exhibits
    ]


def pointer(fact: str, part: str = CASE, index: int = 0) -> str:
    """The JSON pointer of a fact in a case file."""
    return pointer_of(("facts", fact) if part == CASE else (part, index, fact))
