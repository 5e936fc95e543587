"""Flat rows: one column a fact, for CSV and Parquet.

``FACT`` holds a value; ``FACT.person`` and ``FACT.state`` what each side says of a disputed fact;
``PART[0].FACT`` a fact of the first item of a list, ``PART.size`` the length of a list (without it, as
long as its last item that says anything; 0 is a known empty list); ``variants.NAME`` a reading of
the law; ``case`` and ``assessed_on`` what they say. Sets are words with ``|`` between, or ``none``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from api.bulk.records import LONGEST
from engine.bulk.planes import Array, Flags
from engine.bulk.table import Codec
from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.columns import HERE, Place
from engine.facts.values import UNKNOWN, BadValue, hint, parse, parse_date
from engine.facts.vocabulary import CASE, Fact

Role = Literal["fact", "size", "variant", "case", "assessed_on", "ignored"]
Side = Literal["", "person", "state"]
ABSENT, VALUE, SAID_UNKNOWN, BAD = range(4)
_ITEM = re.compile(r"([a-z_0-9]+)\[(\d{1,3})\]\.(.+)")


@dataclass(frozen=True)
class Column:
    """What a column of the input holds."""

    header: str
    role: Role
    name: str = ""
    place: Place = HERE
    side: Side = ""


@dataclass
class Cells:
    """A column's cells: their codes, and for each whether it is absent, a value, said unknown, or bad."""

    codes: Array
    states: Array
    reasons: dict[int, str]


def columns_of(headers: Sequence[str], pack: Pack) -> list[Column]:
    """What each column is.

    Raises:
        InputProblems: a column that is nothing, or one named twice.
    """
    columns, problems = [], []
    for header in headers:
        column = _column(header, pack)
        if column is None or headers.count(header) > 1:
            fix = hint(header, [*pack.vocabulary.facts, "case", "assessed_on"])
            said = "is there twice" if column else "is not a fact or another column of a batch"
            problems.append(Problem(f"the column '{header[:60]}' {said}", fix=fix if not column else ""))
        else:
            columns.append(column)
    if problems:
        raise InputProblems(problems)
    return columns


def _column(header: str, pack: Pack) -> Column | None:
    if header in ("case", "assessed_on"):
        return Column(header, "case" if header == "case" else "assessed_on")
    if header in ("title", "notes"):
        return Column(header, "ignored")
    name, _, last = header.rpartition(".")
    if last == "size" and name in pack.vocabulary.parts:
        return Column(header, "size", name)
    if name == "variants" and last in pack.variants:
        return Column(header, "variant", last)
    place, fact = HERE, header
    item = _ITEM.fullmatch(header)
    if item:
        place, fact = (item[1], int(item[2])), item[3]
    side: Side = ""
    if fact.endswith((".person", ".state")):
        fact, _, end = fact.rpartition(".")
        side = "person" if end == "person" else "state"
    known = pack.vocabulary.facts.get(fact)
    fits = known is not None and known.scope == (item[1] if item else CASE) and place[1] < LONGEST
    return Column(header, "fact", fact, place, side) if fits else None


class Decoder:
    """Turns cells into codes; each distinct cell of a column is parsed once."""

    def __init__(self, pack: Pack, codec: Codec) -> None:
        self.pack, self.codec = pack, codec
        self.readings = {name: list(variant.values) for name, variant in pack.variants.items()}

    def decode(self, column: Column, distinct: Sequence[Any], which: Array) -> Cells:
        """Cells from their distinct values and the number of each; a number of -1 is an absent cell."""
        read = self._reader(column)
        codes: list[int | float] = [0]
        states, reasons = [ABSENT], {}
        for number, raw in enumerate(distinct, 1):
            code, state = self._one(read, raw)
            if state == BAD:
                reasons[number] = str(code)
                code = 0
            codes.append(code if isinstance(code, int | float) else 0)
            states.append(state)
        chosen = which + 1
        return Cells(np.array(codes)[chosen], np.array(states, dtype=np.uint8)[chosen], _at(reasons, chosen))

    def is_flag(self, column: Column) -> bool:
        """Whether the column holds a yes/no fact."""
        return column.role == "fact" and self.codec.kinds[column.name] == "flag"

    def is_day(self, column: Column) -> bool:
        """Whether the column holds days."""
        return column.role == "assessed_on" or (column.role == "fact" and self.codec.kinds[column.name] == "day")

    def _one(self, read: Callable[[Any], int | float], raw: Any) -> tuple[int | float | str, int]:
        if raw is None or raw == "":
            return 0, ABSENT
        if isinstance(raw, str) and raw == UNKNOWN:
            return 0, SAID_UNKNOWN
        try:
            return read(raw), VALUE
        except BadValue as error:
            return str(error).replace(error.echo, "the value given") if error.echo else str(error), BAD

    def _reader(self, column: Column) -> Callable[[Any], int | float]:
        if column.role == "assessed_on":
            return lambda raw: parse_date(raw).toordinal()
        if column.role == "size":
            return _size
        if column.role == "variant":
            return lambda raw: _choice(raw, self.readings[column.name])
        fact = self.pack.vocabulary.facts[column.name]
        return lambda raw: self.codec.code(fact.id, parse(fact, _raw(fact, raw)))


def _at(reasons: dict[int, str], chosen: Array) -> dict[int, str]:
    if not reasons:
        return {}
    rows = np.flatnonzero(np.isin(chosen, list(reasons)))
    return {int(row): reasons[int(chosen[row])] for row in rows}


def _raw(fact: Fact, raw: Any) -> Any:
    """A cell as the case file would have it."""
    if fact.type in ("set", "states"):
        if isinstance(raw, tuple):
            return list(raw)
        return [] if raw in ("none", "[]") else str(raw).split("|")
    if fact.type == "number" and isinstance(raw, str):
        try:
            return float(raw)
        except ValueError:
            return raw
    if fact.type == "yes_no" and isinstance(raw, str):
        return {"true": True, "false": False}.get(raw, raw)
    return raw


def _size(raw: Any) -> int:
    text = str(raw)
    if not text.isdigit() or int(text) > LONGEST:
        raise BadValue(f"a list has from 0 to {LONGEST} items")
    return int(text)


def _choice(raw: Any, values: list[str]) -> int:
    if raw not in values:
        raise BadValue(f"use one of: {', '.join(values)}")
    return values.index(raw)


def where(flags: Flags) -> list[int]:
    """The rows that are marked."""
    rows: list[int] = np.flatnonzero(flags).tolist()
    return rows
