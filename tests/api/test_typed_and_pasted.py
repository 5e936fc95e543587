"""What people type and paste: thousands that may be fractions, characters that show nothing, open quotes, old line ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.bulk.parts import header_of, parts_of
from api.cases.replies import NotUnderstood, number_typed
from api.documents.text.safe import inert
from engine.assess import Engine
from engine.content.documents import Document, read_bytes
from engine.content.quick_json import read_json
from engine.errors import InputProblems


@pytest.mark.parametrize("typed", ["1,200", "1.200", "12,000", "1.200.000", "-1,500"])
def test_a_number_that_may_be_thousands_or_a_fraction_is_asked_again(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="may be"):
        number_typed(typed)


@pytest.mark.parametrize(("typed", "number"), [("84,5", 84.5), ("1200", 1200), ("0,125", 0.125), ("1.25", 1.25)])
def test_other_numbers_are_read_with_either_decimal_sign(typed: str, number: float) -> None:
    assert number_typed(typed) == number


@pytest.mark.parametrize("char", ["\x92", "\x96", "\x7f", "\uffff", "\ufffe", "\ufeff", "\t"])
def test_valid_json_is_read_whatever_was_pasted_into_it(toy_engine: Engine, char: str) -> None:
    raw = json.dumps({"title": f"the doctor{char}s report", "facts": {}}, ensure_ascii=False).encode()
    for read in (read_json(raw, "case"), read_bytes(raw, "case", is_json=True)):
        assert toy_engine.read(Document(read.data, "case")).title == f"the doctor{char}s report"
    assert char not in inert(f"a{char}b")


def test_a_character_that_yaml_does_not_allow_is_told_with_its_line() -> None:
    with pytest.raises(InputProblems) as caught:
        read_bytes("case: a\ntitle: the doctor\x92s report\n".encode(), "a.yaml")
    assert caught.value.problems[0].line == 2


def test_an_open_quote_in_a_batch_is_refused_with_its_line(tmp_path: Path) -> None:
    rows = [f"r{number},2020-01-13,{chr(34) if number == 3 else ''}firm\n" for number in range(1, 11)]
    path = tmp_path / "in.csv"
    path.write_text("case,assessed_on,title\n" + "".join(rows))
    with pytest.raises(InputProblems) as caught:
        list(parts_of(path, "csv", 1_000))
    assert caught.value.problems[0].line == 4


def test_line_ends_of_old_macs_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"case,assessed_on\ra,2020-01-13\r")
    with pytest.raises(InputProblems, match="old Macs"):
        header_of(path)
