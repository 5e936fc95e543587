"""The brief: what it says, what it leaves out, and how long it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from api.cli.app import run
from api.documents.filings.content_checks import wording_faults
from api.documents.filings.draft import gaps_in, pages_of
from api.documents.filings.wording import Wording, read_wording
from api.documents.memo import docx, pdf
from api.documents.memo.tree import Memo, Section, runs_of, words_of
from engine.assess import Engine
from engine.errors import InputProblems
from tests.filings.conftest import EXAMPLE, ROOT, Brief


def section(memo: Memo, title: str) -> Section:
    return next(one for one in memo.sections if one.title == title)


@pytest.fixture(scope="module")
def english(brief: Brief) -> Memo:
    return brief()


def test_the_brief_of_the_origin_case_has_ten_to_fifteen_pages(english: Memo) -> None:
    assert 10 <= pages_of(english) <= 15
    set_pages = len(re.findall(rb"/Type\s*/Page\b", pdf.render(english)))
    assert set_pages == 0 or 10 <= set_pages <= 15


def test_a_brief_has_relief_facts_law_grounds_reply_alternative_relief_and_annexes(english: Memo) -> None:
    titles = [one.title for one in english.sections]
    wanted = ["Relief sought", "Facts", "Law that applies", "Grounds", "Alternative relief", "Annexes", "Authorities"]
    assert [title for title in titles if title in wanted] == wanted
    said = words_of(english)
    assert "The State will say" in said
    assert "Reply" in said
    assert "[TO COMPLETE: court or authority]" in said
    assert "Signature" in said


def test_a_fact_that_nobody_entered_is_not_in_the_narrative(brief: Brief, english: Memo) -> None:
    told = "have been tortured or ill-treated there"
    assert told in words_of(english)
    assert told not in words_of(brief(change=lambda data: data["facts"].pop("comparable_persons_tortured")))


def test_each_fact_says_who_says_so_and_by_which_exhibit(english: Memo) -> None:
    said = words_of(english)
    assert "prominent political profile. (the person says so; Exhibit" in said
    assert "There is a real chance of the harm that the person fears. (disputed; this is what the person says" in said


def test_a_value_that_speaks_against_the_person_is_not_told(brief: Brief) -> None:
    def harm(data: dict[str, Any]) -> None:
        data["facts"]["comparable_persons_tortured"] = {"value": "no", "standing": "asserted", "by": "state"}
        data["facts"]["journalist_or_defender"] = {"value": "no", "standing": "asserted", "by": "state"}

    facts = section(brief(change=harm), "Facts")
    said = words_of(Memo("", (), (facts,), None))
    assert "journalist" not in said
    assert "comparable" not in said


def test_no_authority_later_than_the_day_is_cited(english: Memo) -> None:
    cited = words_of(Memo("", (), (section(english, "Authorities"),), None))
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d{2}\b", re.sub(r"\d+/\d+", "", cited))]
    assert years
    assert max(years) <= 2020
    assert "given after the day" not in words_of(english)


def test_no_word_of_the_engine_and_no_raw_value_is_printed(english: Memo) -> None:
    said = words_of(english)
    assert not re.search(
        r"Dedere|on the record|rebuttable|flip|\b[a-z]+\.art\d|None\b(?!$)|\b\d{4}-\d{2}-\d{2}\b|_\w+_",
        said.replace("| None |", ""),
    )


@pytest.mark.parametrize(("language", "title"), [("uk", "Підстави для відмови"), ("ru", "Основания для отказа")])
def test_a_brief_in_another_language_has_no_english_but_names_and_what_was_entered(
    brief: Brief, language: str, title: str
) -> None:
    made = brief(language=language)
    assert title in words_of(made)
    runs = [run for run in runs_of(made) if re.search(r"[A-Za-z]{4,}", run.text) and run.lang != "en"]
    entered = EXAMPLE.read_text("utf-8")
    bodies = re.compile(r"CAT/C/GC/\d+|New Zealand Law Commission|XXXI")
    strange = [
        run.text for run in runs if run.text not in entered and re.search(r"[A-Za-z]{4,}", bodies.sub("", run.text))
    ]
    assert strange == []


def test_counsel_chooses_grounds_their_order_and_own_text(brief: Brief) -> None:
    plan = {
        "court": "Kyiv Court",
        "grounds": [
            {"id": "refugee-1951.asylum_pending", "text": "The hearing is tomorrow."},
            {"id": "echr.art03_core", "text": "Only this is argued.", "replace": True},
        ],
        "relief": ["let her go"],
    }
    made = brief(plan)
    grounds = section(made, "Grounds").sections
    assert [one.title.split()[1] for one in grounds[:2]] == ["asylum", "are"]
    said = words_of(made)
    assert "The hearing is tomorrow." in said
    assert "Only this is argued." in said
    assert "Soering" not in said
    assert "let her go" in said
    assert "To: Kyiv Court" in said
    assert grounds[2].title == "Also relied on"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cat.art03_cor", "is not a ground of this case"),
        ("minsk-1993.art56_duty", "does not speak for the person"),
        ("ets24.art03_2_persecution", "cannot be argued"),
    ],
)
def test_a_ground_that_cannot_be_argued_for_the_person_is_refused(brief: Brief, name: str, said: str) -> None:
    with pytest.raises(InputProblems, match=said):
        brief({"grounds": [{"id": name}]})


def test_an_open_ground_that_is_chosen_shows_what_proof_is_missing(brief: Brief) -> None:
    made = brief({"grounds": [{"id": "echr.art02_killing"}]})
    assert "[PROOF MISSING: Is there a real risk of being killed" in words_of(made)
    assert gaps_in(made) > 0


def test_the_same_brief_gives_the_same_file(english: Memo) -> None:
    assert docx.render(english) == docx.render(english)


def test_the_wording_fits_the_law_content(engine: Engine, wording: Wording) -> None:
    assert wording_faults(engine.pack, wording, ROOT / "filings") == []


def test_a_text_that_is_missing_in_a_language_is_named(engine: Engine, wording: Wording, tmp_path: Path) -> None:
    for path in (ROOT / "filings").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    words = tmp_path / "statements.yaml"
    words.write_text(words.read_text("utf-8").replace("journalist_or_defender:", "journalist_or_defendr:"), "utf-8")
    brief = tmp_path / "brief.yaml"
    brief.write_text(brief.read_text("utf-8").replace("uk: 'Відповідь'", "uk: ''"), "utf-8")
    said = " ".join(map(str, wording_faults(engine.pack, read_wording(tmp_path), tmp_path)))
    assert "'journalist_or_defendr' is not a fact of the vocabulary" in said
    assert "phrases.reply is not written in 'uk'" in said


def test_the_command_writes_the_brief_and_counts_its_gaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("court: Kyiv Court of Appeal\ncounsel: {name: A. Counsel}\n", "utf-8")
    target = tmp_path / "brief.docx"
    assert run(["brief", str(EXAMPLE), "--plan", str(plan), "-o", str(target)]) == 0
    assert target.read_bytes().startswith(b"PK")
    assert "places in brackets" in capsys.readouterr().err


def test_a_plan_with_a_strange_key_is_refused_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("court: Kyiv\ncuonsel: {}\n", "utf-8")
    assert run(["brief", str(EXAMPLE), "--plan", str(plan), "--format", "markdown"]) == 2
    said = capsys.readouterr().err
    assert "plan.yaml:2" in said
    assert "counsel" in said
