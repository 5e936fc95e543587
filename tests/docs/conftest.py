"""The engine over the real content, made once for all texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.assess import Engine
from engine.content.loader import load_pack

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(load_pack(ROOT / "rules", ROOT / "instruments"))
