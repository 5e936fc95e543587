"""A copy of a matter for the class: its facts, and nothing in it that a person wrote in words.

Titles, references, exhibits, notes, names of those who assert and ids of listed things go. What remains are
answers of the vocabulary: yes or no, choices, numbers, dates, States.
"""

from __future__ import annotations

from typing import Any

from engine.facts.vocabulary import Vocabulary

_KEPT = ("value", "person", "state", "standing")
_BY = ("person", "state")


def anonymised(document: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The copy; it gives the same answer as the case itself."""
    copy: dict[str, Any] = {"facts": _findings(document.get("facts") or {})}
    copy |= {key: document[key] for key in ("assessed_on", "variants") if document.get(key)}
    for part in vocabulary.parts.values():
        if document.get(part.id) is not None:
            listed = enumerate(document[part.id], 1)
            copy[part.id] = [{"id": f"{part.item}-{number}", **_item(one)} for number, one in listed]
    return copy


def _item(item: dict[str, Any]) -> dict[str, Any]:
    return _findings({name: value for name, value in item.items() if name not in ("id", "title")})


def _findings(findings: dict[str, Any]) -> dict[str, Any]:
    return {name: _finding(found) for name, found in findings.items()}


def _finding(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    by = {"by": found["by"]} if found.get("by") in _BY else {}
    return {**{key: found[key] for key in _KEPT if key in found}, **by}
