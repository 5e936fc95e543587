"""A flat row laid over a case file that people work on: what the row newly says goes in, everything else stays.

A tracker sends all its columns again and again, also those that nobody touched there. So each place is looked
at three times: what the row says, what earlier rows said of it, and what stands there now.

- The row says what earlier rows said, or what stands there: the place stays as it is.
- The place stands as rows left it: it becomes what the row says.
- Somebody changed it here, and the row now says something else again: the row is refused, with the column.

What is in no column (standing, exhibits, notes, titles of items) is never touched.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from api.cases.document import fresh_id, kinds, with_ids
from api.cases.flatrows import ABOUT, Document, FlatCase
from engine.content.documents import Document as Read
from engine.content.documents import pointer_of
from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.formernames import FormerNames
from engine.facts.values import BadValue, parse
from engine.facts.vocabulary import CASE, Fact, Part

_CHANGED = "was changed here since it was last sent, and now says something else"
_REMEDY = "Enter the right answer in the matter itself, then send the row again"


class ChangedHere(InputProblems):
    """A row says something new of what people have changed meanwhile; nobody's work is overwritten."""


@dataclass(frozen=True, slots=True)
class Merged:
    """How a case file shall stand after a row, and all that rows have said of it so far."""

    document: Document
    sent: Document


def merged(row: FlatCase, pack: Pack, current: Document | None, sent: Document) -> Merged:
    """Lay a row over the case file that stands now; ``sent`` is what earlier rows said.

    Raises:
        ChangedHere: every column of which the row says something else than people entered here since.
    """
    merge = _Merge(row, pack, current or {}, sent)
    merge.all()
    if merge.problems:
        raise ChangedHere(merge.problems)
    unchanged = current is not None and merge.after == merge.before
    return Merged(current if unchanged and current is not None else merge.after, merge.sent_after)


@dataclass
class _Merge:
    """One row on its way into one case file."""

    row: FlatCase
    pack: Pack
    current: Document
    sent: Document
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = FormerNames(self.pack.vocabulary)
        document, renamings = names.present(Read(self.row.document, "case"))
        former = {
            pointer_of(_path(one.part, one.index, one.fact)): pointer_of(_path(one.part, one.index, one.former))
            for one in renamings
        }
        self.row = replace(self.row, names=self.row.names | {now: self.row.names[old] for now, old in former.items()})
        self.said: Document = document.data
        self.before = with_ids(names.present(Read(self.current, "case"))[0].data, kinds(self.pack))
        self.after = copy.deepcopy(self.before)
        self.earlier: Document = names.present(Read(self.sent, "case"))[0].data
        self.sent_after = copy.deepcopy(self.earlier)

    def all(self) -> None:
        """Go through everything that the row says."""
        for name in ABOUT:
            if name in self.said:
                self._place((name,), self.said, self.earlier, self.after, self.sent_after)
        for name, fact in (("facts", self.pack.vocabulary.facts), ("variants", None)):
            said, earlier = self.said.get(name, {}), self.earlier.get(name, {})
            for key in said:
                known = fact.get(key) if fact else None
                after, sent = (one.setdefault(name, {}) for one in (self.after, self.sent_after))
                self._place((name, key), said, earlier, after, sent, fact=known)
        for part in self.pack.vocabulary.parts.values():
            if part.id in self.said:
                self._list(part)

    def _place(
        self,
        path: tuple[str | int, ...],
        said: Document,
        earlier: Document,
        after: Document,
        sent: Document,
        *,
        fact: Fact | None = None,
    ) -> None:
        """Decide on one place."""
        key = str(path[-1])
        new, old, now = said[key], earlier.get(key), after.get(key)
        if key in earlier and _same(fact, new, old):
            return
        if not (key in after and _same(fact, new, now)):
            if _untouched(fact, now, old):
                after[key] = new
            else:
                self._refuse(path)
                return
        sent[key] = new

    def _refuse(self, path: tuple[str | int, ...], message: str = _CHANGED) -> None:
        problem = Problem(message, pointer=pointer_of(path), fix=_REMEDY)
        self.problems += self.row.at_names((problem,))

    def _list(self, part: Part) -> None:
        said: list[Document] = copy.deepcopy(self.said[part.id])
        earlier, now = self.earlier.get(part.id), self.before.get(part.id)
        if earlier is None and now is None:
            self.after[part.id] = [{"id": _id(part, number), **item} for number, item in enumerate(said)]
            self.sent_after[part.id] = self.after[part.id]
            return
        if earlier is None:
            self._against_people(part, said, now or [])
        else:
            self._against_rows(part, said, earlier)
        rest = [] if self._sized(part) else (earlier or [])[len(said) :]
        self.sent_after[part.id] = [*said, *rest]

    def _against_people(self, part: Part, said: list[Document], now: list[Document]) -> None:
        """A list that people made: nothing tells which of its items the row means, so it may only repeat it."""
        for number, item in enumerate(said):
            item["id"] = _id(part, number, now[number] if number < len(now) else None)
        longer = len(said) != len(now) if self._sized(part) else len(said) > len(now)
        if longer or not all(self._repeats(part, *pair) for pair in zip(said, now, strict=False)):
            path = (part.id,) if self._sized(part) else (part.id, 0)
            self._refuse(path, f"the list of {part.id} was made here, and the row says another")

    def _against_rows(self, part: Part, said: list[Document], earlier: list[Document]) -> None:
        listed: list[Document] = self.after.get(part.id) or []
        ids = [_id(part, number, item) for number, item in enumerate(listed)]
        here = dict(zip(ids, listed, strict=True))
        known = [_id(part, number, item) for number, item in enumerate(earlier)]
        for index, item in enumerate(said):
            item["id"] = known[index] if index < len(known) else fresh_id(part.item, index + 1)
            if index >= len(known):
                if ids != known:
                    self._refuse((part.id, index), f"the list of {part.id} was changed here since it was last sent")
                self.after.setdefault(part.id, []).append(copy.deepcopy(item))
            elif item["id"] in here:
                self._item(part, index, item, earlier[index], here[item["id"]])
            elif not self._repeats(part, item, earlier[index]):
                self._refuse((part.id, index), "was taken out here since it was last sent, and now says something else")
            said[index] = {**(earlier[index] if index < len(earlier) else {}), **item}
        if self._sized(part):
            self._cut(part, earlier[len(said) :], known[len(said) :], here)
            if earlier and not said:
                self.after.setdefault(part.id, [])

    def _item(self, part: Part, index: int, said: Document, earlier: Document, after: Document) -> None:
        facts = {fact.id: fact for fact in self.pack.vocabulary.of_scope(part.id)}
        for name, _ in _findings(said):
            self._place((part.id, index, name), said, earlier, after, {}, fact=facts.get(name))

    def _cut(self, part: Part, rest: list[Document], names: list[str], here: dict[str, Document]) -> None:
        """The row says that the list is shorter than it was: the items behind go, if nobody worked on them."""
        facts = {fact.id: fact for fact in self.pack.vocabulary.of_scope(part.id)}
        for name, earlier in zip(names, rest, strict=True):
            item = here.get(name)
            if item is None:
                continue
            if item.keys() - {"id"} != earlier.keys() - {"id"} or not all(
                _untouched(facts.get(key), item.get(key), old) for key, old in _findings(earlier)
            ):
                self._refuse((part.id,), f"an item of the {part.id} was changed here, and the row leaves it out")
            else:
                self.after[part.id] = [one for one in self.after[part.id] if one is not item]

    def _repeats(self, part: Part, said: Document, earlier: Document) -> bool:
        facts = {fact.id: fact for fact in self.pack.vocabulary.of_scope(part.id)}
        return all(_same(facts.get(name), new, earlier.get(name)) for name, new in _findings(said))

    def _sized(self, part: Part) -> bool:
        return part.id in self.row.sized


def _path(part: str, index: int, fact: str) -> tuple[str | int, ...]:
    return ("facts", fact) if part == CASE else (part, index, fact)


def _id(part: Part, number: int, item: Document | None = None) -> str:
    return str((item or {}).get("id") or f"{part.item}-{number + 1}")


def _findings(item: Document) -> Iterator[tuple[str, Any]]:
    return ((name, raw) for name, raw in list(item.items()) if name not in ("id", "title"))


def _untouched(fact: Fact | None, now: Any, earlier: Any) -> bool:
    """Whether a place is as rows left it: the same answer, and nothing beside it."""
    beside = isinstance(now, dict) and (
        set(now) - {"value", "person", "state", "standing"} or now.get("standing") == "established"
    )
    return not beside and _same(fact, now, earlier)


def _same(fact: Fact | None, one: Any, other: Any) -> bool:
    """Whether two findings say the same, however they are written and whatever stands beside them."""
    return bool(_meaning(fact, one) == _meaning(fact, other))


def _meaning(fact: Fact | None, raw: Any) -> Any:
    if isinstance(raw, dict):
        if raw.get("standing") == "disputed":
            return tuple(_meaning(fact, raw.get(side, "unknown")) for side in ("person", "state"))
        return _meaning(fact, raw.get("value"))
    if fact is None or raw is None:
        return raw
    try:
        return parse(fact, raw)
    except BadValue:  # unknown, or of another vocabulary
        return tuple(raw) if isinstance(raw, list) else raw
