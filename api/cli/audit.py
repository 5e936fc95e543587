"""``dedere audit``: whether an audit chain is whole, and where it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy.exc import SQLAlchemyError

from api.documents.text.safe import inert
from api.storage.audit.chain import Verification
from api.storage.audit.sources import export_url, verify_file, verify_url
from api.storage.errors import Unavailable
from engine.errors import InputProblems, Problem

SHOWN = 50
_HEAD = re.compile(r"[0-9a-f]{64}")
_URLS = ("sqlite:", "postgresql:", "postgres:", "postgresql+psycopg:")


def command(
    action: Annotated[
        Literal["verify", "head", "export"], typer.Argument(metavar="verify|head|export", help="What to do.")
    ],
    source: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="An export, or the address of a database.")],
    head: Annotated[
        list[str] | None, typer.Option("--head", metavar="HEX", help="A head noted earlier, elsewhere; repeatable.")
    ] = None,
) -> None:
    """Verify audit chains offline, print their heads, or export them from a database.

    Every changed, missing, added or reordered entry is named; the exit status is then 1. Only an
    earlier head (--head) shows that the end was cut off, so note the heads elsewhere, every day.
    """
    if action == "export":
        _export(source)
        return
    found = _verified(source, _heads(head or []))
    for line in _head_lines(found) if action == "head" and found.intact else lines(found):
        typer.echo(inert(line))
    raise typer.Exit(0 if found.intact else 1)


def _export(source: str) -> None:
    with _readable(source):
        for line in export_url(source):
            typer.echo(line, nl=False)


def _head_lines(found: Verification) -> list[str]:
    return [f"{chain} {found.lengths[chain]} {head}" for chain, head in found.heads.items()]


def lines(found: Verification) -> list[str]:
    """What was found, in words."""
    heads = [f"{chain}: {found.lengths[chain]} entries, head {head}" for chain, head in found.heads.items()]
    faults = [str(fault) for fault in found.faults[:SHOWN]]
    more = len(found.faults) - len(faults)
    verdict = "Intact" if found.intact else f"Broken: {_faults(len(found.faults))}"
    return [verdict, *faults, *([f"and {more} more"] if more else []), *heads]


def _heads(given: list[str]) -> list[str]:
    wrong = [
        Problem("a head is 64 hexadecimal digits", "--head") for text in given if not _HEAD.fullmatch(text.lower())
    ]
    if wrong:
        raise InputProblems(wrong)
    return [text.lower() for text in given]


def _verified(source: str, heads: list[str]) -> Verification:
    if not source.startswith(_URLS):
        return verify_file(Path(source), heads)
    with _readable(source):
        return verify_url(source, heads)


@contextmanager
def _readable(url: str) -> Iterator[None]:
    """Say that a database is not there, or not ours, without repeating its address, which may hold a password."""
    file = url.removeprefix("sqlite:///")
    if not url.startswith(_URLS) or (url.startswith("sqlite:") and not Path(file).is_file()):
        raise InputProblems(
            [Problem("there is no such database", fix="Give its address, such as sqlite:////folder/dedere.db")]
        )
    try:
        yield
    except (Unavailable, SQLAlchemyError):
        raise InputProblems([Problem("the database cannot be read, or holds no audit chain")]) from None


def _faults(number: int) -> str:
    return "1 fault" if number == 1 else f"{number} faults"
