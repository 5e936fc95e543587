"""Which Python is taken, and what is said when something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

REAL = str(getattr(sys, "_base_executable", sys.executable))
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"


def ask(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the script says when only the programs in one folder, and the shell's own, are on the path."""
    command = ["/bin/sh", str(ROOT / "scripts/prerequisites.sh"), *arguments]
    settings = {"PATH": str(folder), "HOME": str(folder), **environment}
    return subprocess.run(command, env=settings, check=False, capture_output=True, text=True)


def program(folder: Path, name: str, text: str) -> None:
    """A shell script on the path."""
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path with a compiler and nothing else."""
    program(tmp_path, "gcc", "exit 0")
    return tmp_path


def lacking(word: str) -> str:
    """This Python, which fails whenever it is asked for something."""
    return f'case "$2" in *{word}*) exit 1 ;; esac\nexec {REAL} "$@"'


def test_the_python_that_is_there_is_taken(folder: Path) -> None:
    program(folder, f"python{THIS}", f'exec {REAL} "$@"')
    assert os.path.samefile(ask(folder).stdout.strip(), REAL)


def test_a_name_on_the_path_that_starts_nothing_is_passed_over(folder: Path) -> None:
    """As a shim of pyenv for a version that is not chosen."""
    for version in ("3.14", "3.13", "3.12", "3.11"):
        program(folder, f"python{version}", "exit 127")
    program(folder, "python3", f'exec {REAL} "$@"')
    assert os.path.samefile(ask(folder).stdout.strip(), REAL)


def test_a_complete_python_goes_before_a_newer_one_without_headers_or_venv(folder: Path) -> None:
    newest = ask(folder, "--supported").stdout.split()[0]
    pretend = f'case "$2" in *version_info*) echo {newest} ;; *ensurepip*) exit 1 ;; *) exec {REAL} "$@" ;; esac'
    program(folder, f"python{newest}", pretend)
    program(folder, "python3", f'exec {REAL} "$@"')
    assert os.path.samefile(ask(folder).stdout.strip(), REAL)


@pytest.mark.parametrize(
    ("word", "said"),
    [("ensurepip", "apt-get install python3-venv"), ("Python.h", "apt-get install python3-dev")],
)
def test_what_an_incomplete_python_lacks_is_said_with_the_remedy(folder: Path, word: str, said: str) -> None:
    program(folder, "python3", lacking(word))
    done = ask(folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_everything_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    done = ask(tmp_path)
    assert done.returncode == 2
    assert "Python 3.11 to 3.14 is missing" in done.stderr
    assert "apt-get install gcc" in done.stderr


def test_a_python_that_was_asked_for_is_never_replaced_by_another(folder: Path) -> None:
    program(folder, "python3", f'exec {REAL} "$@"')
    program(folder, "python3.10", "echo 3.10")
    done = ask(folder, PYTHON="python3.10")
    assert done.returncode == 2
    assert "PYTHON=python3.10 is none of Python 3.14" in done.stderr


def test_a_version_is_found_among_those_of_pyenv(folder: Path) -> None:
    home = folder / "pyenv" / "versions" / f"{THIS}.99" / "bin"
    home.mkdir(parents=True)
    program(home, f"python{THIS}", f'exec {REAL} "$@"')
    found = ask(folder, "--find", THIS, PYENV_ROOT=str(folder / "pyenv"))
    assert os.path.samefile(found.stdout.strip(), REAL)
    assert ask(folder, "--find", "3.10").returncode == 1


def test_the_supported_versions_are_those_of_the_project(folder: Path) -> None:
    newest, *_, oldest = ask(folder, "--supported").stdout.split()
    after = f"{newest.split('.')[0]}.{int(newest.split('.')[1]) + 1}"
    assert f'requires-python = ">={oldest},<{after}"' in (ROOT / "pyproject.toml").read_text("utf-8")
