"""Exit status: 0 for any verdict, 2 for bad input, 1 for a fault; plain lines, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.cli.app import COMMANDS
from tests.api.support import TOY, dedere, environment, here, write


@pytest.mark.parametrize("reading", ["neutral", "person", "state"])
def test_any_verdict_is_status_zero(tmp_path: Path, reading: str) -> None:
    ran = dedere("assess", write(tmp_path, TOY), "--reading", reading)
    assert (ran.status, ran.err) == (0, "")
    assert "INADMISSIBLE" in ran.out


def test_every_problem_of_a_case_is_one_line_with_file_and_line(tmp_path: Path) -> None:
    bad = "facts:\n  ground_up: maybe\n  stufing: rag\ncounts:\n  - {id: a, broke_vas: yes}\n"
    ran = dedere("assess", write(tmp_path, bad), cwd=tmp_path)
    assert ran.status == 2
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert [row.split(" ")[0] for row in lines] == ["case.yaml:2", "case.yaml:3", "case.yaml:5"]
    assert "Did you mean 'stuffing'?" in lines[1]


def test_findings_that_contradict_are_placed_in_the_file(tmp_path: Path) -> None:
    bad = "assessed_on: 1950-01-01\nfacts:\n  mill_feared: no\n  ground_up: yes\n"
    ran = dedere("assess", write(tmp_path, bad))
    assert ran.status == 2
    assert "case.yaml:4 /facts/ground_up: " in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "'nonsense' is not a command. See: dedere --help"),
        (["asses"], "Did you mean 'assess'?"),
        (["assess"], "Missing argument 'CASE'"),
        (["assess", "missing.yaml"], "missing.yaml: cannot read the file: no such file or directory"),
        (["assess", "."], "cannot read the file: is a directory"),
        (["assess", "{case}", "--bogus"], "No such option: --bogus"),
        (["assess", "{case}", "--on", "13.1.2020"], "--on: '13.1.2020' is not a date"),
        (["assess", "{case}", "--reading", "persons"], "Did you mean 'person'?"),
        (["assess", "{case}", "--format", "pdf"], "Use one of: text, json, markdown"),
        (["explain", "{case}", "toy-1900.mil"], "Did you mean 'toy-1900.mill'?"),
        (["whatif", "{case}"], "no fact to change is given"),
        (["whatif", "{case}", "--set", "stuffing=wod"], "is not a value of this fact"),
        (["compare", "{case}", "missing.yaml"], "missing.yaml: cannot read the file"),
        (["facts", "zeppelin"], "no fact speaks of 'zeppelin'"),
        (["instruments", "Atlantis", "Monaco"], "REQUESTING: 'Atlantis' is not a State"),
        (["instruments", "Andorra", "Monaco", "--on", "soon"], "--on: 'soon' is not a date"),
        (["schema", "cases"], "Did you mean 'case'?"),
        (["ask", "{case}", "--on", "soon"], "--on: 'soon' is not a date"),
        (["ask", "missing/folder/case.yaml"], "cannot write the file"),
        (["serve", "--host", "203.0.113.1"], "cannot listen there"),
    ],
)
def test_bad_input_is_status_two_and_says_what_to_do(tmp_path: Path, arguments: list[str], words: str) -> None:
    case = write(tmp_path, TOY)
    ran = here(*(argument.format(case=case) for argument in arguments), typed="\n\n\n")
    assert ran.status == 2
    assert words in ran.err
    assert ran.faultless


def test_broken_content_is_status_two_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "instruments").mkdir()
    (tmp_path / "rules" / "odd.yaml").write_text("a: 1\nb: {\n", "utf-8")
    ran = dedere("check", content=tmp_path)
    assert ran.status == 2
    assert "rules/odd.yaml:" in ran.err
    assert ran.faultless


def test_a_content_folder_without_content_is_named(tmp_path: Path) -> None:
    ran = dedere("facts", content=tmp_path)
    assert ran.status == 2
    assert f"{tmp_path}: no rules/ and instruments/ are here" in ran.err


def test_a_fault_is_one_line_that_holds_nothing_of_the_case(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret name of the person")

    monkeypatch.setattr("api.cli.assess.open_case", broken)
    ran = here("assess", write(tmp_path, TOY))
    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert "internal fault (RuntimeError at " in ran.err
    assert "secret" not in ran.err
    assert "report" in ran.err


def test_a_pipe_that_closes_early_is_no_complaint(tmp_path: Path) -> None:
    case = write(tmp_path, TOY)
    command = f"{{ {sys.executable} -m api assess {case} --format json; echo $? >&3; }} 3>{tmp_path}/status | head -c 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, env=environment(), check=False, timeout=60)
    assert done.stdout == b"{"
    assert done.stderr == b""
    assert (tmp_path / "status").read_text("utf-8") in ("141\n", "0\n"), "gone early, or all of it fitted into the pipe"


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    command = f"{sys.executable} -m api assess {write(tmp_path, TOY)} >/dev/full"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, env=environment(), check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"dedere: no space left on device\n")


def test_a_closed_output_is_one_line(tmp_path: Path) -> None:
    command = f"{sys.executable} -m api assess {write(tmp_path, TOY)} >&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, env=environment(), check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"dedere: standard output is closed\n")


def test_control_c_ends_quietly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "ask", write(tmp_path, TOY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(PYTHONUNBUFFERED="1"),
    )
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    deadline = time.monotonic() + 30
    while not (process.stdout.read() or b"") and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == b""


def test_every_listed_command_explains_itself() -> None:
    shown = here("--help")
    assert shown.status == 0
    for name in COMMANDS:
        assert f"  {name} " in shown.out
        helped = here(name, "--help")
        assert helped.status == 0
        assert "Usage: dedere" in helped.out


def test_the_bare_command_says_what_it_can_do() -> None:
    assert here() == here("--help")


def test_the_version_is_printed() -> None:
    assert here("--version").out.startswith("dedere ")


def test_a_data_folder_that_cannot_be_used_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = dedere("serve", "--port", "0", DEDERE_DATA=str(tmp_path / "file" / "data"))
    assert done.status == 2
    assert f"{tmp_path}/file/data: cannot keep data there: not a directory" in done.err
    assert "DEDERE_DATA" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_folder_that_the_system_lets_nobody_write_is_named_with_whose_it_should_be() -> None:
    done = dedere("serve", "--port", "0", DEDERE_DATA="/sys/dedere")
    assert done.status == 2
    assert "/sys/dedere: cannot keep data there: " in done.err
    assert f"a folder of the user that runs Dedere (number {os.geteuid()})" in done.err


def test_a_database_that_is_away_is_no_fault_of_ours() -> None:
    done = dedere("serve", "--port", "0", DEDERE_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert done.status == 1
    assert done.err.splitlines()[-1] == "dedere: the database is not available (OperationalError)"
