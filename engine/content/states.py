"""States as the register knows them: members, other States, territories, and those that are no more.

The codes of ISO 3166 name States and territories alike. This list says which is which, who answers
for a territory, which States came after one that ended, and what people call them all.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from engine.facts.values import state_name
from engine.facts.vocabulary import Content


class OtherState(Content):
    """A State that is no member of the United Nations, or that not every State recognises."""

    name: str = ""
    note: str


class FormerState(Content):
    """A State that is no more; ``codes`` are those ISO 3166 had for it."""

    codes: tuple[str, ...] = ()
    until: date
    successors: tuple[str, ...] = Field(min_length=1)
    note: str = ""


class Area(Content):
    """A territory whose authorities are not those of the State it belongs to."""

    states: tuple[str, ...] = Field(min_length=1)
    note: str


class StateRegister(Content):
    """Every State and territory that a case can name, by code."""

    members: tuple[str, ...] = ()
    others: dict[str, OtherState] = Field(default_factory=dict)
    territories: dict[str, str] = Field(default_factory=dict)
    former: dict[str, FormerState] = Field(default_factory=dict)
    areas: dict[str, Area] = Field(default_factory=dict)

    def knows(self, code: str) -> bool:
        """Whether the code is that of a State or territory of this list; an empty list knows all."""
        return not self.members or code in self.members or code in self.others or code in self.territories

    def name(self, code: str) -> str:
        """The English name of a State or territory."""
        other = self.others.get(code)
        return other.name if other and other.name else state_name(code)
