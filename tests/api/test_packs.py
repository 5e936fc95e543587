"""Packs by name: folder, file, address and git revision; and what changes between two of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.app import run
from api.law.packs import export, open_pack
from api.settings import Settings
from engine.content import packfile
from engine.content.digest import address_of
from engine.content.models import Pack
from engine.errors import ContentProblems, InputProblems
from tests.conftest import TOYLAND

STATES = "      requesting_state: MCO\n      requested_state: AND\n"
CASES = f"""cases:
  - name: A rag doll may be kept
    on: 1990-01-01
    facts:
{STATES}      stuffing: rag
      mill_feared: no
  - name: A doll that somebody says would be ground up
    on: 1990-01-01
    facts:
{STATES}      ground_up: {{standing: disputed, person: yes, state: no}}
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Toyland's content in a folder of its own, as the content in use and the place where we stand."""
    folder = tmp_path / "house"
    for room in ("rules", "instruments"):
        shutil.copytree(TOYLAND / room, folder / room)
    (tmp_path / "cases.yaml").write_text(CASES, "utf-8")
    monkeypatch.setenv("DEDERE_CONTENT", str(folder))
    monkeypatch.setenv("DEDERE_CACHE", "false")
    monkeypatch.chdir(tmp_path)
    return folder


def _git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "tag.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def commit(folder: Path, tag: str) -> None:
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "--no-gpg-sign", "-m", tag)
    _git(folder, "tag", tag)


def stricter(folder: Path) -> None:
    """Rag dolls may be kept no longer: they must."""
    path = folder / "rules" / "toy-1900" / "all.yaml"
    text = path.read_text("utf-8")
    assert text.count("effect: optional_refusal") == 1
    path.write_text(text.replace("effect: optional_refusal", "effect: mandatory_refusal"), "utf-8")


class TestNames:
    def test_a_folder(self, house: Path, toyland: Pack) -> None:
        assert address_of(open_pack(str(house), Settings())) == address_of(toyland)

    def test_a_pack_file(self, house: Path, toyland: Pack) -> None:
        name, raw = export(Settings())
        Path("here.json").write_bytes(raw)
        assert name == f"dedere-{address_of(toyland)}.json"
        assert address_of(open_pack("here.json", Settings())) == address_of(toyland)

    def test_the_address_of_the_content_in_use_also_shortened(self, house: Path, toyland: Pack) -> None:
        for name in (address_of(toyland), address_of(toyland)[:-4]):
            assert address_of(open_pack(name, Settings())) == address_of(toyland)

    def test_the_address_of_a_pack_file_in_this_folder(self, house: Path, toyland: Pack) -> None:
        name, raw = export(Settings())
        Path(name).write_bytes(raw)
        stricter(house)
        assert address_of(open_pack(address_of(toyland)[:-4], Settings())) == address_of(toyland)

    def test_an_address_that_stands_for_two_is_refused(self, house: Path, toyland: Pack) -> None:
        _, raw = export(Settings())
        stricter(house)
        for more in ("a", "b"):
            Path(f"dedere-{address_of(toyland)}{more}.json").write_bytes(raw)
        with pytest.raises(InputProblems, match="several packs"):
            open_pack(address_of(toyland), Settings())

    def test_a_revision_is_read_without_touching_the_working_tree(self, house: Path, toyland: Pack) -> None:
        commit(house, "first")
        stricter(house)
        changed = (house / "rules" / "toy-1900" / "all.yaml").read_text("utf-8")
        assert address_of(open_pack("first", Settings())) == address_of(toyland)
        assert (house / "rules" / "toy-1900" / "all.yaml").read_text("utf-8") == changed
        assert address_of(open_pack(str(house), Settings())) != address_of(toyland)

    def test_a_revision_of_a_repository_that_holds_the_content_further_down(self, house: Path, toyland: Pack) -> None:
        commit(house.parent, "first")
        assert address_of(open_pack("first", Settings())) == address_of(toyland)

    @pytest.mark.parametrize("name", ["nothing", "--output=evil", "1+abcdef012345", "a*+abcdef"])
    def test_a_name_that_stands_for_nothing(self, house: Path, name: str) -> None:
        commit(house, "first")
        with pytest.raises(InputProblems):
            open_pack(name, Settings())
        assert not Path("evil").exists()

    def test_a_revision_without_content(self, house: Path) -> None:
        _git(house, "init", "-q")
        (house / "README.md").write_text("Nothing yet.", "utf-8")
        _git(house, "add", "README.md")
        _git(house, "commit", "-q", "--no-gpg-sign", "-m", "empty")
        with pytest.raises(InputProblems, match="has no rules/ and instruments/"):
            open_pack("HEAD", Settings())

    def test_without_git_or_a_repository_a_revision_is_unknown(
        self, house: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(InputProblems, match="not a pack that is known here"):
            open_pack("HEAD", Settings())
        monkeypatch.setenv("PATH", "")
        with pytest.raises(InputProblems, match="not a pack that is known here"):
            open_pack("HEAD", Settings())

    def test_a_folder_without_content(self, house: Path) -> None:
        with pytest.raises(InputProblems, match="no rules/ and instruments/ are here"):
            open_pack(str(house / "rules"), Settings())

    def test_a_pack_file_that_gives_itself_another_version(self, house: Path) -> None:
        name, raw = packfile.write(packfile.content_of(house, "7"))
        Path(name).write_bytes(raw)
        with pytest.raises(InputProblems, match="the content is of version"):
            open_pack(name, Settings())

    def test_faults_of_a_revision_are_said_to_be_in_it(self, house: Path) -> None:
        path = house / "rules" / "conflicts.yaml"
        path.write_text("conflict: {}\n", "utf-8")
        commit(house, "broken")
        with pytest.raises(ContentProblems) as caught:
            open_pack("broken", Settings())
        assert caught.value.problems[0].source == "broken/rules/conflicts.yaml"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def dedere(house: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        status = run(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


class TestImpactCommand:
    def test_no_change_is_status_0(self, house: Path, dedere: Run) -> None:
        status, out, _ = dedere(
            "impact", "--before", str(house), "--after", str(house), "cases.yaml", "--fail-on-change"
        )
        assert status == 0
        assert "0 change outcome" in out

    def test_a_changed_rule_changes_an_outcome_between_a_revision_and_the_folder(
        self, house: Path, dedere: Run
    ) -> None:
        commit(house, "first")
        stricter(house)
        words = ("impact", "--before", "first", "--after", str(house), "cases.yaml")
        status, out, _ = dedere(*words, "--format", "json")
        data = json.loads(out)
        assert status == 0
        assert data["compared"] == 4
        (one,) = [each for each in data["differences"] if each["case"].endswith("may be kept")]
        assert (one["before"]["outcome"], one["after"]["outcome"]) == ("undetermined", "inadmissible")
        assert one["before"]["first"] == one["after"]["first"] == "toy-1900.rag"
        assert dedere(*words, "--fail-on-change")[0] == 1

    def test_the_text_names_case_outcomes_and_first_grounds(self, house: Path, dedere: Run) -> None:
        commit(house, "first")
        stricter(house)
        _, out, _ = dedere("impact", "--before", "first", "--after", str(house), "cases.yaml")
        assert "A rag doll may be kept: undetermined → inadmissible" in out.replace("\n  ", " ")
        assert "before toy-1900.rag met" in out

    def test_a_single_case_takes_its_date_from_the_command(self, house: Path, dedere: Run) -> None:
        Path("one.yaml").write_text(f"facts:\n{STATES}", "utf-8")
        words = ("impact", "--before", str(house), "--after", str(house), "one.yaml")
        assert dedere(*words)[0] == 2
        assert dedere(*words, "--on", "1990-01-01")[0] == 0

    @pytest.mark.parametrize(
        "words",
        [
            ("nowhere.yaml",),
            ("cases.yaml", "--format", "xml"),
            ("cases.yaml", "--on", "soon"),
            ("house/rules/pack.yaml",),
        ],
    )
    def test_bad_input_is_status_2(self, house: Path, dedere: Run, words: tuple[str, ...]) -> None:
        status, _, err = dedere("impact", "--before", str(house), "--after", str(house), *words)
        assert status == 2
        assert err

    def test_a_file_of_cases_that_is_none(self, house: Path, dedere: Run) -> None:
        for text in ("cases: 1\n", "cases: [1]\n", "cases: [{name: A}]\n", "a: &x 1\nb: *x\n"):
            Path("bad.yaml").write_text(text, "utf-8")
            assert dedere("impact", "--before", str(house), "--after", str(house), "bad.yaml")[0] == 2
        Path("empty").mkdir()
        assert dedere("impact", "--before", str(house), "--after", str(house), "empty")[0] == 2


class TestPackCommand:
    def test_show_prints_the_address_in_use_or_of_a_pack(self, house: Path, dedere: Run, toyland: Pack) -> None:
        assert dedere("pack", "show") == (0, f"{address_of(toyland)}\n", "")
        assert dedere("pack", "show", str(house)) == (0, f"{address_of(toyland)}\n", "")

    def test_export_names_the_file_unless_it_is_named(self, house: Path, dedere: Run, toyland: Pack) -> None:
        name = f"dedere-{address_of(toyland)}.json"
        assert dedere("pack", "export") == (0, f"{name}\n", "")
        assert dedere("pack", "export", str(house)) == (0, f"{house / name}\n", "")
        assert dedere("pack", "export", "mine.json") == (0, "mine.json\n", "")
        assert Path("mine.json").read_bytes() == Path(name).read_bytes()

    def test_another_word_is_refused(self, dedere: Run) -> None:
        assert dedere("pack", "sell")[0] == 2


class TestCoverageCommand:
    def test_what_the_cases_do_not_show_is_status_1(self, house: Path, dedere: Run) -> None:
        status, out, _ = dedere("coverage", "cases.yaml")
        assert status == 1
        assert "Criteria not shown in every status" in out
        assert "Operands decisive nowhere" in out

    def test_the_report_as_json(self, house: Path, dedere: Run) -> None:
        status, out, _ = dedere("coverage", "cases.yaml", "--format", "json")
        assert status == 1
        assert json.loads(out)["cases"] == 2

    def test_another_format_is_refused(self, dedere: Run) -> None:
        assert dedere("coverage", "cases.yaml", "--format", "xml")[0] == 2

    def test_without_cases_of_its_own_the_content_cannot_be_measured(self, dedere: Run) -> None:
        assert dedere("coverage")[0] == 2
