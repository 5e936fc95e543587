"""Documents remember their lines and refuse what could be read in two ways."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.content.documents import MAX_BYTES, MAX_DEPTH, Document, _Walk, pointer_of, read_bytes, read_path
from engine.errors import InputProblems, Problem


def refused(raw: bytes, *, is_json: bool = False) -> tuple[Problem, ...]:
    with pytest.raises(InputProblems) as caught:
        read_bytes(raw, "file", is_json=is_json)
    return caught.value.problems


def data(text: str, *, is_json: bool = False) -> Any:
    return read_bytes(text.encode(), "file", is_json=is_json).data


class TestLines:
    document = read_bytes(
        b"facts:\n  age: 7\n  marks:\n    - red\n    - blue\ncounts:\n  - {id: vase,\n     broke: yes}\n", "f"
    )

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            (("facts",), 1),
            (("facts", "age"), 2),
            (("facts", "marks"), 3),
            (("facts", "marks", 1), 5),
            (("counts", 0, "broke"), 8),
        ],
    )
    def test_every_value_knows_the_line_of_its_key(self, path: tuple[str | int, ...], line: int) -> None:
        assert self.document.line(path) == line

    def test_a_path_that_does_not_exist_has_the_line_of_its_nearest_ancestor(self) -> None:
        assert self.document.line(("facts", "marks", 9, "deeper")) == 3

    def test_a_document_that_was_never_text_has_line_zero(self) -> None:
        assert Document({"a": 1}, "made").line(("a",)) == 0

    def test_a_problem_names_source_line_and_pointer(self) -> None:
        problem = self.document.problem(("facts", "age"), "is wrong", "Put it right")
        assert str(problem) == "f:2 /facts/age: is wrong. Put it right"

    def test_the_pointer_escapes_tilde_and_slash(self) -> None:
        assert pointer_of(("a/b", "c~d", 0)) == "/a~1b/c~0d/0"


class TestValues:
    def test_yaml_dates_words_numbers_and_nothing(self) -> None:
        assert data("a: 2020-01-13\nb: yes\nc: 12\nd: 1.5\ne:\nf: text") == {
            "a": date(2020, 1, 13),
            "b": True,
            "c": 12,
            "d": 1.5,
            "e": None,
            "f": "text",
        }

    def test_a_key_stays_the_word_that_was_written(self) -> None:
        assert data("no: 1\n12: 2") == {"no": 1, "12": 2}

    @pytest.mark.parametrize(
        "written", ["012", "1:30", "0x10", "0b11", "1_000", "0o14", "1:30.5", ".nan", ".inf", "-.inf"]
    )
    def test_a_number_in_a_form_that_only_yaml_knows_stays_text(self, written: str) -> None:
        assert data(f"a: {written}") == {"a": written}

    @pytest.mark.parametrize(("written", "value"), [("0", 0), ("-3", -3), ("+12", 12), (".5", 0.5), ("12.", 12.0)])
    def test_a_number_as_everyone_writes_it_is_one(self, written: str, value: float) -> None:
        assert data(f"a: {written}") == {"a": value}

    @pytest.mark.parametrize("written", ["2020-13-45", "2021-02-29"])
    def test_a_date_that_does_not_exist_stays_text_for_the_reader_to_refuse(self, written: str) -> None:
        assert data(f"a: {written}") == {"a": written}

    def test_an_unknown_tag_gives_the_plain_text(self) -> None:
        assert data("a: !!python/object:os.system x") == {"a": "x"}

    def test_a_huge_integer_stays_text(self) -> None:
        assert data("a: " + "1" * 5000) == {"a": "1" * 5000}
        assert data('{"a": ' + "1" * 5000 + "}", is_json=True) == {"a": "1" * 5000}

    def test_an_empty_file_is_nothing(self) -> None:
        assert data("") is None
        assert data("# only a remark\n") is None

    def test_a_byte_order_mark_is_skipped(self) -> None:
        assert read_bytes(b"\xef\xbb\xbfa: 1", "f").data == {"a": 1}
        assert read_bytes(b'\xef\xbb\xbf{"a": 1}', "f", is_json=True).data == {"a": 1}

    def test_text_of_any_script_is_kept(self) -> None:
        assert data("a: Привет 😀") == {"a": "Привет 😀"}


class TestJson:
    def test_tabs_escapes_and_exponents_are_read_as_json_does(self) -> None:
        assert data('{\n\t"a": 1e3,\n\t"b": "x\\/y \\u0416",\n\t"c": [true, null, 0.5]}', is_json=True) == {
            "a": 1000,
            "b": "x/y Ж",
            "c": [True, None, 0.5],
        }

    def test_a_character_written_as_an_escaped_pair_is_one_character(self) -> None:
        assert data('{"a": "\\ud83d\\ude00"}', is_json=True) == {"a": "😀"}

    def test_an_escaped_backslash_before_u_is_no_pair(self) -> None:
        assert data('{"a": "\\\\ud83d\\\\ude00"}', is_json=True) == {"a": "\\ud83d\\ude00"}

    def test_words_that_yaml_would_read_as_something_else_stay_words(self) -> None:
        assert data('{"a": "yes", "b": "2020-01-13", "c": "012"}', is_json=True) == {
            "a": "yes",
            "b": "2020-01-13",
            "c": "012",
        }

    @pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
    def test_a_constant_that_is_no_json_number_is_refused(self, constant: str) -> None:
        assert refused(f'{{"a": {constant}}}'.encode(), is_json=True)[0].message == f"{constant} is not a JSON number"

    def test_bad_json_is_refused_with_its_line(self) -> None:
        (problem,) = refused(b'{"a": 1,\n "b": }', is_json=True)
        assert "not valid JSON" in problem.message
        assert problem.line == 2

    def test_yaml_is_not_json(self) -> None:
        assert "not valid JSON" in refused(b"a: 1", is_json=True)[0].message

    def test_half_a_character_pair_is_refused(self) -> None:
        assert "not valid JSON" in refused(b'{"a": "\\ud83d"}', is_json=True)[0].message

    def test_a_key_given_twice_in_two_spellings_is_given_twice(self) -> None:
        (problem,) = refused(b'{"a": 1,\n "\\u0061": 2}', is_json=True)
        assert "'a' is given twice (first on line 1)" in problem.message
        assert problem.line == 2


class TestRefusals:
    def test_every_duplicate_key_is_reported(self) -> None:
        first, second = refused(b"a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")
        assert (first.line, first.pointer) == (2, "/a")
        assert (second.line, second.pointer) == (5, "/b/c")
        assert first.fix == "Keep one of them"

    def test_an_alias_is_refused_at_its_own_line(self) -> None:
        (problem,) = refused(b"a: &x [1]\nb: *x\n")
        assert (problem.line, problem.pointer, problem.message) == (2, "/b", "aliases are not accepted")

    def test_an_alias_of_a_single_word_is_refused_too(self) -> None:
        assert refused(b"a: &x 5\nb: *x\n")[0].message == "aliases are not accepted"

    def test_a_thousand_laughs_are_refused_and_do_not_grow(self) -> None:
        bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
        assert refused(bomb.encode())[0].message == "aliases are not accepted"

    def test_a_key_that_is_a_list_is_refused(self) -> None:
        assert refused(b"? [a]\n: 1\n")[0].message == "a key must be a plain word"

    @pytest.mark.parametrize("raw", [b"a:\n\tb: 1", b"a: [1", b"a: 'x", b"a: 1\n---\nb: 2", b"a: *nobody"])
    def test_bad_yaml_is_refused_with_a_line(self, raw: bytes) -> None:
        (problem,) = refused(raw)
        assert problem.message.startswith("not valid YAML")
        assert problem.line > 0

    def test_a_control_character_is_refused(self) -> None:
        assert refused(b"a: \x00")[0].message == "not valid YAML: a character that is not allowed"

    def test_a_lone_surrogate_is_refused(self) -> None:
        """The library lets none through today; should it ever, the text stops here."""

        class Lax:
            @staticmethod
            def construct_object(node: Any) -> str:
                return "\ud83d"

        walk = _Walk(Lax(), "file", is_json=False)
        walk.value(yaml.compose("a"), ())
        assert [problem.message for problem in walk.problems] == [
            "the text has half of a character pair (a lone surrogate)"
        ]

    def test_what_is_not_utf_8_is_refused_with_the_byte(self) -> None:
        (problem,) = refused(b"a: \xff\xfe")
        assert problem.message == "not UTF-8 text at byte 3"
        assert problem.fix == "Save the file as UTF-8"

    def test_a_file_at_the_size_limit_is_read_and_one_byte_more_is_not(self) -> None:
        assert read_bytes(b"#" * MAX_BYTES, "f").data is None
        assert "larger than 4 MB" in refused(b"#" * (MAX_BYTES + 1))[0].message


class TestDepth:
    @staticmethod
    def nested(depth: int) -> bytes:
        return b"[" * depth + b"]" * depth

    def test_the_deepest_allowed_nesting_is_read(self) -> None:
        read_bytes(self.nested(MAX_DEPTH + 1), "f")

    def test_one_level_more_is_refused(self) -> None:
        assert refused(self.nested(MAX_DEPTH + 2))[0].message == "nested too deeply"

    @pytest.mark.parametrize("depth", [2_500, 100_000, 1_000_000])
    def test_nesting_that_would_crash_the_yaml_library_is_refused(self, depth: int) -> None:
        assert refused(b"a: " + b"[" * depth)[0].message == "nested too deeply"
        assert refused(b"- " * depth)[0].message == "nested too deeply"
        assert refused(b'{"a": ' + b"[" * depth, is_json=True)[0].message == "nested too deeply"

    def test_deep_indentation_is_refused_at_its_line(self) -> None:
        text = "".join(" " * depth + "a:\n" for depth in range(60))
        (problem,) = refused(text.encode())
        assert (problem.message, problem.line) == ("nested too deeply", MAX_DEPTH + 2)

    def test_many_lists_side_by_side_are_not_deep(self) -> None:
        assert len(data("[" + "[]," * 3_000 + "]")) == 3_000


class TestPaths:
    def test_the_suffix_decides_between_json_and_yaml(self, tmp_path: Path) -> None:
        for name, text in (("a.json", '{"a": 1}'), ("a.yaml", "a: 1"), ("a.JSON", '{"a": 1}')):
            (tmp_path / name).write_text(text)
            assert read_path(tmp_path / name).data == {"a": 1}

    def test_a_missing_file_is_said_to_be_missing(self, tmp_path: Path) -> None:
        with pytest.raises(InputProblems, match="cannot read the file: no such file"):
            read_path(tmp_path / "none.yaml")

    def test_a_folder_is_not_a_file(self, tmp_path: Path) -> None:
        with pytest.raises(InputProblems, match="cannot read the file: is a directory"):
            read_path(tmp_path)
