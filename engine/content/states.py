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
    """A State that is no member of the United Nations; ``cldr`` is its code there if ISO 3166 has none."""

    name: str = ""
    cldr: str = ""
    note: str


class FormerState(Content):
    """A State that is no more; ``codes`` are those ISO 3166 had for it."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    until: date
    successors: tuple[str, ...] = Field(min_length=1)
    note: str = ""


class Area(Content):
    """A place whose authorities are not those of the State it belongs to, which stands first."""

    names: tuple[str, ...] = ()
    states: tuple[str, ...] = Field(min_length=1)
    note: str


class StateRegister(Content):
    """Every State and territory that a case can name, by code, and what people call them.

    Of names that are ``ambiguous``, of ``former`` States and of ``areas`` the States that may be meant
    are offered. ``words`` are codes that are words too, ``none`` what people type for no State.
    """

    members: tuple[str, ...] = ()
    others: dict[str, OtherState] = Field(default_factory=dict)
    territories: dict[str, str] = Field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ambiguous: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    former: dict[str, FormerState] = Field(default_factory=dict)
    areas: dict[str, Area] = Field(default_factory=dict)
    words: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """Codes that ISO 3166 does not have."""
        return frozenset(code for code, other in self.others.items() if other.cldr)

    def knows(self, code: str) -> bool:
        """Whether the code is that of a State or territory of this list; an empty list knows all."""
        return not self.members or code in self.members or code in self.others or code in self.territories

    def name(self, code: str) -> str:
        """The English name of a State or territory."""
        other = self.others.get(code)
        return other.name if other and other.name else state_name(code)

    def note(self, code: str) -> str:
        """What is to be known of a State that is no member, or of a territory; nothing of a member."""
        if code in self.territories:
            return f"{self.name(code)} is a territory of {self.name(self.territories[code])}, not a State."
        return self.others[code].note if code in self.others else ""
