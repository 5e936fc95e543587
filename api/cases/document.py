"""Changes to a case that is held as data: a finding, a list's items, an exhibit, a line of the head.

Each function gives a changed copy. What the case says elsewhere stays as it was written. Items of lists are
named by the ids that they have in writing: ``with_ids`` writes those of a case that leaves them out.
"""

from __future__ import annotations

import base64
import copy
import re
import secrets
from collections.abc import Mapping
from typing import Any

from engine.content.models import Pack
from engine.facts.vocabulary import CASE

Case_ = dict[str, Any]
#: Where a fact stands: its part (or ``case``), the id of the item (empty for the case), its name.
Where = tuple[str, str, str]


class NoSuchItem(KeyError):
    """A list holds no such item, because somebody took it out or never put it in."""

    def __init__(self, part: str, item: str) -> None:
        super().__init__(item)
        self.part, self.item = part, item


def finding_at(document: Case_, where: Where) -> Any:
    """The finding as written, or None."""
    part, item, fact = where
    home = document.get("facts") if part == CASE else _item(document, part, item)
    return (home or {}).get(fact)


def answered_in(document: Case_) -> set[Where]:
    """Where the case says anything, if only that something is not known."""
    here = {(CASE, "", fact) for fact, said in (document.get("facts") or {}).items() if said is not None}
    lists = ((part, listed) for part, listed in document.items() if isinstance(listed, list))
    items = ((part, one) for part, listed in lists for one in listed if isinstance(one, dict))
    return here | {
        (part, str(one.get("id", "")), fact) for part, one in items for fact, said in one.items() if said is not None
    }


def with_finding(document: Case_, where: Where, finding: Any) -> Case_:
    """The case with a fact set; None takes it out.

    Raises:
        NoSuchItem: somebody took the item out meanwhile.
    """
    part, item, fact = where
    changed = copy.deepcopy(document)
    home = changed.setdefault("facts", {}) if part == CASE else _item(changed, part, item)
    if home is None:
        raise NoSuchItem(part, item)
    if finding is None:
        home.pop(fact, None)
    else:
        home[fact] = finding
    return changed


def with_item(document: Case_, part: str, kind: str, title: str, **findings: Any) -> Case_:
    """The case with one more item in a list, and what is known of it at once."""
    changed = copy.deepcopy(document)
    listed = changed.get(part) or []
    changed[part] = [*listed, {"id": fresh_id(kind, len(listed) + 1), "title": title, **findings}]
    return changed


def without_item(document: Case_, part: str, item: str) -> Case_:
    """The case without an item; a list that becomes empty is unknown again.

    Raises:
        NoSuchItem: somebody took it out before.
    """
    changed = copy.deepcopy(document)
    if _item(changed, part, item) is None:
        raise NoSuchItem(part, item)
    rest = [one for one in changed[part] if one.get("id") != item]
    if rest:
        changed[part] = rest
    else:
        changed.pop(part, None)
    return changed


def with_empty_list(document: Case_, part: str) -> Case_:
    """The case in which a list is known to hold nothing."""
    return {**copy.deepcopy(document), part: []}


def with_title(document: Case_, part: str, item: str, title: str) -> Case_:
    """The case with an item called otherwise.

    Raises:
        NoSuchItem: somebody took it out meanwhile.
    """
    changed = copy.deepcopy(document)
    found = _item(changed, part, item)
    if found is None:
        raise NoSuchItem(part, item)
    found["title"] = title
    return changed


def with_exhibit(document: Case_, exhibit: dict[str, Any], name: str = "") -> Case_:
    """The case with an exhibit added, or with the one of this name described anew.

    What ``exhibit`` gives as None is taken out of the description; what it does not name stays.

    Raises:
        NoSuchItem: somebody took it out meanwhile.
    """
    changed = copy.deepcopy(document)
    listed = changed.setdefault("exhibits", {})
    if name and name not in listed:
        raise NoSuchItem("exhibits", name)
    described = {**listed.get(name, {}), **exhibit}
    listed[name or _new_name(exhibit["title"])] = {key: one for key, one in described.items() if one is not None}
    return changed


def without_exhibit(document: Case_, name: str) -> Case_:
    """The case without an exhibit, and without every reference to it.

    Raises:
        NoSuchItem: somebody took it out before.
    """
    changed = copy.deepcopy(document)
    if name not in changed.get("exhibits", {}):
        raise NoSuchItem("exhibits", name)
    changed["exhibits"].pop(name)
    for home in _homes(changed):
        for finding in home.values():
            if isinstance(finding, dict) and "exhibits" in finding:
                finding["exhibits"] = [one for one in finding["exhibits"] if _exhibit_id(one) != name]
    return changed


def item_id(listed: list[Any], number: int, kind: str) -> str:
    """The id of an item by its position; one without an id goes by its number."""
    return str(listed[number].get("id") or f"{kind}-{number + 1}")


def fresh_id(kind: str, number: int) -> str:
    """An id that no other item has or ever had: what was written for an item that is gone lands on no other."""
    return f"{kind}-{number}-{_random()}"


def _random() -> str:
    return base64.b32encode(secrets.token_bytes(5)).decode().lower()


def without_place(document: Case_, pointer: str) -> Case_:
    """The case without what stands at a JSON pointer; the same case if nothing does."""
    changed, steps = (
        copy.deepcopy(document),
        [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]],
    )
    home: Any = changed
    for step in steps[:-1]:
        home = _below(home, step)
    if steps and isinstance(home, dict) and steps[-1] in home:
        del home[steps[-1]]
        return changed
    return document


def _below(home: Any, step: str) -> Any:
    if isinstance(home, list):
        return home[int(step)] if step.isdecimal() and int(step) < len(home) else None
    return home.get(step) if isinstance(home, dict) else None


def kinds(pack: Pack) -> dict[str, str]:
    """What an item of each list is called, by the list."""
    return {part.id: part.item for part in pack.vocabulary.parts.values()}


def with_ids(document: Case_, kinds: Mapping[str, str]) -> Case_:
    """The case in which every item of the lists in ``kinds`` has its id in writing, so that no number ever shifts."""
    named = {
        part: [{**one, "id": item_id(document[part], number, kind)} for number, one in enumerate(document[part])]
        for part, kind in kinds.items()
        if document.get(part)
    }
    return {**document, **named}


def _item(document: Case_, part: str, item: str) -> dict[str, Any] | None:
    listed = document.get(part) or []
    return next((one for one in listed if one.get("id") == item), None)


def _homes(document: Case_) -> list[dict[str, Any]]:
    listed = [one for value in document.values() if isinstance(value, list) for one in value if isinstance(one, dict)]
    return [document.get("facts", {}), *listed]


def _exhibit_id(reference: Any) -> str:
    return str(reference.get("id") if isinstance(reference, dict) else reference)


def _new_name(title: str) -> str:
    """A name that no exhibit ever had: a form made for one that is gone attaches no other."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:30] or "exhibit"
    return f"{plain}-{_random()}"
