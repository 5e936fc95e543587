"""What all tests share: search settings, the fictional Toyland, empty databases, and slow tests only when asked for.

Toyland has a treaty on the surrender of dolls, a protocol, and a union of puppets that displaces it.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from engine.assess import Engine
from engine.content.loader import load_pack
from engine.content.models import Pack

if TYPE_CHECKING:
    from tests.store.stock import Stock

ROOT = Path(__file__).parents[1]
TOYLAND = ROOT / "tests" / "toyland"
#: Counts the tests that loaded law.
_LOADED = count(1)

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
# The same examples on every machine: what CI finds, everyone finds. `pytest -m slow` searches at random.
settings.register_profile("every_day", deadline=None, derandomize=True, database=None, suppress_health_check=_QUIET)
settings.register_profile("slow", deadline=None, database=None, print_blob=True, suppress_health_check=_QUIET)


def pytest_configure(config: pytest.Config) -> None:
    """Deterministic searches by default; and Ctrl-C reaches children, even of a suite run in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.load_profile("slow" if "slow" in config.option.markexpr else "every_day")


def pytest_runtest_teardown() -> None:
    """Let law go that a test loaded: a program freezes it for the rest of its life, which here is that of all tests.

    Looking for it takes a while, so that is done for several tests together.
    """
    if gc.get_freeze_count():
        gc.unfreeze()
        if next(_LOADED) % 4 == 0:
            gc.collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless the marker expression speaks of them."""
    if "slow" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(scope="session")
def toyland() -> Pack:
    """The pack of Toyland."""
    return load_pack(TOYLAND / "rules", TOYLAND / "instruments")


@pytest.fixture(scope="session")
def toy_engine(toyland: Pack) -> Engine:
    """Both inference engines over Toyland."""
    return Engine(toyland)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Both inference engines over the real rules and instruments."""
    return Engine(load_pack(ROOT / "rules", ROOT / "instruments"))


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """Databases that have their schema, for one test at a time."""
    from tests.store.stock import Stock

    with ExitStack() as stack:
        yield Stock(tmp_path_factory.mktemp("stock"), stack)
