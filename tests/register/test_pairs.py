"""The register between any two States: a lawyer's table, and every pair of Members on five days."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from engine.assess import Engine
from engine.bulk.register import NOT_KNOWN, Register
from engine.bulk.table import Codec
from engine.content.conditions import Atom
from engine.inference.atoms import PAIR

DAYS = (date(1990, 1, 1), date(1999, 6, 1), date(2008, 6, 1), date(2017, 6, 1), date(2026, 11, 1))
RIGHTS = ("human_rights", "protection", "abolition")
PAIRS = yaml.safe_load((Path(__file__).parent / "pairs.yaml").read_text("utf-8"))["pairs"]


def _named(pair: dict[str, Any]) -> str:
    return f"{pair['asks']} asks {pair['asked']} on {pair['day']}"


@pytest.mark.parametrize("pair", PAIRS, ids=_named)
def test_a_pair_stands_as_a_lawyer_has_it(pair: dict[str, Any], engine: Engine) -> None:
    found = {one.instrument: one for one in engine.relations.of_case(pair["asks"], pair["asked"], pair["day"])}
    assert {name: found[name].binding for name in pair.get("binds", ())} == dict.fromkeys(pair.get("binds", ()), True)
    assert {name: found[name].binding for name in pair.get("never", ())} == dict.fromkeys(pair.get("never", ()), False)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_no_human_rights_treaty_is_unclear_for_a_member_of_the_united_nations(engine: Engine, on: date) -> None:
    """Open is only what the lists leave open: a deposit of which the year alone is known, within that year."""
    rights = [name for name, one in engine.pack.instruments.items() if one.family in RIGHTS]
    unclear = [
        f"{state} {name}: {standing.reason}"
        for state in engine.pack.states.members
        for name in rights
        if (standing := engine.relations.state(name, state, on)).binding is None
        and "the date of entry into force is not verified" not in standing.reason
    ]
    assert not unclear


@pytest.mark.parametrize("state", ["VAT", "PSE"])
def test_observer_states_are_known_too(engine: Engine, state: str) -> None:
    standing = engine.relations.state("cat", state, DAYS[-1])
    assert standing.binding is True
    assert standing.verified


def test_the_european_convention_is_closed_to_whoever_is_no_member(engine: Engine) -> None:
    standing = engine.relations.state("echr", "CAN", DAYS[-1])
    assert (standing.binding, standing.verified) == (False, True)
    assert standing.reason == "Canada cannot become a party"


def test_what_happened_after_the_day_of_the_list_is_not_taken_for_known(engine: Engine) -> None:
    before, after = (engine.relations.state("cat", "IND", day) for day in (date(2022, 8, 31), date(2022, 9, 1)))
    assert (before.binding, before.verified) == (False, True)
    assert (after.binding, after.verified) == (False, False)
    assert after.reason == "India had signed but not ratified on 2022-08-31, the last day of the list"


def test_a_territory_follows_the_state_that_answers_for_it_only_where_that_is_not_bound(engine: Engine) -> None:
    assert engine.relations.state("echr", "HKG", DAYS[-1]).binding is False
    open_ = engine.relations.state("iccpr", "GIB", DAYS[-1])
    assert open_.binding is None
    assert open_.reason == "whether it applies to Gibraltar, a territory of United Kingdom, is not in the register"


def test_a_list_with_gaps_says_nothing_of_a_state_it_does_not_name(engine: Engine) -> None:
    named = engine.pack.instruments["uncac"].parties
    missing = next(code for code in engine.pack.states.members if code not in named)
    assert engine.relations.state("uncac", missing, DAYS[-1]).binding is None


@pytest.mark.slow
def test_every_pair_of_members_on_five_days_takes_seconds(engine: Engine) -> None:
    """In columns, as batches ask; that this says what single cases are told is tested in tests/bulk."""
    codec = Codec(engine.pack.vocabulary)
    codes = np.array([codec.code("requested_state", state) for state in engine.pack.states.members])
    register, known, asked = Register(engine.pack, engine.relations, codec), 0, 0
    first, second = (each.ravel() for each in np.meshgrid(np.arange(len(codes)), np.arange(len(codes))))
    began = time.perf_counter()
    for day in DAYS:
        numbers = register.numbers(codes, np.full(len(codes), day.toordinal()))
        for name, instrument in engine.pack.instruments.items():
            atom = Atom("bound", (), (name, PAIR))
            if instrument.binds == PAIR:
                answers = register.of_pair(atom, (numbers, second), (numbers, first))
            else:
                answers = register.of_state(atom, numbers).take(second)
            known, asked = known + int((answers != NOT_KNOWN).sum()), asked + len(answers)
    print(f"{len(first) * len(DAYS)} pairs in {time.perf_counter() - began:.1f} s: {known} of {asked} standings known")
    assert known > 0.9 * asked
