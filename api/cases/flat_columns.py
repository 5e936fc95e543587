"""Flat rows: one column a fact, for CSV and Parquet.

``FACT`` holds a value; ``FACT.person`` and ``FACT.state`` what each side says of a disputed fact;
``PART[0].FACT`` a fact of the first item of a list, ``PART.size`` the length of a list (without it, as
long as its last item that says anything; 0 is a known empty list); ``variants.NAME`` a reading of
the law; ``case`` and ``assessed_on`` what they say. Sets are words with ``|`` between, or ``none``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, Literal

import numpy as np

from api.cases.cells import cell, day_written
from engine.bulk.planes import Array, Flags, Words
from engine.bulk.table import Codec
from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.columns import HERE, Place
from engine.facts.formernames import Former, FormerNames
from engine.facts.values import UNKNOWN, BadValue, hint, parse, parse_day
from engine.facts.vocabulary import CASE, Fact

#: Longer lists than this are refused: one such case would widen the table of all others.
LONGEST = 256
_OTHER_NAMES = ("case", "assessed_on", "title", "notes")
Role = Literal["fact", "size", "variant", "case", "assessed_on", "ignored"]
Side = Literal["", "person", "state"]
ABSENT, VALUE, SAID_UNKNOWN, BAD = range(4)
_MOST_KEPT = 50_000
_ITEM = re.compile(r"([a-z_0-9]+)\[(\d{1,3})\]\.(.+)")


@dataclass(frozen=True)
class Column:
    """What a column of the input holds."""

    header: str
    role: Role
    name: str = ""
    place: Place = HERE
    side: Side = ""
    former: Former | None = None
    also: tuple[Column, ...] = ()

    @property
    def all(self) -> tuple[Column, ...]:
        """The column for each fact that it says something of: a former name may be of several."""
        return (self, *self.also)


class Cells:
    """A column's cells, as codes of the column's own type with *unknown* where there is no value.

    ``states`` says of each whether it is absent, a value, said unknown or bad; it is worked out only
    when asked for. Yes/no cells that came as bits have them, true and false, in ``bits``. ``ruled_out`` are
    the levels that answers under a former name rule out, as bits.
    """

    def __init__(
        self,
        codes: Array | Callable[[], Array],
        states: Array | Callable[[], Array],
        reasons: dict[int, str] | None = None,
        bits: tuple[Words, Words] | None = None,
        ruled_out: Array | None = None,
    ) -> None:
        self._codes, self._states = codes, states
        self.reasons, self.bits, self.ruled_out = reasons or {}, bits, ruled_out

    @cached_property
    def codes(self) -> Array:
        """The codes."""
        return self._codes() if callable(self._codes) else self._codes

    @cached_property
    def states(self) -> Array:
        """What each cell is."""
        return self._states() if callable(self._states) else self._states


def columns_of(headers: Sequence[str], pack: Pack, ignore: Sequence[str] = ()) -> list[Column]:
    """What each column is; those whose names match a pattern of ``ignore`` hold nothing.

    Raises:
        InputProblems: a column that is nothing, or one named twice.
    """
    columns, problems, former = [], [], FormerNames(pack.vocabulary)
    for header in headers:
        if ignored(header, ignore):
            columns.append(Column(header, "ignored"))
            continue
        column = _column(header, pack, former)
        if column is None or headers.count(header) > 1:
            fact = pack.vocabulary.facts.get(header)
            fix = f"Write {fact.scope}[0].{header}" if fact else hint(header, [*pack.vocabulary.facts, *_OTHER_NAMES])
            fix += "." if fact else ""
            fix = " ".join(filter(None, (fix, "A column of your own is passed over with --ignore NAME")))
            said = "is there twice" if column else "is not a fact or another column of a batch"
            problems.append(Problem(f"the column '{header[:60]}' {said}", fix=fix if not column else ""))
        else:
            columns.append(column)
    if problems:
        raise InputProblems(problems)
    return columns


def ignored(header: str, patterns: Sequence[str]) -> bool:
    """Whether a column is to be passed over: its name, or a pattern with ``*`` and ``?``, is among these."""
    return any(fnmatchcase(header.casefold(), pattern.casefold()) for pattern in patterns)


def _column(header: str, pack: Pack, former: FormerNames) -> Column | None:
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
    scope = item[1] if item else CASE
    known, renamed = pack.vocabulary.facts.get(fact), former.of(fact, scope)
    if place[1] >= LONGEST or (not renamed and (known is None or known.scope != scope)):
        return None
    first, *others = [Column(header, "fact", one.fact.id, place, side, one) for one in renamed] or [
        Column(header, "fact", fact, place, side)
    ]
    return replace(first, also=tuple(others))


class Silent(Exception):
    """A cell says nothing of the present question."""


class Decoder:
    """Turns cells into codes; each distinct cell of a column is parsed once."""

    def __init__(self, pack: Pack, codec: Codec) -> None:
        self.pack, self.codec = pack, codec
        self.readings = {name: list(variant.values) for name, variant in pack.variants.items()}
        self.parsed: dict[str, dict[Any, tuple[int | float | str, int]]] = {}

    def decode(self, column: Column, distinct: Sequence[Any], which: Array) -> Cells:
        """Cells from their distinct values and the number of each; a number of -1 is an absent cell."""
        known = self._known(column)
        found = [known[raw] for raw in distinct]
        dtype, unknown = self.form(column)
        codes = np.array([code if state == VALUE else unknown for code, state in found] + [unknown], dtype=dtype)
        states = np.array([state for _, state in found] + [ABSENT], dtype=np.uint8)
        reasons = {number: str(code) for number, (code, state) in enumerate(found) if state == BAD}
        ruled_out = self._ruled_out(column, distinct, which)
        return Cells(codes.take(which, mode="wrap"), lambda: states[which], _at(reasons, which), ruled_out=ruled_out)

    def _ruled_out(self, column: Column, distinct: Sequence[Any], which: Array) -> Array | None:
        if column.former is None or not column.former.said.excludes:
            return None
        words, former = self.codec.words[column.name], column.former
        masks = [sum(1 << words[level] for level in former.ruled_out(former.cell(raw))) for raw in distinct]
        return np.array([*masks, 0], dtype=np.uint64)[which]

    def form(self, column: Column) -> tuple[Any, Any]:
        """The type of a column's codes, and the code of an unknown value."""
        if column.role == "fact":
            return self.codec.form(column.name)
        return (np.int32, 0) if column.role == "assessed_on" else (np.int16, -1)

    def _known(self, column: Column) -> dict[Any, tuple[int | float | str, int]]:
        """What is known already of the values of a column; others are parsed when they are looked up."""
        known = self.parsed.get(column.header)
        if known is None or len(known) > _MOST_KEPT:
            known = self.parsed[column.header] = _Parsed(self._reader(column))
        return known

    def is_flag(self, column: Column) -> bool:
        """Whether the column holds a yes/no fact."""
        return column.role == "fact" and self.codec.kinds[column.name] == "flag"

    def is_number(self, column: Column) -> bool:
        """Whether the column holds numbers."""
        return column.role == "fact" and self.codec.kinds[column.name] == "number"

    def is_day(self, column: Column) -> bool:
        """Whether the column holds days."""
        return column.role == "assessed_on" or (column.role == "fact" and self.codec.kinds[column.name] == "day")

    def _reader(self, column: Column) -> Callable[[Any], int | float]:
        if column.role == "assessed_on":
            return lambda raw: parse_day(day_written(raw) if isinstance(raw, str) else raw).toordinal()
        if column.role == "size":
            return _size
        if column.role == "variant":
            return lambda raw: _choice(raw, self.readings[column.name])
        fact, former = self.pack.vocabulary.facts[column.name], column.former
        if former is None:
            return lambda raw: self._read(fact, cell(fact, raw))
        return lambda raw: self._present(former, raw)

    def _read(self, fact: Fact, written: Any) -> int | float:
        """The code of what a cell says.

        Raises:
            Silent: that it is not known.
        """
        if written == UNKNOWN and isinstance(written, str) and UNKNOWN not in fact.values:
            raise Silent
        return self.codec.code(fact.id, parse(fact, written))

    def _present(self, former: Former, raw: Any) -> int | float:
        """The code of what was answered under a former name.

        Raises:
            Silent: it does not answer the present question.
        """
        answer = former.answer(former.cell(raw)) if former.said.values else cell(former.fact, raw)
        if answer == UNKNOWN:
            raise Silent
        return self.codec.code(former.fact.id, parse(former.fact, answer))


class _Parsed(dict[Any, tuple[int | float | str, int]]):
    """Code and state of each raw value that was met; of a bad one, the reason."""

    def __init__(self, read: Callable[[Any], int | float]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, raw: Any) -> tuple[int | float | str, int]:
        found = self[raw] = self._one(raw)
        return found

    def _one(self, raw: Any) -> tuple[int | float | str, int]:
        if raw is None or raw == "":
            return 0, ABSENT
        if isinstance(raw, str) and raw == UNKNOWN:
            return 0, SAID_UNKNOWN
        try:
            return self.read(raw), VALUE
        except Silent:
            return 0, SAID_UNKNOWN
        except BadValue as error:
            return str(error).replace(error.echo, "the value given") if error.echo else str(error), BAD


def _at(reasons: dict[int, str], chosen: Array) -> dict[int, str]:
    if not reasons:
        return {}
    rows = np.flatnonzero(np.isin(chosen, list(reasons)))
    return {int(row): reasons[int(chosen[row])] for row in rows}


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
