"""Former names of facts: a case that was written before a fact was renamed or merged is read as if written today.

What was answered under a former name becomes an answer to the present question, with its standing, exhibits
and note. Where a case answers both, a *yes* under either counts (the present question is the wider one), sets
are joined, of two levels the higher counts, and of two other answers the one under the present name stands. Old
answers that only rule levels out give, together, the highest level that is left. Each time it is noted what was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.content.documents import Document, Path_
from engine.facts.casemodel import Renaming
from engine.facts.values import UNKNOWN
from engine.facts.vocabulary import CASE, Fact, FormerName, Vocabulary

_SIDES = ("person", "state")


@dataclass(frozen=True)
class Former:
    """A former name with the fact that it now is."""

    fact: Fact
    said: FormerName

    def answer(self, raw: Any) -> Any:
        """An old answer to the present question; ``unknown`` where it says nothing of it."""
        if not self.said.values or raw == UNKNOWN:
            return raw
        if isinstance(raw, list):
            known = [self.said.values[one] for one in raw if isinstance(one, str) and one in self.said.values]
            present = sorted({word for one in known for word in (one if isinstance(one, list) else [one])})
            return present if present or not raw else UNKNOWN
        return self.said.values.get(_word(raw), UNKNOWN)

    def ruled_out(self, raw: Any) -> frozenset[str]:
        """The present values that an old answer, undisputed, rules out."""
        answer = raw.get("value", UNKNOWN) if isinstance(raw, dict) else raw
        return frozenset(self.said.excludes.get(_word(answer), ()))

    @staticmethod
    def cell(raw: Any) -> Any:
        """A cell of a table as an old case file would have it: words with ``|`` between, true or false as text."""
        if isinstance(raw, tuple):
            return list(raw)
        if isinstance(raw, str):
            return raw.split("|") if "|" in raw else {"true": "yes", "false": "no"}.get(raw, raw)
        return raw


class FormerNames:
    """Every former name of a vocabulary, by the scope in which it is written."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.known: dict[str, dict[str, tuple[Former, ...]]] = {scope: {} for scope in (CASE, *vocabulary.parts)}
        for fact in vocabulary.facts.values():
            for said in fact.formerly:
                names = self.known.setdefault(fact.scope, {})
                names[said.name] = (*names.get(said.name, ()), Former(fact, said))

    def of(self, name: str, scope: str = CASE) -> tuple[Former, ...]:
        """The facts that a former name of that scope now is; none if it is no former name."""
        return self.known.get(scope, {}).get(name, ())

    def present(self, document: Document) -> tuple[Document, tuple[Renaming, ...]]:
        """The document under present names, and what became of each former one; the same document if it has none."""
        data = document.data
        old = [group for group in _groups(data, self.known) if not self.known[group[1]].keys().isdisjoint(group[2])]
        if not old:
            return document, ()
        renamed, lines, renamings = dict(data), dict(document.lines), list[Renaming]()
        for path, scope, facts in old:
            _put(renamed, path, _under_present_names(facts, self.known[scope], path, lines, renamings))
        return replace(document, data=renamed, lines=lines), tuple(renamings)


def _groups(data: Any, known: Mapping[str, Any]) -> list[tuple[Path_, str, dict[str, Any]]]:
    """Every mapping of facts in a case file: of the case, and of each item of its lists."""
    here = data.get("facts")
    groups: list[tuple[Path_, str, dict[str, Any]]] = [(("facts",), CASE, here)] if isinstance(here, dict) else []
    for part in known:
        listed = data.get(part) if part != CASE else None
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, dict):
                groups.append(((part, index), part, item))
    return groups


def _under_present_names(
    facts: dict[str, Any],
    known: Mapping[str, tuple[Former, ...]],
    path: Path_,
    lines: dict[Path_, int],
    renamings: list[Renaming],
) -> dict[str, Any]:
    fresh = {name: raw for name, raw in facts.items() if name not in known}
    part, index = (CASE, 0) if len(path) == 1 else (str(path[0]), int(path[1]))
    old_answers = [(former, raw) for old, raw in facts.items() for former in known.get(old, ())]
    for former, raw in old_answers:
        old, name, mine = former.said.name, former.fact.id, _answered(former, raw)
        lines.setdefault((*path, name), lines.get((*path, old), 0))
        set_aside = _all_unknown(mine) and not _all_unknown(raw) and not former.ruled_out(raw)
        how = "set_aside" if set_aside else "joined" if name in fresh else "read"
        renamings.append(Renaming(fact=name, former=old, part=part, index=index, how=how))
        fresh[name] = _together(former.fact, fresh[name], mine) if name in fresh and _is_finding(mine) else mine
    for fact in {former.fact.id: former.fact for former, _ in old_answers}.values():
        mine = fresh[fact.id]
        answers = [former.ruled_out(raw) for former, raw in old_answers if former.fact is fact]
        left = highest_left(fact, frozenset().union(*answers))
        if left and _all_unknown(mine):
            fresh[fact.id] = {**mine, "value": left} if isinstance(mine, dict) and "value" in mine else left
    return fresh


def highest_left(fact: Fact, ruled_out: frozenset[str]) -> str:
    """The highest level of an ordered fact that old answers leave, if they rule out every higher one and no lower."""
    levels = list(fact.values)
    left = [level for level in levels if level not in ruled_out]
    return left[-1] if fact.ordered and left and len(left) < len(levels) and left == levels[: len(left)] else ""


def _answered(former: Former, raw: Any) -> Any:
    """A finding under a former name as one of the present fact."""
    if not isinstance(raw, dict):
        return former.answer(raw)
    keys = {key: former.answer(raw[key]) for key in ("value", *_SIDES) if key in raw}
    return {**raw, **keys}


def _together(fact: Fact, one: Any, other: Any) -> Any:
    """Two findings on one fact as one: values side by side, exhibits and notes of both."""
    if not isinstance(one, dict) and not isinstance(other, dict):
        return _joined(fact, one, other)
    first, second = (found if isinstance(found, dict) else {"value": found} for found in (one, other))
    disputed = "disputed" in (first.get("standing"), second.get("standing"))
    keys = _SIDES if disputed else ("value",)
    values = {key: _joined(fact, _side(first, key), _side(second, key)) for key in keys}
    rest = {key: first.get(key) or second[key] for key in ("standing", "by") if key in first or key in second}
    if disputed:
        rest["standing"] = "disputed"
    listed = [found["exhibits"] for found in (first, second) if isinstance(found.get("exhibits"), list)]
    exhibits = [one for number, refs in enumerate(listed) for one in refs if not number or one not in listed[0]]
    notes = " ".join(dict.fromkeys(str(found["note"]) for found in (first, second) if found.get("note")))
    return {**values, **rest, **({"exhibits": exhibits} if exhibits else {}), **({"note": notes} if notes else {})}


def _is_finding(raw: Any) -> bool:
    return not isinstance(raw, dict) or any(key in raw for key in ("value", *_SIDES))


def _side(finding: Mapping[str, Any], key: str) -> Any:
    """What a finding says for a side; an undisputed one says the same for both."""
    return finding.get(key, finding.get("value", UNKNOWN))


def _joined(fact: Fact, one: Any, other: Any) -> Any:
    if UNKNOWN in (one, other):
        return other if one == UNKNOWN else one
    if fact.type == "yes_no":
        return one if _word(one) == "yes" else other
    if isinstance(one, list) and isinstance(other, list):
        return sorted({*map(str, one), *map(str, other)})
    if fact.ordered and one in (levels := list(fact.values)) and other in levels:
        return max(one, other, key=levels.index)
    return one


def _all_unknown(raw: Any) -> bool:
    if not isinstance(raw, dict):
        return bool(raw == UNKNOWN)
    return all(raw[key] == UNKNOWN for key in ("value", *_SIDES) if key in raw)


def _word(raw: Any) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw)


def _put(data: dict[str, Any], path: Path_, fresh: dict[str, Any]) -> None:
    """Replace one mapping of facts in a copy of a case file, without touching the original's lists."""
    if len(path) == 1:
        data["facts"] = fresh
        return
    part, index = path
    data[str(part)] = [fresh if number == index else item for number, item in enumerate(data[str(part)])]
