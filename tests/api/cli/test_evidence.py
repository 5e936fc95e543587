"""``dossier``, ``precedents`` and ``situation`` on the command line, over the real law content."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.app import run

Here = Callable[..., tuple[int, str, str]]


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    """Runs a command; its status and what it printed on both streams, each on one line."""

    def ran(*words: str) -> tuple[int, str, str]:
        status = run(list(words))
        printed = capsys.readouterr()
        return status, printed.out, " ".join(printed.err.split())

    return ran


CASE = str(Path(__file__).parents[3] / "examples" / "akhmetova.yaml")


def test_a_dossier_tells_evidence_presumptions_and_precedents(here: Here) -> None:
    status, out, err = here("dossier", CASE, "illtreatment_risk_real")
    assert (status, bool(err)) == (0, False)
    for words in ("Entered", "Presumptions", "Nearest for the person", "Nearest for the State", "What would help"):
        assert words in out


def test_a_dossier_as_json_has_the_fields_of_its_model(here: Here) -> None:
    _, out, _ = here("dossier", CASE, "torture_risk_real", "--format", "json")
    (dossier,) = json.loads(out)
    assert dossier["fact"] == "torture_risk_real"
    assert {"evidence", "presumptions", "findings", "governing", "nearest_for_person", "helpful"} <= set(dossier)


def test_a_question_without_a_dossier_is_refused_with_the_nearest_that_has_one(here: Here) -> None:
    status, _, err = here("dossier", CASE, "illtreatment_risk")
    assert (status, bool(err)) == (2, True)
    assert "Did you mean 'illtreatment_risk_real'?" in err


def test_every_question_is_listed_with_how_it_stands(here: Here) -> None:
    status, out, err = here("dossier", CASE)
    assert (status, bool(err)) == (0, False)
    assert "torture_risk_real" in out


def test_precedents_are_listed_by_question(here: Here) -> None:
    status, out, err = here("precedents", CASE, "torture_risk_real")
    assert (status, bool(err)) == (0, False)
    assert "torture_risk_real: nearest for the person" in out


def test_the_situation_of_a_state_is_told_as_of_a_day(here: Here) -> None:
    status, out, err = here("situation", "kaz", "--on", "2010-06-01")
    assert (status, bool(err)) == (0, False)
    assert "Kaboulov v. Ukraine" in out
    assert "Dzhaksybergenov" not in out
    assert "in force, 0 years old" in " ".join(out.split())


def test_what_is_no_state_or_no_day_is_refused(here: Here) -> None:
    assert here("situation", "XX")[0] == 2
    assert here("situation", "KAZ", "--on", "yesterday")[0] == 2


def test_a_state_of_which_nothing_is_listed_says_so(here: Here) -> None:
    status, out, err = here("situation", "AND", "--on", "2020-01-01")
    assert (status, bool(err)) == (0, False)
    assert "No finding on this State" in out
