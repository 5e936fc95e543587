"""The case file under an interview: comments stay, saves are whole, nothing of others is lost."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cases.casefile import HEAD, CaseFile, written
from engine.errors import InputProblems
from tests.api.support import write

COMMENTED = """\
# A case from the files of spring.
assessed_on: 1950-06-01   # the day of the hearing

facts:
  # the request
  requesting_state: {value: AND, standing: established}   # by letter
  ground_up: yes

  # about the doll
  stuffing: 'rag'

counts:
# one for each vase
- id: vase    # the blue one
  title: "The vase"
"""


def test_comments_quotes_and_order_stay(tmp_path: Path) -> None:
    path = write(tmp_path, COMMENTED)
    file = CaseFile.open(Path(path))
    file.save(file.with_finding("case", 0, "mill_closed", {"value": "no", "standing": "asserted", "by": "person"}))
    file.save(file.with_finding("counts", 0, "broke_vase", "unknown"))
    expected = COMMENTED.replace(
        "  stuffing: 'rag'\n", "  stuffing: 'rag'\n\n  mill_closed: {value: no, standing: asserted, by: person}\n"
    )
    expected = expected.replace('  title: "The vase"\n', '  title: "The vase"\n  broke_vase: unknown\n')
    assert Path(path).read_text("utf-8").replace("\n\n", "\n") == expected.replace("\n\n", "\n")


def test_a_new_file_is_private_and_says_where_it_comes_from(tmp_path: Path) -> None:
    file = CaseFile.open(tmp_path / "new.yaml")
    assert file.is_new
    file.save(file.with_entries({"case": "new", "title": "No", "assessed_on": date(1950, 6, 1)}))
    file.save(file.with_items("counts", [{"id": "vase", "title": "yes: a [vase] # not a comment"}]))
    file.save(file.with_finding("case", 0, "stuffing", "rag"))
    assert (tmp_path / "new.yaml").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new.yaml").read_text("utf-8").startswith(HEAD)
    assert file.document().data == {
        "case": "new",
        "title": "No",
        "assessed_on": date(1950, 6, 1),
        "counts": [{"id": "vase", "title": "yes: a [vase] # not a comment"}],
        "facts": {"stuffing": "rag"},
    }


def test_an_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    path = Path(write(tmp_path, COMMENTED))
    path.chmod(0o640)
    file = CaseFile.open(path)
    file.save(file.with_finding("case", 0, "age", 3))
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real = Path(write(tmp_path, COMMENTED))
    (tmp_path / "link.yaml").symlink_to(real)
    file = CaseFile.open(tmp_path / "link.yaml")
    file.save(file.with_finding("case", 0, "age", 3))
    assert (tmp_path / "link.yaml").is_symlink()
    assert "age: 3" in real.read_text("utf-8")


def test_a_file_that_someone_else_changed_is_left_alone(tmp_path: Path) -> None:
    path = Path(write(tmp_path, COMMENTED))
    file = CaseFile.open(path)
    path.write_text(COMMENTED + "notes: mine\n", "utf-8")
    with pytest.raises(InputProblems, match="changed by someone else"):
        file.save(file.with_finding("case", 0, "age", 3))
    assert path.read_text("utf-8") == COMMENTED + "notes: mine\n"


def test_a_save_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(write(tmp_path, COMMENTED))
    file = CaseFile.open(path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputProblems, match="cannot write the file: no space left on device"):
        file.save(file.with_finding("case", 0, "age", 3))
    assert path.read_text("utf-8") == COMMENTED
    assert list(tmp_path.iterdir()) == [path]


def test_a_json_case_stays_json(tmp_path: Path) -> None:
    path = write(tmp_path, '{"facts": {"age": 3}}', "case.json")
    file = CaseFile.open(Path(path))
    file.save(file.with_finding("case", 0, "seized_on", {"value": date(1950, 1, 1), "standing": "established"}))
    data = json.loads(Path(path).read_text("utf-8"))
    assert data["facts"] == {"age": 3, "seized_on": {"value": "1950-01-01", "standing": "established"}}


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputProblems, match="not UTF-8 text"):
        CaseFile.open(tmp_path / "case.yaml")


PLAIN = st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\ufeff\ufffe\uffff\u0085")


@given(
    st.text(PLAIN, min_size=1, max_size=40)
    | st.sampled_from(["no", "on", "1e3", "~", "0x1f", "1:30", "2020-01-01", "null", "- a", "{a", "@b"])
)
def test_any_words_survive_being_written(text: str) -> None:
    file = CaseFile(Path("case.yaml"), COMMENTED, exists=False)
    data: Any = file.document(file.with_entries({"title": text})).data
    assert data["title"] == text
    item = file.document(file.with_items("counts", [{"id": "x", "title": text}])).data["counts"][1]
    assert item == {"id": "x", "title": text}


def test_choices_that_yaml_would_misread_are_quoted() -> None:
    assert type(written("on")).__name__ == "DoubleQuotedScalarString"
    assert type(written("no")).__name__ == "DoubleQuotedScalarString"


@pytest.mark.parametrize(
    "value", ["yes", {"value": "yes", "by": "no"}, {"standing": "disputed", "person": "yes", "state": "no"}]
)
def test_yes_and_no_stand_as_they_are_said(value: Any) -> None:
    file = CaseFile(Path("case.yaml"), COMMENTED, exists=False)
    text = file.with_finding("case", 0, "mill_closed", value)
    assert "'yes'" not in text
    assert '"yes"' not in text
    assert ('by: "no"' in text) == ("by" in value)
