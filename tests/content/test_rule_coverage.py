"""Every criterion is seen and expected met, not met and open in some case; operands that never mattered may only become fewer.

``operand_gaps.txt`` lists the operands of conditions that no case shows to be decisive. A new one
fails, and so does one that a case has closed and nobody has struck from the list.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from api.law.casebook import booked_cases, law_cases_folder
from engine.assess import Engine
from engine.content.models import STATUSES
from engine.coverage import Coverage, measure

ROOT = Path(__file__).parents[2]
GAPS = Path(__file__).parent / "operand_gaps.txt"


@pytest.fixture(scope="module")
def coverage(engine: Engine) -> Coverage:
    found = measure(engine, ((case.name, case.weigh(engine)) for case in booked_cases([law_cases_folder(ROOT)])))
    print(found.summary(), *found.idle, sep="\n")
    return found


def test_every_criterion_is_seen_in_every_status(coverage: Coverage) -> None:
    lacking = [f"{one.criterion}: {', '.join(one.lacking)}" for one in coverage.criteria if one.lacking]
    assert not lacking, (
        "No case shows these statuses. Write a case under tests/cases/ that does, or, where a status cannot come "
        "about, declare it in the rule with `never` and `never_because`:\n" + "\n".join(lacking)
    )


def test_every_status_is_also_what_some_case_expects(coverage: Coverage) -> None:
    """Seen by chance proves nothing: some case must say that it has to be so."""
    expected = _expected()
    lacking = [
        f"{one.criterion}: {', '.join(missing)}"
        for one in coverage.criteria
        if (missing := [s for s in STATUSES if s not in one.never and s not in expected.get(one.criterion, ())])
    ]
    assert not lacking, "No case expects these statuses:\n" + "\n".join(lacking)


def _expected() -> dict[str, set[str]]:
    """Statuses by criterion that cases expect; ``mixed`` says that some count meets it."""
    found: dict[str, set[str]] = {}
    for path in law_cases_folder(ROOT).rglob("*.yaml"):
        for case in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["cases"]:
            for kind in ("status", "strict"):
                for name, status in case["expect"].get(kind, {}).items():
                    found.setdefault(name, set()).add("met" if status == "mixed" else status)
    return found


def test_no_case_shows_what_a_rule_declares_impossible(coverage: Coverage) -> None:
    against = [f"{one.criterion}: {one.shown[s]}" for one in coverage.criteria for s in one.contradicted]
    assert not against, "A case shows a status declared under `never`; take it out of the rule:\n" + "\n".join(against)


def test_no_new_operand_is_left_without_a_decisive_case(coverage: Coverage) -> None:
    new = set(coverage.idle) - _listed()
    assert not new, (
        "No case turns on these parts of a condition. Write one in which the part alone fails, alone holds or alone "
        "is open (see engine/coverage.py):\n" + "\n".join(sorted(new))
    )


def test_the_list_of_gaps_holds_only_gaps(coverage: Coverage) -> None:
    closed = _listed() - set(coverage.idle)
    assert not closed, f"Strike these from {GAPS.name}, they are gaps no longer:\n" + "\n".join(sorted(closed))


def test_the_list_of_gaps_is_sorted_and_says_nothing_twice() -> None:
    lines = _lines()
    assert lines == sorted(set(lines)), f"{GAPS.name} must be sorted, each line once"


def _lines() -> list[str]:
    return [line for line in GAPS.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _listed() -> set[str]:
    return set(_lines())
