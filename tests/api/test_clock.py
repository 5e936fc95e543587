"""T32: days are days of the law, moments are UTC; neither the zone of the machine nor a jump of its clock moves them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from api.storage.store import stamp
from engine.assess import Engine
from engine.content.documents import Document
from tests.api.support import ROOT

ZONES = ("UTC", "Asia/Almaty", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Kyiv")
CODE = """
import os, sys, time
from pathlib import Path
from datetime import datetime, UTC
from engine.assess import Engine
from engine.content.loader import load_pack
from engine.content.documents import Document
from api.storage.store import stamp
case = {'case': 'x', 'assessed_on': '1952-02-29', 'facts': {'requesting_state': 'AND', 'requested_state': 'MCO', 'seized_on': '1952-02-28'}}
for zone in sys.argv[1:]:
    os.environ['TZ'] = zone
    time.tzset()
    engine = Engine(load_pack(Path('tests/toyland/rules'), Path('tests/toyland/instruments')))
    answer = engine.assess(engine.read(Document(case, 'case')))
    print(answer.receipt.digest, [str(one.due_on) for one in answer.clocks], stamp(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)))
"""


def test_T32_an_answer_is_the_same_in_every_zone_of_the_machine() -> None:
    command = [sys.executable, "-c", CODE, *ZONES]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert said == [said[0]] * len(ZONES)
    assert "2026-03-29T01:30:00.000000Z" in said[0]


def test_T32_moments_in_any_zone_are_kept_in_order_of_time() -> None:
    turn = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the night on which clocks in Kyiv are set back
    moments = [turn + timedelta(minutes=20 * number) for number in range(12)]
    assert [stamp(one) for one in moments] == sorted(stamp(one) for one in moments)


@pytest.mark.parametrize(("day", "in_force"), [("2022-06-23", False), ("2022-06-24", True), ("2022-06-25", True)])
def test_T32_a_treaty_is_in_force_from_its_day_on(engine: Engine, day: str, in_force: bool) -> None:
    """Kazakhstan is bound by the Second Optional Protocol from 24 June 2022."""
    case = {"case": "x", "assessed_on": day, "facts": {"requesting_state": "UKR", "requested_state": "KAZ"}}
    answer = engine.assess(engine.read(Document(case, "case")))
    found = next(one for one in answer.treaty_relations if "op2" in one.instrument)
    assert (found.binding is True) == in_force


def test_T32_the_29th_of_february_is_a_day(engine: Engine) -> None:
    case = {"case": "x", "assessed_on": "2024-02-29", "facts": {"requesting_state": "KAZ", "requested_state": "UKR"}}
    assert engine.assess(engine.read(Document(case, "case"))).assessed_on == date(2024, 2, 29)
