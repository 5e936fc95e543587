"""A flat row as a case file: one name a fact, as trackers and spreadsheets have them.

The names are those of the columns of a batch (see ``bulk.flat``). What the case reader finds wrong
is said at the name in the row, not at a place of the case file that the sender never saw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.cases.cells import cell, day_written
from api.cases.flat_columns import LONGEST, Column, columns_of
from engine.content.documents import pointer_of
from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.columns import HERE
from engine.facts.values import nearest
from engine.facts.vocabulary import CASE

Row = Mapping[str, Any]
Document = dict[str, Any]
#: What a row may hold besides facts, and goes into the case file under its own name.
ABOUT = ("case", "assessed_on", "title", "notes")
MOST_FAULTS = 50
_ITEM = re.compile(r"([a-z_0-9]+)\[(\d{1,3})\]\.?(.*)")
_BOTH = "a disputed fact has what each side says (.person, .state) and no value of its own"


@dataclass(frozen=True)
class FlatCase:
    """A case file made from a row, from which name each place of it came, and the lists whose size the row gives."""

    document: Document
    names: dict[str, str] = field(repr=False)
    sized: frozenset[str] = frozenset()

    def at_names(self, problems: tuple[Problem, ...]) -> list[Problem]:
        """Problems of the case file, each at the name of the row that it comes from."""
        return [replace(problem, pointer=self._name(problem.pointer)) for problem in problems]

    def _name(self, pointer: str) -> str:
        place = pointer
        while place and place not in self.names:
            place = place.rpartition("/")[0]
        return pointer_of((self.names[place],)) if place else pointer


def known_columns(names: list[str], pack: Pack) -> dict[str, Column]:
    """What each name of a row stands for.

    Raises:
        InputProblems: names that stand for nothing, each with its pointer and the nearest one that does.
    """
    columns, problems = {}, list[Problem]()
    for name in names:
        if len(problems) == MOST_FAULTS:  # looking for the nearest name takes a millisecond each
            break
        try:
            columns[name] = columns_of([name], pack)[0]
        except InputProblems:
            near = nearest_name(name, pack)
            fix = f"Did you mean '{near}'?" if near else "See GET /v1/facts?q="
            problems.append(Problem("is not the name of a fact", pointer=pointer_of((name[:80],)), fix=fix))
    if problems:
        raise InputProblems(problems)
    return columns


def nearest_name(name: str, pack: Pack) -> str:
    """The valid name most like one that is not."""
    parts, item = pack.vocabulary.parts, _ITEM.fullmatch(name[:120])
    if item is None:
        return nearest(name[:80], [*(fact.id for fact in pack.vocabulary.of_scope(CASE)), "reference", *ABOUT])
    part = item[1] if item[1] in parts else nearest(item[1], parts)
    fact = nearest(item[3], [one.id for one in pack.vocabulary.of_scope(part)]) if part else ""
    return f"{part}[{item[2]}].{fact}" if fact else ""


def flat_case(row: Row, columns: Mapping[str, Column], pack: Pack) -> FlatCase:
    """The case file that a row stands for. Empty cells say nothing.

    Raises:
        InputProblems: a cell that is no plain value, a disputed fact with a value, or a list that does not add up.
    """
    made = _Made(pack)
    for name, raw in row.items():
        if raw is None or raw in ("", []):
            continue
        made.take(name, columns[name], raw)
    return made.finished()


class _Made:
    """A case file in the making."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.document: Document = {}
        self.names: dict[str, str] = {}
        self.sizes: dict[str, tuple[int, str]] = {}
        self.items: dict[str, dict[int, Document]] = {}
        self.problems: list[Problem] = []

    def take(self, name: str, column: Column, raw: Any) -> None:
        if not _plain(raw):
            self.refuse(name, "is not text, a number, true, false or a list of words")
        elif column.role == "size":
            self._size(name, column.name, raw)
        elif column.role == "variant":
            self._put(self.document.setdefault("variants", {}), f"/variants/{column.name}", column.name, raw, name)
        elif column.role == "fact":
            self._fact(name, column, raw)
        else:
            value = day_written(raw) if name == "assessed_on" and isinstance(raw, str) else raw
            self._put(self.document, f"/{name}", name, value, name)

    def refuse(self, name: str, message: str) -> None:
        self.problems.append(Problem(message, pointer=pointer_of((name,))))

    def _put(self, where: Document, pointer: str, key: str, value: Any, name: str) -> None:
        where[key] = value
        self.names[pointer] = name

    def _fact(self, name: str, column: Column, raw: Any) -> None:
        part, index = column.place
        key = column.former.said.name if column.former else column.name  # the case reader knows what it is now
        if column.place == HERE:
            where, pointer = self.document.setdefault("facts", {}), f"/facts/{key}"
        else:
            where, pointer = self.items.setdefault(part, {}).setdefault(index, {}), f"/{part}/{index}/{key}"
        former = column.former if column.former and column.former.said.values else None
        value = former.cell(raw) if former else cell(self.pack.vocabulary.facts[column.name], raw)
        held = where.get(key)
        if held is not None and not (isinstance(held, dict) and column.side):
            self.refuse(name, _BOTH)
        elif column.side:
            said = {**(held or {"standing": "disputed"}), column.side: value}
            self._put(where, pointer, key, said, name)
            self.names[f"{pointer}/{column.side}"] = name
        else:
            self._put(where, pointer, key, value, name)

    def _size(self, name: str, part: str, raw: Any) -> None:
        text = str(int(raw) if isinstance(raw, float) and raw.is_integer() else raw)
        if isinstance(raw, list | bool) or not re.fullmatch(r"\d{1,3}", text) or int(text) > LONGEST:
            self.refuse(name, f"is not the length of a list, from 0 to {LONGEST}")
        else:
            self.sizes[part] = int(text), name

    def finished(self) -> FlatCase:
        for part in self.pack.vocabulary.parts:
            if part in self.items or part in self.sizes:
                self._list(part)
        if self.problems:
            raise InputProblems(self.problems)
        return FlatCase(self.document, self.names, frozenset(self.sizes))

    def _list(self, part: str) -> None:
        found = self.items.get(part, {})
        longest = max(found, default=-1) + 1
        size, name = self.sizes.get(part, (longest, f"{part}.size"))
        if longest > size:
            self.refuse(name, "there are more items than the size says")
        self.document[part] = [found.get(index, {}) for index in range(size)]
        self.names |= {f"/{part}": name, **{f"/{part}/{index}": f"{part}[{index}]" for index in range(size)}}


def _plain(raw: Any) -> bool:
    words = isinstance(raw, list) and all(isinstance(one, str) for one in raw)
    return words or isinstance(raw, str | bool | int | float)
