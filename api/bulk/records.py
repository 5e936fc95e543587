"""JSON rows: each is a case file. A plain row is read by tables; any other by the single-case reader.

The quick way accepts only what the single-case reader would accept and leaves every doubt to it, so
both ways give one result. A row with exhibits, for one, always goes the long way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from api.bulk.rejects import NO_DATE, Reject, of_problems
from api.bulk.strict import loads
from api.cases.flat_columns import LONGEST
from engine.assess import Engine
from engine.bulk.encode import TableBuilder, add_case
from engine.bulk.table import Codec
from engine.content.documents import read_bytes
from engine.errors import InputProblems
from engine.facts.columns import HERE, Place
from engine.facts.reading import Reading
from engine.facts.values import UNKNOWN, BadValue, parse, parse_day
from engine.facts.vocabulary import CASE, Fact

#: Rows whose lists are at most so long share a table.
SHORT = 4
_PLAIN = {"value", "standing", "by", "note"}
_SIDES = {"person", "state", "standing", "by", "note"}
TEXTS = ("case", "title", "notes")
_MOST_KEPT = 50_000
#: For each fact that can stand at a place, the number of its column and the codes of its values.
Slots = dict[str, tuple[int, "Codes"]]


class LongWay(Exception):
    """The row is not plain: the single-case reader decides."""


class Codes(dict[Any, Any]):
    """Codes of the raw values of a fact, made as they are met; None is *unknown*."""

    def __init__(self, fact: Fact, codec: Codec) -> None:
        super().__init__()
        self.fact, self.codec = fact, codec

    def __missing__(self, raw: Any) -> Any:
        code = None if raw == UNKNOWN else self.parsed(list(raw) if isinstance(raw, tuple) else raw)
        if len(self) > _MOST_KEPT:
            self.clear()
        self[raw] = code
        return code

    def parsed(self, raw: Any) -> int | float:
        try:
            return self.codec.code(self.fact.id, parse(self.fact, raw))
        except BadValue:
            raise LongWay from None


class RecordReader:
    """Reads JSON rows into table builders."""

    def __init__(self, engine: Engine, codec: Codec, reading: Reading, on: date | None) -> None:
        self.engine, self.codec, self.reading, self.on = engine, codec, reading, on
        vocabulary = engine.pack.vocabulary
        self.parts = vocabulary.parts
        self.codes = {
            scope: {fact.id: Codes(fact, codec) for fact in vocabulary.of_scope(scope)} for scope in (CASE, *self.parts)
        }
        self.days: dict[str, date] = {}
        self.slots: dict[TableBuilder, dict[Place, Slots]] = {}

    def forget(self) -> None:
        """The builders in hand have become tables."""
        self.slots.clear()

    def read(
        self, raw: bytes, number: int, builder: Callable[[int], TableBuilder]
    ) -> tuple[str, TableBuilder] | Reject:
        """A row into the builder for lists as long as its own; the case's reference and that builder."""
        try:
            return self._plain(raw, builder)
        except (LongWay, ValueError, TypeError, KeyError):
            for made in self.slots:
                made.drop()
            return self._other(raw, number, builder)

    def _other(
        self, raw: bytes, number: int, builder: Callable[[int], TableBuilder]
    ) -> tuple[str, TableBuilder] | Reject:
        try:
            case = self.engine.read(read_bytes(raw, "", is_json=True))
        except InputProblems as error:
            return of_problems(number, error.problems, _reference(raw))
        day = self.on or case.assessed_on
        if day is None:
            return Reject(number, (NO_DATE,))
        longest = max((len(items) for items in case.items.values()), default=0)
        if longest > LONGEST:
            return Reject(number, (("", f"a list has more than {LONGEST} items. Assess this case on its own"),))
        chosen = builder(longest)
        add_case(chosen, case, self.reading, day)
        return case.reference, chosen

    def _plain(self, raw: bytes, builder: Callable[[int], TableBuilder]) -> tuple[str, TableBuilder]:
        data = loads(raw)
        if data.__class__ is not dict:
            raise LongWay
        keys = len(data)
        lists = {name: data.pop(name) for name in self.parts if name in data}
        longest = max((len(listed) for listed in lists.values()), default=0)
        if longest > LONGEST:
            raise LongWay
        target, dated = builder(longest), list[tuple[Place, int]]()
        texts = [data.pop(name, "") for name in TEXTS]
        facts, variants, day = data.pop("facts", {}), data.pop("variants", {}), data.pop("assessed_on", None)
        if data or not all(text.__class__ is str for text in texts) or variants.__class__ is not dict:
            raise LongWay
        keys += len(variants) + self._findings(target, HERE, facts)
        for part, listed in lists.items():
            keys += self._items(target, part, listed, dated)
        if raw.count(b'":') != keys:  # a key written twice is refused, and the parser would hide it
            raise LongWay
        if not all(value in target.readings[name] for name, value in variants.items()):
            raise LongWay
        own = None if day is None else self.day_of(day)
        when = self.on or own
        if when is None:
            raise LongWay
        for place, ordinal in dated:
            target.dated(place, ordinal)
        for part, listed in lists.items():
            target.list_of(part, len(listed))
        for name, value in variants.items():
            target.choose(name, value)
        target.close(when, own)
        return texts[0], target

    def day_of(self, raw: Any) -> date:
        """The date that a row gives.

        Raises:
            BadValue: it is none.
        """
        if raw not in self.days:
            self.days[raw] = parse_day(raw)
        return self.days[raw]

    def _findings(self, target: TableBuilder, place: Place, facts: dict[str, Any]) -> int:
        """Cells of plain findings; how many keys were seen. A name that is no fact is a KeyError."""
        keys, filled, codes_of_cells = len(facts), target.filled, target.codes
        slots = self._slots(target, place)
        for name, raw in facts.items():
            column, codes = slots[name]
            kind = raw.__class__
            if kind is str or kind is bool:
                code = codes[raw]
            elif kind is dict:
                keys += len(raw)
                code = self._finding(codes, raw)
            else:
                code = _code(codes, raw)
            if code is not None:
                filled.append(column)
                codes_of_cells.append(code)
        return keys

    def _slots(self, target: TableBuilder, place: Place) -> Slots:
        places = self.slots.setdefault(target, {})
        if place not in places:
            places[place] = {name: (target.column(place, name), codes) for name, codes in self.codes[place[0]].items()}
        return places[place]

    def _finding(self, codes: Codes, raw: dict[str, Any]) -> int | float | None:
        standing = raw.get("standing", "asserted")
        if not all(raw.get(key, "").__class__ is str for key in ("by", "note")):
            raise LongWay
        if standing == "disputed" and raw.keys() <= _SIDES and ("person" in raw or "state" in raw):
            sides = {side: _code(codes, raw.get(side, UNKNOWN)) for side in ("person", "state")}
            agreed = sides["person"] if sides["person"] == sides["state"] else None
            return sides.get(self.reading, agreed)
        if standing not in ("asserted", "established") or "value" not in raw or not raw.keys() <= _PLAIN:
            raise LongWay
        return _code(codes, raw["value"])

    def _items(self, target: TableBuilder, part: str, listed: Any, dated: list[tuple[Place, int]]) -> int:
        spec, keys, names = self.parts[part], 0, set()
        if listed.__class__ is not list or (spec.needs_items and not listed):
            raise LongWay
        for index, item in enumerate(listed):
            if item.__class__ is not dict:
                raise LongWay
            keys += len(item)
            name, title = item.pop("id", ""), item.pop("title", "")
            if name.__class__ is not str or title.__class__ is not str:
                raise LongWay
            names.add(name or f"{spec.item}-{index + 1}")
            keys += self._findings(target, (part, index), item) - len(item)
            if spec.dated_by:
                day = self._dated(part, item.get(spec.dated_by))
                if day:
                    dated.append(((part, index), day))
                elif spec.unproved == "open":
                    raise LongWay
        if len(names) != len(listed):
            raise LongWay
        return keys

    def _dated(self, part: str, raw: Any) -> int:
        """The undisputed date of an item, 0 when it has none."""
        if raw.__class__ is dict:
            raw = raw.get("value", UNKNOWN)
        code = _code(self.codes[part][self.parts[part].dated_by], UNKNOWN if raw is None else raw)
        return int(code or 0)


def _reference(raw: bytes) -> str:
    """The reference of a row that cannot be read as a case, if it has one."""
    try:
        data = loads(raw)
    except ValueError:
        return ""
    said = data.get("case") if isinstance(data, dict) else ""
    return said if isinstance(said, str) else ""


def _code(codes: Codes, raw: Any) -> int | float | None:
    """The code of a raw value; None is *unknown*."""
    kind = raw.__class__
    if kind is str or kind is bool:
        code: int | float | None = codes[raw]
        return code
    if kind is list:
        listed: int | float | None = codes[tuple(raw)]
        return listed
    if raw is None:
        raise LongWay
    return codes.parsed(raw)
