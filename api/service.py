"""What one running service consists of: the law, the store, and whoever runs the full assessments.

The doors (HTTP and pages) get it whole and keep nothing of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from api.catalogue import Catalogue
from api.decided import DecidedCases
from api.library import Library
from api.settings import Settings
from api.shelf import Shelf
from api.store.store import Store
from engine.assess import Engine
from engine.content.documents import read_bytes
from engine.facts.reading import Reading

SOURCE = "case"


class Assessor(Protocol):
    """Runs full assessments: both engines, proof and trace."""

    def assess(self, case: bytes, on: date | None = None, reading: Reading = "neutral") -> bytes:
        """The answer to a case, both as JSON.

        Raises:
            InputProblems: the case cannot be assessed as it stands.
            EnginesDisagree: the engines differ; there is no answer.
        """

    def close(self) -> None:
        """Finish what runs and end."""


@dataclass(frozen=True)
class Here:
    """An assessor in this process, without protection from a crash of the chaining library."""

    engine: Engine

    def assess(self, case: bytes, on: date | None = None, reading: Reading = "neutral") -> bytes:
        """The answer to a case, both as JSON."""
        read = self.engine.read(read_bytes(case, SOURCE, is_json=True))
        return self.engine.assess(read, on, reading).model_dump_json().encode()

    def close(self) -> None:
        """Nothing runs on."""


@dataclass(frozen=True)
class Service:
    """The parts of one running service."""

    engine: Engine
    catalogue: Catalogue
    settings: Settings
    store: Store
    assessor: Assessor

    @cached_property
    def shelf(self) -> Shelf:
        """The law content in use and other packs, made when first asked for."""
        return Shelf(self.engine, self.settings)

    @cached_property
    def library(self) -> Library:
        """The law content in use with its cross-references."""
        return Library(self.engine.pack)

    @cached_property
    def decided(self) -> DecidedCases:
        """The decided cases of the law content in use."""
        return DecidedCases(self.engine, self.settings)
