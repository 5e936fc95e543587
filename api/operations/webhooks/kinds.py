"""The kinds of events, and the body of one: CloudEvents 1.0 attributes, ids, and whether the outcome changed.

A body says that something happened to which matter, never what. Who receives it asks for the rest
over the API, where the access is authorised and recorded.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

KINDS: dict[str, str] = {
    "assessment.created": "An assessment of record was made",
    "outcome.changed": "An assessment has another outcome than the one before it, of the same matter and reading",
    "deadline.near": "A time limit of a matter ends within days",
    "matter.erased": "A matter was erased for good; erase your copy too",
}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. Everything in it is an id of ours."""

    id: str
    kind: str
    workspace: str
    at: str
    matter: str
    assessment: str = ""
    changed: bool | None = None

    def body(self) -> str:
        """The event as JSON, the same characters at every try."""
        ids = {"matter": self.matter} | ({"assessment": self.assessment} if self.assessment else {})
        data = ids | ({} if self.changed is None else {"changed": self.changed})
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "source": f"urn:dedere:{self.workspace}",
            "type": self.kind,
            "subject": self.matter,
            "time": self.at,
            "datacontenttype": "application/json",
            "data": data,
        }
        return json.dumps(attributes, separators=(",", ":"))


def joined(kinds: Collection[str]) -> str:
    """Kinds as they are stored.

    Raises:
        ValueError: one is unknown, or there is none.
    """
    if not kinds or not set(kinds) <= KINDS.keys():
        raise ValueError(f"an endpoint needs at least one kind of event out of {', '.join(KINDS)}")
    return " ".join(kind for kind in KINDS if kind in set(kinds))
