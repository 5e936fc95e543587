"""Changes to a case that is held as data: a finding, a list's items, an exhibit, a line of the head.

Each function gives a changed copy. What the case says elsewhere stays as it was written.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from engine.facts.vocabulary import CASE

Case_ = dict[str, Any]
#: Where a fact stands: its part (or ``case``), the id of the item (empty for the case), its name.
Where = tuple[str, str, str]


def finding_at(document: Case_, where: Where) -> Any:
    """The finding as written, or None."""
    part, item, fact = where
    home = document.get("facts") if part == CASE else _item(document, part, item)
    return (home or {}).get(fact)


def with_finding(document: Case_, where: Where, finding: Any) -> Case_:
    """The case with a fact set; None takes it out.

    Raises:
        KeyError: there is no such item.
    """
    part, item, fact = where
    changed = copy.deepcopy(document)
    home = changed.setdefault("facts", {}) if part == CASE else _item(changed, part, item)
    if home is None:
        raise KeyError(item)
    if finding is None:
        home.pop(fact, None)
    else:
        home[fact] = finding
    return changed


def with_item(document: Case_, part: str, kind: str, title: str, **findings: Any) -> Case_:
    """The case with one more item in a list, and what is known of it at once."""
    changed = copy.deepcopy(document)
    listed = changed.get(part) or []
    taken = {item_id(listed, number, kind) for number in range(len(listed))}
    number = next(n for n in range(len(listed) + 1, 2 * len(listed) + 2) if f"{kind}-{n}" not in taken)
    changed[part] = [*listed, {"id": f"{kind}-{number}", "title": title, **findings}]
    return changed


def without_item(document: Case_, part: str, item: str) -> Case_:
    """The case without an item; a list that becomes empty is unknown again."""
    changed = copy.deepcopy(document)
    kept = [one for number, one in enumerate(changed.get(part) or []) if item_id(changed[part], number, "") != item]
    if kept:
        changed[part] = kept
    else:
        changed.pop(part, None)
    return changed


def with_empty_list(document: Case_, part: str) -> Case_:
    """The case in which a list is known to hold nothing."""
    return {**copy.deepcopy(document), part: []}


def with_title(document: Case_, part: str, item: str, title: str) -> Case_:
    """The case with an item called otherwise."""
    changed = copy.deepcopy(document)
    found = _item(changed, part, item)
    if found is not None:
        found["title"] = title
    return changed


def with_exhibit(document: Case_, exhibit: dict[str, Any], name: str = "") -> Case_:
    """The case with an exhibit added, or with the one of this name described anew."""
    changed = copy.deepcopy(document)
    listed = changed.setdefault("exhibits", {})
    listed[name or _new_name(exhibit["title"], listed)] = exhibit
    return changed


def without_exhibit(document: Case_, name: str) -> Case_:
    """The case without an exhibit, and without every reference to it."""
    changed = copy.deepcopy(document)
    changed.get("exhibits", {}).pop(name, None)
    for home in _homes(changed):
        for finding in home.values():
            if isinstance(finding, dict) and "exhibits" in finding:
                finding["exhibits"] = [one for one in finding["exhibits"] if _exhibit_id(one) != name]
    return changed


def item_id(listed: list[Any], number: int, kind: str) -> str:
    """The id of an item by its position; one without an id goes by its number."""
    return str(listed[number].get("id") or f"{kind}-{number + 1}")


def _item(document: Case_, part: str, item: str) -> dict[str, Any] | None:
    listed = document.get(part) or []
    return next((one for one in listed if one.get("id") == item), None)


def _homes(document: Case_) -> list[dict[str, Any]]:
    listed = [one for value in document.values() if isinstance(value, list) for one in value if isinstance(one, dict)]
    return [document.get("facts", {}), *listed]


def _exhibit_id(reference: Any) -> str:
    return str(reference.get("id") if isinstance(reference, dict) else reference)


def _new_name(title: str, taken: dict[str, Any]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:30] or "exhibit"
    names = [plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
