"""The commands of ``dedere`` and how one of them is run.

A command's module is imported when the command is used; the summaries here serve the list in
``dedere --help``. To add a command: one line here, one module beside this file.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from errno import EBADF
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from api.cli.failures import INTERRUPTED, PIPE_CLOSED, status_of
from engine import ENGINE_VERSION
from engine.errors import InputProblems, Problem

COMMANDS = {
    "assess": "Assess a case: may the person be surrendered, and why",
    "explain": "Prove one criterion in a case: why it is met, not met or open",
    "dossier": "Show what bears on an evaluative question: evidence, presumptions, findings, precedents",
    "precedents": "Show the precedents that govern a case, and the nearest on each side",
    "situation": "Show what tribunals have held of a State, and what of it still counts on a day",
    "trace": "Show or step through the firings that led to the answer",
    "ask": "Interview: ask only what still matters and write the case file",
    "whatif": "Show what other facts would change",
    "batch": "Assess every case of a file: NDJSON, JSON, CSV, XLSX, ODS or Parquet",
    "template": "Write an empty workbook for cases, with drop-downs, to be filled in for a batch",
    "compare": "Compare two cases: outcome, grounds, first divergence",
    "facts": "Search the fact vocabulary",
    "instruments": "Show which instruments bind two States on a date, and why",
    "check": "Check the law content and count what it holds",
    "conformity": "Compare all decided cases with what courts and committees held",
    "coverage": "Measure which statuses and operands of the rules the cases exercise",
    "impact": "Show what another version of the law content changes in the answers",
    "pack": "Show the address of a version of the law content, or write it as one file",
    "serve": "Run the service: pages for people, the API for programs",
    "memo": "Write the memo on a case as DOCX, PDF or Markdown",
    "brief": "Write the brief against extradition: chosen grounds, facts, law, reply, relief, annexes",
    "filing": "Write a filing to a court, a treaty body or an authority, or list those there are",
    "graph": "Draw the reasoning as a picture, whole or for one criterion",
    "schema": "Print the JSON Schema of an answer or of a case file",
    "people": "List people, add one, print a sign-in link, link an identity provider, make a workspace",
    "apikey": "Issue, list or revoke the API keys of clients",
    "audit": "Verify audit chains offline, print their heads, or export them",
    "backup": "Write an encrypted backup while the service runs, or check one",
    "restore": "Bring a backup back, after it was verified whole",
    "export": "Write a whole workspace in an open form",
    "import": "Make a workspace from an export",
    "database": "As the owner of a PostgreSQL database, prepare it for the service's role, or tidy it",
    "retention": "Keep matters no longer than the workspace says, and never erase what is on hold",
    "keys": "Put the master keys under a passphrase, split them into recovery kits, rebuild or change them",
}

#: Commands whose module has another name: one is a word of Python's, the other module is there already.
_MODULES = {"import": "importing", "keys": "kits"}


class _Commands(TyperGroup):
    """The group of commands, each imported on use."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the list."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name.

        Raises:
            InputProblems: there is none; with the nearest that there is.
        """
        if cmd_name not in COMMANDS:
            near = get_close_matches(cmd_name, COMMANDS, 1)
            fix = f"Did you mean '{near[0]}'?" if near else "See: dedere --help"
            raise InputProblems([Problem(f"'{cmd_name}' is not a command", "dedere", fix=fix)])
        single = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        single.command(cmd_name)(import_module(f"api.cli.{_MODULES.get(cmd_name, cmd_name)}").command)
        return get_command(single)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list in the help text, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dedere {ENGINE_VERSION}")
        raise typer.Exit


app = typer.Typer(
    cls=_Commands,
    name="dedere",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def dedere(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """May this person be extradited, under which instrument not, and why.

    A human decides; Dedere shows the reasoning.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status; nothing is raised."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        if sys.stdout is None:
            raise OSError(EBADF, "standard output is closed")
        found = get_command(app).main(args=list(arguments) or ["--help"], prog_name="dedere", standalone_mode=False)
        sys.stdout.flush()
        return found if isinstance(found, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except typer.Exit as end:
        return end.exit_code
    except SystemExit:  # how typer takes a pipe whose reader has gone
        return PIPE_CLOSED
    except Exception as error:
        return status_of(error)
