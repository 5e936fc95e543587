"""The filings: each is written from its content, to its body's rules, and leaves out what must be left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.cli.app import run
from api.documents.filings.draft import pages_of
from api.documents.filings.filing import PreparedFiling, filing_named, filing_of
from api.documents.filings.plan import Plan
from api.documents.filings.wording import Wording, read_wording
from api.documents.memo import docx
from api.documents.memo.secrecy import tells
from api.documents.memo.tree import words_of
from engine.assess import Engine
from engine.errors import InputProblems
from tests.filings.conftest import EXAMPLE, ROOT, origin

FILINGS = read_wording(ROOT / "filings").filings
FORWARDED = [name for name, one in FILINGS.items() if not one.protection]
Write = Callable[..., PreparedFiling]


@pytest.fixture(scope="module")
def write(engine: Engine, wording: Wording) -> Write:
    def run(
        name: str,
        language: str = "en",
        plan: dict[str, Any] | None = None,
        change: Any = None,
        today: date = date(2026, 7, 1),
    ) -> PreparedFiling:
        filing, chosen = filing_named(wording, name, "NAME"), Plan.model_validate(plan or {})
        return filing_of(engine, origin(engine, change), chosen, wording, filing, language=language, today=today)

    return run


@pytest.mark.parametrize(
    ("name", "language"), [(name, one) for name, filing in FILINGS.items() for one in filing.languages]
)
def test_each_filing_is_written_within_its_length_in_each_of_its_languages(
    write: Write, name: str, language: str
) -> None:
    made = write(name, language)
    assert pages_of(made.memo) <= FILINGS[name].most_pages
    assert FILINGS[name].title.within(language) in words_of(made.memo)
    assert docx.render(made.memo).startswith(b"PK")


def without_claim(data: dict[str, Any]) -> None:
    """The same case of somebody who never asked for protection."""
    data.pop("asylum_steps")
    asylum = (
        "outside_origin",
        "other_nationality_available",
        "fear",
        "harm_is",
        "nexus",
        "persecution_agent",
        "state_protection",
    )
    for name in [one for one in data["facts"] if one.startswith(asylum)]:
        data["facts"].pop(name)
    data["facts"]["protection_sought"] = {"value": "no", "standing": "established"}


@pytest.mark.parametrize("name", FORWARDED)
def test_a_paper_that_may_be_forwarded_is_the_same_with_and_without_a_claim_to_protection(
    write: Write, name: str
) -> None:
    with_claim, without = write(name).memo, write(name, change=without_claim).memo
    assert docx.render(with_claim) == docx.render(without)
    assert not tells(words_of(with_claim))


def test_a_rule_39_request_begins_with_urgency_contact_and_removal(write: Write) -> None:
    plan = {"counsel": {"name": "A. Counsel", "phone": "+380 1"}, "removal": {"day": "15 January 2020"}}
    made = write("rule39", plan=plan)
    first = words_of(made.memo).split("Draft for counsel")[0]
    assert first.startswith("RULE 39 – URGENT")
    assert "Person to contact: A. Counsel, +380 1" in first
    assert "15 January 2020" in first
    assert "Kazakhstan" in first


def test_a_rule_39_request_of_the_origin_case_says_why_it_is_premature(write: Write) -> None:
    made = write("rule39")
    assert made.offered
    said = " ".join(made.stops)
    assert "No decision on surrender is entered" in said
    assert "suspends surrender is still open" in said


def test_a_rule_39_request_pleads_the_risk_and_no_treaty_of_extradition(write: Write) -> None:
    said = words_of(write("rule39").memo)
    assert "real risk of treatment contrary to Article 3" in said
    assert "Minsk" not in said
    assert "should not be surrendered to Kazakhstan" in said


def test_a_request_does_not_plead_an_open_ground_that_nothing_entered_touches(write: Write) -> None:
    assert "Illness" not in words_of(write("rule39").memo)

    def ill(data: dict[str, Any]) -> None:
        data["facts"]["serious_illness"] = {"value": "yes", "standing": "asserted", "by": "person"}

    said = words_of(write("rule39", change=ill).memo)
    assert "Illness" in said
    assert "PROOF MISSING" in said


def test_a_gap_is_printed_and_counted(write: Write) -> None:
    made = write("ccf_access")
    assert "[TO COMPLETE: date and place of birth]" in words_of(made.memo)
    assert any("places to complete" in one for one in made.rules)
    assert "No identity data" in " ".join(made.stops)


def test_a_body_refuses_a_language_that_it_does_not_take(write: Write) -> None:
    with pytest.raises(InputProblems, match="is not written in 'uk'"):
        write("ccf_access", "uk")


def test_rules_of_a_body_that_were_read_long_ago_are_to_be_checked(write: Write) -> None:
    fresh, stale = write("rule39", today=date(2026, 7, 1)), write("rule39", today=date(2027, 2, 1))
    assert "never by e-mail." in " ".join(fresh.rules)
    assert "never by e-mail. (check)" in " ".join(stale.rules)


def test_the_command_lists_and_writes_filings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["filing"]) == 0
    assert "rule39: RULE 39 – URGENT" in capsys.readouterr().out
    target = tmp_path / "request.docx"
    assert run(["filing", "rule39", str(EXAMPLE), "-o", str(target)]) == 0
    assert target.read_bytes().startswith(b"PK")
    assert "DO NOT SEND" in capsys.readouterr().err
    assert run(["filing", "rule93", str(EXAMPLE)]) == 2
