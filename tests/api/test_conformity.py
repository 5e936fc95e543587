"""The conformity table: complete, reproduced, and honest when something differs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli.app import run
from api.documents.text.conformity import as_markdown
from api.law.conformity import (
    OWN_FINDING,
    DecidedCase,
    Expected,
    Table,
    conformity,
    decided_folder,
    load_decided,
)
from engine.assess import Engine
from engine.content.documents import read_path
from engine.errors import InputProblems
from engine.reasoning.outcome import Outcome

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "cases" / "decided"
COURT = [
    *(
        2,
        3,
        4,
        6,
        8,
        10,
        11,
        15,
        16,
        18,
        19,
        21,
        23,
        25,
        26,
        29,
        30,
        31,
        33,
        35,
        37,
        38,
        39,
        41,
        42,
        44,
        47,
        48,
        50,
        52,
    ),
    *(53, 55, 57, 59, 60, 61, 63, 64, 65, 67, 68, 71, 73, 75, 76, 77, 78, 80, 81, 83, 84, 86, 88, 89, 90, 93, 95, 97),
    *(99, 100, 102, 103, 104, 106, 108),
]
COMMITTEES = [1, 2, 4, 6, 8, 9, 11, 13, 15, 16, 17, 19, 21, 22, 23, 25, 27, 28, 29, 31, 32, 33, 36, 37, 39]


@pytest.fixture(scope="module")
def cases() -> list[DecidedCase]:
    return load_decided(FOLDER)


@pytest.fixture(scope="module")
def table(engine: Engine, cases: list[DecidedCase]) -> Table:
    return conformity(engine, cases)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder whose decided cases may be altered."""
    for name in ("rules", "instruments"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(FOLDER, tmp_path / "decided")
    return tmp_path


@pytest.fixture
def alone(content: Path) -> Callable[..., Path]:
    """Leaves one file of decided cases, with one case, altered."""

    def only(name: str, **changes: object) -> Path:
        case = next(
            case
            for path in sorted((content / "decided").glob("*.yaml"))
            for case in read_path(path).data["cases"]
            if case["name"].startswith(name)
        )
        shutil.rmtree(content / "decided")
        (content / "decided").mkdir()
        written = json.dumps({"title": "One case", "cases": [case | changes]}, default=str)
        (content / "decided" / "one.yaml").write_text(written, "utf-8")
        return content

    return only


def test_every_scorable_row_is_there(cases: list[DecidedCase]) -> None:
    rows = {case.decided.row.split(" ")[0] for case in cases}
    assert rows >= {str(row) for row in COURT} | {f"TC{row:02}" for row in COMMITTEES}
    assert len(COURT) == 65


def test_no_decided_case_differs(table: Table) -> None:
    assert {line.case: line.differences for line in table.lines if line.differences} == {}
    assert table.conforms


def test_a_case_is_reproduced_or_says_why_not(table: Table) -> None:
    assert table.count("reproduced") + table.count("explained") == len(table.lines)
    assert all(line.explanation for line in table.lines if line.verdict == "explained")


def test_a_bar_comes_out_inadmissible_or_the_case_says_why_not(table: Table) -> None:
    bars = [line for line in table.lines if line.label in ("BAR", "BAR_ART6_ONLY")]
    assert [line.row for line in bars if line.obtained != "inadmissible" and not line.explanation] == []
    assert {line.obtained for line in bars} <= {"inadmissible", "not_now"}


def test_what_is_no_bar_comes_out_as_no_bar_on_the_coded_articles(table: Table) -> None:
    lines = [line for line in table.lines if line.label in ("NO_BAR", "NV", "IN", "DETENTION_ONLY")]
    bars = ("echr.art03_core", "echr.art06_flagrant_denial", "cat.art03_core", "iccpr.art07_core")
    assert [line.row for line in lines if any(line.statuses.get(bar) == "met" for bar in bars)] == []
    assert [line.row for line in lines if not any(bar in line.statuses for bar in bars)] == []


def test_detention_alone_never_decides_admissibility(table: Table) -> None:
    lines = {line.row: line for line in table.lines if line.label == "DETENTION_ONLY"}
    assert {row for row, line in lines.items() if line.obtained != "undetermined"} == {"63"}
    assert "disguised route" in lines["63"].note


def test_an_ignored_interim_measure_breaches_article_34_whatever_the_label(table: Table) -> None:
    rows = {"16", "23", "25", "35", "52 (the five)", "73", "80", "81", "90", "93"}
    found = {line.row for line in table.lines if line.statuses.get("echr.art34_surrender_despite") == "met"}
    assert rows <= found


def test_every_line_names_its_grounds_and_its_review(table: Table) -> None:
    assert all(line.driven_by for line in table.lines if line.obtained in ("inadmissible", "not_now"))
    assert {line.review for line in table.lines} <= {"text_seen", "known", "unverified"}


def test_an_altered_outcome_shows_as_a_difference(engine: Engine, cases: list[DecidedCase]) -> None:
    soering = next(case for case in cases if case.decided.row == "84")
    altered = replace(soering, expect=soering.expect.model_copy(update={"outcome": Outcome.ADMISSIBLE}))
    line = conformity(engine, [altered]).lines[0]
    assert (line.verdict, line.differences) == ("differs", ("outcome is inadmissible, not admissible",))


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ({"status": {"echr.art03_death_row": "not_met"}}, "echr.art03_death_row is met, not not_met"),
        ({"not": {"echr.art03_death_row": "met"}}, "echr.art03_death_row is met"),
        ({"strict": {"echr.art03_death_row": "met"}}, "echr.art03_death_row is strictly open, not met"),
    ],
)
def test_an_altered_ground_shows_as_a_difference(
    engine: Engine, cases: list[DecidedCase], expect: dict[str, dict[str, str]], said: str
) -> None:
    soering = next(case for case in cases if case.decided.row == "84")
    table = conformity(engine, [replace(soering, expect=Expected.model_validate(expect))])
    assert table.lines[0].differences == (said,)
    assert not table.conforms
    assert "0 reproduced, 0 explained, 1 differ" in table.summary()


def test_a_case_that_differs_differs_even_if_it_explains_something(engine: Engine, cases: list[DecidedCase]) -> None:
    kaboulov = next(case for case in cases if case.decided.row == "2")
    altered = replace(kaboulov, expect=Expected.model_validate({"status": {"echr.art03_core": "not_met"}}))
    assert conformity(engine, [altered]).lines[0].verdict == "differs"


def test_results_that_need_a_finding_of_the_tribunal_are_told_apart(table: Table) -> None:
    lines = {line.row: line for line in table.lines}
    assert lines["TC01"].needs_findings == ("outcome", "cat.art03_core", "cat.art03_breach")
    assert lines["16"].needs_findings == ()
    assert lines["71"].needs_findings == ()


def test_findings_of_the_tribunal_are_marked_as_established(cases: list[DecidedCase]) -> None:
    found = [finding for case in cases for finding in _noted(case.document.data)]
    assert len(found) > 100
    assert {finding["standing"] for finding in found} == {"established"}


def _noted(data: object) -> list[dict[str, str]]:
    if isinstance(data, list):
        return [one for value in data for one in _noted(value)]
    if not isinstance(data, dict):
        return []
    own = [data] if str(data.get("note", "")).startswith(OWN_FINDING) else []
    return own + [one for value in data.values() for one in _noted(value)]


def test_markdown_has_one_row_for_each_case(table: Table) -> None:
    written = as_markdown(table)
    assert len([row for row in written.splitlines() if row.startswith("| ")]) == len(table.lines) + 2 * written.count(
        "\n## "
    )
    assert table.summary().replace(".", "") in written.replace(".", "")


def test_the_command_prints_every_case_and_the_summary(capsys: pytest.CaptureFixture[str], table: Table) -> None:
    assert run(["conformity"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert table.summary() in printed
    assert all(line.authority.split(" (")[0] in printed for line in table.lines)


def test_the_command_writes_json(
    alone: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEDERE_CONTENT", str(alone("Soering")))
    assert run(["conformity", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["conforms"] is True
    assert [(case["row"], case["on"], case["verdict"]) for case in data["cases"]] == [
        ("84", "1989-07-07", "reproduced")
    ]


def test_the_command_ends_with_one_when_a_case_differs(
    alone: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEDERE_CONTENT", str(alone("Soering", expect={"outcome": "not_now"})))
    assert run(["conformity"]) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "verdict differs: outcome is inadmissible, not not_now" in printed
    assert "1 decided cases: 0 reproduced, 0 explained, 1 differ." in printed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expect": {"status": {"echr.art03_cor": "met"}}}, "'echr.art03_cor' is not a criterion"),
        ({"decided": {"authority": "soering", "row": 84, "label": "BAR", "outcome": "3 Vc"}}, "not an authority"),
        ({"decided": {"row": 84, "label": "BAR", "outcome": "3 Vc"}}, "decided.authority: Field required"),
        ({"expect": {"verdict": "bar"}}, "expect.verdict: Extra inputs are not permitted"),
        ({"facts": {"detained_her": "yes"}}, "'detained_her' is not a fact of the vocabulary"),
    ],
)
def test_a_faulty_decided_case_is_refused_in_words(
    alone: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    said: str,
) -> None:
    monkeypatch.setenv("DEDERE_CONTENT", str(alone("Soering", **changes)))
    assert run(["conformity"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "one.yaml" in error


def test_a_format_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["conformity", "--format", "markdwn"]) == 2
    assert "markdown" in capsys.readouterr().err


def test_a_file_without_cases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "decided").mkdir()
    (tmp_path / "decided" / "empty.yaml").write_text("title: Nothing\n", "utf-8")
    with pytest.raises(InputProblems, match="a list of 'cases:'"):
        load_decided(decided_folder(tmp_path))


def test_content_without_decided_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="no decided cases are here"):
        decided_folder(tmp_path)
    (tmp_path / "decided").mkdir()
    with pytest.raises(InputProblems, match="no decided cases are found here"):
        load_decided(decided_folder(tmp_path))
