"""What one running service consists of: the law, the store, and whoever runs the full assessments.

The doors (HTTP and pages) get it whole and keep nothing of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from api.law.catalogue import Catalogue
from api.law.decided import DecidedCases
from api.law.library import Library
from api.law.packs import open_pack
from api.law.shelf import Shelf
from api.service.wording import words_under
from api.settings import Settings
from api.storage.store import Store
from api.workers.onecase import assess_json
from engine.assess import Engine
from engine.facts.reading import Reading


class Assessor(Protocol):
    """Runs full assessments: both engines, proof and trace."""

    @property
    def places(self) -> int:
        """How many assessments may run or wait elsewhere at once; each keeps a thread of this process."""

    @property
    def quiet(self) -> float:
        """For how many seconds nobody has waited for an assessment; without end where nobody ever waits."""

    def assess(
        self,
        case: bytes,
        on: date | None = None,
        reading: Reading = "neutral",
        pack: str | None = None,
        *,
        whose: str,
        whole: bool = True,
    ) -> bytes:
        """The answer to a case, both as JSON, also under another pack by its file; ``whose`` is the workspace that asks.

        Not the ``whole``: only the record of what both engines agree on (see ``engine.answer.record``).

        Raises:
            InputProblems: the case cannot be assessed as it stands.
            EnginesDisagree: the engines differ; there is nothing to say or to keep.
        """

    def close(self) -> None:
        """Finish what runs and end."""


@dataclass(frozen=True)
class Here:
    """An assessor in this process, without protection from a crash of the chaining library."""

    engine: Engine
    places: int = 0
    quiet: float = math.inf

    def assess(
        self,
        case: bytes,
        on: date | None = None,
        reading: Reading = "neutral",
        pack: str | None = None,
        *,
        whose: str = "",
        whole: bool = True,
    ) -> bytes:
        """The answer to a case, both as JSON."""
        engine = self.engine if pack is None else Engine(open_pack(pack, Settings()))
        return assess_json(engine, case, on, reading, whole=whole)

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

    def __post_init__(self) -> None:
        object.__setattr__(self, "store", self.store.with_words(words_under(lambda: self.shelf)))

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
