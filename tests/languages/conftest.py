"""The languages in which Dedere speaks, and the catalogues they are read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.documents.language.catalogues import Speech, speech_in
from engine.assess import Engine
from engine.content.models import Pack

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ukrainian() -> Speech:
    """The words of Ukrainian."""
    return speech_in("uk")


@pytest.fixture(scope="session")
def pack(engine: Engine) -> Pack:
    """The real law content."""
    return engine.pack
