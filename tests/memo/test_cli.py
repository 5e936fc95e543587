"""The command that writes memos."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.cli.memo import command
from engine.errors import InputProblems
from tests.memo.conftest import EXAMPLE

app = typer.Typer()
app.command()(command)


def run(*arguments: str) -> bytes:
    found = CliRunner().invoke(app, [str(EXAMPLE), "--on", "2020-01-13", *arguments], catch_exceptions=True)
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0
    return found.stdout_bytes


def test_a_memo_is_markdown_on_standard_output() -> None:
    assert run("--profile", "training").startswith(b"# Training memorandum")


def test_a_memo_is_written_in_the_language_asked_for() -> None:
    """T25: the command speaks Ukrainian."""
    said = run("--profile", "training", "--language", "uk").decode()
    assert said.startswith("# Навчальна довідка")
    assert "Чинні документи" in said


@pytest.mark.parametrize(("name", "start"), [("memo.docx", b"PK"), ("memo.pdf", b"%PDF"), ("memo.md", b"# Memorandum")])
def test_the_name_of_the_file_tells_the_format(tmp_path: Path, name: str, start: bytes) -> None:
    run("-o", str(tmp_path / name), "--citations", "oscola")
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "odt"], "not a format of memos"),
        (["--profile", "public"], "not a profile"),
        (["--citations", "apa"], "not a citation style"),
        (["--reading", "judge"], "not a reading"),
        (["--language", "ua"], "not a language Dedere speaks"),
        (["-o", "memo.rtf"], "not a format of memos"),
    ],
)
def test_a_wrong_option_is_refused_by_name(arguments: list[str], said: str) -> None:
    with pytest.raises(InputProblems, match=said):
        run(*arguments)
