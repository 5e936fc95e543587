"""T4: schemathesis over every operation in all its phases, with keys of several sets of scopes: no fault, no violation.

What runs every day is bounded; ``pytest -m slow tests/service/test_schemathesis.py -s`` takes 200 examples an operation.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.accounts.access.scopes import SCOPES
from tests.service.described import Found, explored
from tests.service.server import Server, running

UNLIMITED = {"DEDERE_REQUESTS_PER_MINUTE_OF_KEY": "10000000", "DEDERE_REQUESTS_PER_MINUTE_OF_WORKSPACE": "10000000"}
KEYS = {
    "everything": tuple(SCOPES),
    "only reading": ("matters:read", "assessments:read"),
    "an auditor's": ("audit:read",),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(Server(tmp_path_factory.mktemp("described"), settings=UNLIMITED)) as made:
        yield made


def report(name: str, found: Found) -> str:
    """The figures."""
    asked = ", ".join(f"{phase} {count}" for phase, count in sorted(found.requests.items()))
    return f"T4 with a key for {name}: {asked}; statuses {dict(sorted(found.statuses.items()))}"


def passed(name: str, found: Found, least: int) -> None:
    """Nothing wrong, and enough was asked for that to mean something."""
    print(report(name, found))
    assert not any(status >= 500 for status in found.statuses)
    assert not found.wrong, "\n\n".join(f"{where}\n{what}" for where, what in found.wrong.items())
    assert sum(found.requests.values()) >= least


@pytest.mark.parametrize("name", KEYS)
def test_T4_no_operation_breaks_its_description(server: Server, name: str) -> None:
    everything = name == "everything"
    phases = ("examples", "fuzzing", "stateful") if everything else ("examples", "fuzzing")
    found = explored(server.url, server.key(scopes=KEYS[name]), 3 if everything else 1, phases)
    passed(name, found, 150 if everything else 60)


def test_T4_the_borders_of_every_value_are_kept(server: Server) -> None:
    found = explored(server.url, server.key(), 1, ("coverage",), **{"max-time": 12})
    passed("everything, coverage", found, 40)


@pytest.mark.slow
@pytest.mark.parametrize("name", KEYS)
def test_T4_no_operation_breaks_its_description_in_two_hundred_examples(server: Server, name: str) -> None:
    found = explored(server.url, server.key(scopes=KEYS[name]), 200)
    passed(name, found, 5_000)
