"""Errors of the command line: what is printed, and the exit status that goes with it.

Bad input: every problem on its own line, with file and line. A fault: one line that names the kind
of error and the place in our code, never its message, which could repeat the case.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from api.documents.text.safe import inert
from api.operations.observe.faults import fault_line
from api.storage.errors import StoreError
from api.storage.vault.errors import VaultError
from engine.errors import ContentProblems, InputProblems, Problem

BAD_INPUT, FAULT, INTERRUPTED, PIPE_CLOSED = 2, 1, 130, 141


def status_of(error: BaseException) -> int:
    """Say an error on standard error and give its exit status."""
    if isinstance(error, InputProblems | ContentProblems):
        return _say(str(near(problem)) for problem in error.problems)
    if hasattr(error, "format_message"):  # what typer says of a command that cannot be parsed
        return _say([f"dedere: {error.format_message()}", "Try: dedere --help, or dedere COMMAND --help"])
    if isinstance(error, StoreError | VaultError):  # their words hold nothing of a case
        return _say([f"dedere: {error}"], FAULT)
    if isinstance(error, BrokenPipeError):
        return _silenced()
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if isinstance(error.filename, str) else ""
        return _say([f"dedere: {error.strerror.lower()}{where}"], FAULT)
    return _say([fault_line(error)], FAULT)


def _say(lines: Iterable[str], status: int = BAD_INPUT) -> int:
    for line in lines:
        print(inert(line), file=sys.stderr)  # noqa: T201 - the one place that prints errors
    return status


def _silenced() -> int:
    """Whoever read our output has gone: let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


def near(problem: Problem) -> Problem:
    """The problem with its file named from where the user stands, if that is shorter."""
    source = Path(problem.source)
    if not source.is_absolute() or not source.is_relative_to(Path.cwd()):
        return problem
    return replace(problem, source=str(source.relative_to(Path.cwd())))
