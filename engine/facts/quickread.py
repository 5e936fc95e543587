"""Reading a plain case file quickly: the same case as ``CaseReader`` makes, or nothing.

A preview reads a case at every answer, so what is plainly right is taken here without the generated
model. Whatever is faulty, or only unusual, is left to that model, which alone refuses and explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.content.models import Pack
from engine.facts.casemodel import Case, Exhibit, ExhibitRef, Finding, Item, agreed
from engine.facts.values import UNKNOWN, BadValue, Value, parse, parse_day
from engine.facts.vocabulary import CASE, Fact, Part

COUNTS = "counts"
#: Beyond so many references to exhibits a finding is unusual.
MOST_REFS = 100
_KEYS = {"case", "title", "notes", "assessed_on", "facts", "variants", "exhibits"}
_ONE_SIDE = {"value", "standing", "by", "exhibits", "note"}
_TWO_SIDES = {"person", "state", "standing", "by", "exhibits", "note"}
_REF = {"id", "page"}
_FIELDS, _ITEM_FIELDS = set(Finding.model_fields), set(Item.model_fields)
Built = TypeVar("Built", bound=BaseModel)
_BARE = {name: field.default for name, field in Finding.model_fields.items()}
_UNDISPUTED = ("established", "asserted")
_set = object.__setattr__


class _Unusual(Exception):
    """Something that the generated model has to look at."""


class QuickReader:
    """Reads plain cases of one pack."""

    def __init__(self, pack: Pack) -> None:
        vocabulary = pack.vocabulary
        self.pack = pack
        self.parts = vocabulary.parts
        self.facts: dict[str, dict[str, tuple[int, Fact]]] = {
            scope: {fact.id: (turn, fact) for turn, fact in enumerate(vocabulary.of_scope(scope))}
            for scope in (CASE, *vocabulary.parts)
        }

    def read(self, data: Mapping[str, Any]) -> Case | None:
        """The case, or None when anything in it is out of the ordinary."""
        try:
            return self._case(data)
        except (_Unusual, BadValue, ValidationError):
            return None

    def _case(self, data: Mapping[str, Any]) -> Case:
        _require(data.keys() <= _KEYS | self.parts.keys())
        exhibits = _exhibits(data.get("exhibits", {}))
        refs = {name: ExhibitRef(id=name) for name in exhibits}
        dated = data.get("assessed_on")
        return Case.model_construct(
            reference=_text(data, "case"),
            title=_text(data, "title"),
            assessed_on=None if dated is None else parse_day(dated),
            variants=self._variants(data.get("variants")),
            findings=self._findings(data.get("facts", {}), CASE, refs),
            items={
                name: self._items(data[name], part, refs)
                for name, part in self.parts.items()
                if data.get(name) is not None
            },
            exhibits=exhibits,
            notes=_text(data, "notes"),
        )

    def _variants(self, raw: Any) -> dict[str, str]:
        chosen = {} if raw is None else raw
        _require(type(chosen) is dict and chosen.keys() <= self.pack.variants.keys())
        for name, value in chosen.items():
            _require(type(value) is str and value in self.pack.variants[name].values)
        return {name: chosen[name] for name in self.pack.variants if name in chosen}

    def _items(self, raw: Any, part: Part, refs: Mapping[str, ExhibitRef]) -> tuple[Item, ...]:
        _require(type(raw) is list and all(type(item) is dict for item in raw) and bool(raw or not part.needs_items))
        items = tuple(self._item(item, number, part, refs) for number, item in enumerate(raw, 1))
        _require(len({item.id for item in items}) == len(items))
        return items

    def _item(self, raw: dict[str, Any], number: int, part: Part, refs: Mapping[str, ExhibitRef]) -> Item:
        facts = {name: found for name, found in raw.items() if name not in ("id", "title")}
        findings = self._findings(facts, part.id, refs)
        if part.dated_by and part.id != COUNTS and part.unproved == "open":
            _require(part.dated_by in findings and findings[part.dated_by].value is not None)
        name = _text(raw, "id") or f"{part.item}-{number}"
        return _built(Item, {"id": name, "title": _text(raw, "title"), "findings": findings}, _ITEM_FIELDS)

    def _findings(self, raw: Any, scope: str, refs: Mapping[str, ExhibitRef]) -> dict[str, Finding]:
        known = self.facts[scope]
        _require(type(raw) is dict and raw.keys() <= known.keys())
        order = sorted(raw, key=lambda name: known[name][0])
        return {name: _finding(known[name][1], raw[name], refs) for name in order}


def _exhibits(raw: Any) -> dict[str, Exhibit]:
    _require(type(raw) is dict)
    return {_word(name): Exhibit.model_validate(found) for name, found in raw.items()}


def _finding(fact: Fact, raw: Any, refs: Mapping[str, ExhibitRef]) -> Finding:
    fields = {**_BARE, **(_fields(fact, raw, refs) if type(raw) is dict else {"value": _value(fact, raw)})}
    return _built(Finding, fields, _FIELDS)


def _fields(fact: Fact, raw: dict[str, Any], refs: Mapping[str, ExhibitRef]) -> dict[str, Any]:
    """What a written finding says, once every key of it is known to be in place."""
    found = dict(raw)
    if type(raw.get("by", "")) is not str or type(raw.get("note", "")) is not str:
        raise _Unusual
    if "exhibits" in raw:
        found["exhibits"] = _refs(raw["exhibits"], refs)
    standing = raw.get("standing", "asserted")
    if standing == "disputed" and _TWO_SIDES.issuperset(raw) and ("person" in raw or "state" in raw):
        sides = {side: _value(fact, raw.get(side, UNKNOWN)) for side in ("person", "state")}
        return dict(agreed({**found, **sides}))
    if standing in _UNDISPUTED and "value" in raw and _ONE_SIDE.issuperset(raw):
        found["value"] = _value(fact, raw["value"])
    else:
        raise _Unusual
    return found


def _built(model: type[Built], fields: dict[str, Any], given: set[str]) -> Built:
    """What ``model_construct`` makes, without a look-up for each field: there are dozens to a case."""
    made = model.__new__(model)
    _set(made, "__dict__", fields)
    _set(made, "__pydantic_fields_set__", given)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def _value(fact: Fact, raw: Any) -> Value | None:
    _require(raw is not None)
    return None if type(raw) is str and raw == UNKNOWN else parse(fact, raw)


def _refs(raw: Any, refs: Mapping[str, ExhibitRef]) -> tuple[ExhibitRef, ...]:
    _require(type(raw) is list and len(raw) <= MOST_REFS)
    return tuple([_ref(entry, refs) for entry in raw])


def _ref(raw: Any, refs: Mapping[str, ExhibitRef]) -> ExhibitRef:
    """An exhibit by its id alone, which is made once for all findings, or with the page that matters."""
    found = refs.get(raw) if type(raw) is str else ExhibitRef.model_validate(raw)
    if found is None or found.id not in refs:
        raise _Unusual
    return found


def _text(raw: Mapping[str, Any], key: str) -> str:
    return _word(raw[key]) if key in raw else ""


def _word(raw: Any) -> str:
    _require(type(raw) is str)
    word: str = raw
    return word


def _require(usual: bool) -> None:
    if not usual:
        raise _Unusual
