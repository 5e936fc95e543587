"""A case: what is known of one person and one request, finding by finding.

A finding has a value and a *standing*: established, asserted (by whom), or disputed (what each side
says). Where both sides say the same nothing is in dispute: it is asserted by both. A bare value counts as asserted by nobody named, and so is listed as an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from engine.facts.schema import MOST_PAGES, YES_NO, strict_date, strict_page, strict_yes_no

Standing = Literal["established", "asserted", "disputed"]
Side = Literal["person", "state"]
#: Who says it where both sides say the same.
BOTH = "both"


class Strict(BaseModel):
    """Input of a case: unknown keys are errors and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class ExhibitRef(Strict):
    """An exhibit of the case, with the page that matters."""

    id: str
    page: Annotated[Annotated[int, Field(ge=0, le=MOST_PAGES)] | str | None, BeforeValidator(strict_page)] = None


class Exhibit(Strict):
    """A document of the file."""

    title: str
    author: str = ""
    dated: Annotated[date | None, BeforeValidator(strict_date)] = None
    official: Annotated[bool, BeforeValidator(strict_yes_no), WithJsonSchema(YES_NO, mode="validation")] = False
    link: str = ""


class Finding(Strict):
    """A fact's value in this case. ``value`` None is *asked, not known*; disputed findings have two sides."""

    value: Any = None
    standing: Standing = "asserted"
    by: str = ""
    person: Any = None
    state: Any = None
    exhibits: tuple[ExhibitRef, ...] = ()
    note: str = ""

    @property
    def disputed(self) -> bool:
        """Whether the two sides say different things."""
        return self.standing == "disputed"


def agreed(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a finding: what both sides say alike is not in dispute, and is asserted by both."""
    if fields.get("standing") != "disputed" or fields.get("person") != fields.get("state"):
        return fields
    rest = {key: one for key, one in fields.items() if key not in ("person", "state")}
    by = fields.get("by") or (BOTH if fields.get("person") is not None else "")
    return {**rest, "standing": "asserted", "value": fields.get("person"), "by": by}


class Item(Strict):
    """One listed thing (an offence, a promise, a step) with its findings."""

    id: str
    title: str = ""
    findings: dict[str, Finding]


class Renaming(Strict):
    """What became of an answer that a case gives under a former name of a fact."""

    fact: str
    former: str
    part: str
    index: int = 0
    how: Literal["read", "joined", "set_aside"]


class Case(Strict):
    """A validated case, independent of how it was written."""

    reference: str = ""
    title: str = ""
    assessed_on: date | None = None
    variants: dict[str, str] = Field(default_factory=dict)
    findings: dict[str, Finding] = Field(default_factory=dict)
    items: dict[str, tuple[Item, ...]] = Field(default_factory=dict)
    exhibits: dict[str, Exhibit] = Field(default_factory=dict)
    notes: str = ""
    renamings: tuple[Renaming, ...] = Field(default=(), exclude=True)

    @property
    def disputed(self) -> bool:
        """Whether any finding is disputed, so that the readings can differ."""
        listed = [item.findings for items in self.items.values() for item in items]
        return any(finding.disputed for findings in (self.findings, *listed) for finding in findings.values())

    def canonical(self) -> dict[str, Any]:
        """Plain JSON data that stands for the case in the receipt; order of writing does not matter."""
        data: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        for finding in _all_findings(data):
            for key in ("value", "person", "state"):
                if isinstance(finding.get(key), list):
                    finding[key] = sorted(finding[key])
        return data


def _all_findings(data: dict[str, Any]) -> list[dict[str, Any]]:
    listed = [item["findings"] for items in data["items"].values() for item in items]
    return [finding for group in (data["findings"], *listed) for finding in group.values()]
