"""``dedere audit``: whether an audit chain is whole, and where it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy.exc import SQLAlchemyError

from api.cli.safely import opened, said
from api.documents.text.safe import inert
from api.operations.archive import archive
from api.operations.backup.restore import held
from api.operations.heads import heads_in
from api.storage.audit.chain import Verification
from api.storage.audit.signing import Signatures
from api.storage.audit.sources import export_url, signatures_of, verify_files, verify_url
from api.storage.errors import Unavailable
from api.storage.settings import StoreSettings
from engine.errors import InputProblems, Problem

SHOWN = 50
_HEAD = re.compile(r"[0-9a-f]{64}")
_URLS = ("sqlite:", "postgresql:", "postgres:", "postgresql+psycopg:")


def command(
    action: Annotated[
        Literal["verify", "head", "export", "archive"],
        typer.Argument(metavar="verify|head|export|archive", help="What to do."),
    ],
    source: Annotated[
        str, typer.Argument(metavar="FILE_OR_URL", help="An export or a database's address; archive: a folder.")
    ],
    *,
    head: Annotated[
        list[str] | None, typer.Option("--head", metavar="HEX", help="A head noted earlier, elsewhere; repeatable.")
    ] = None,
    heads: Annotated[
        Path | None, typer.Option("--heads", metavar="FILE", help="The heads that the service has sent away.")
    ] = None,
    archives: Annotated[
        list[Path] | None, typer.Option("--archive", metavar="FILE", help="An archive before it; repeatable, in order.")
    ] = None,
    older: Annotated[
        int, typer.Option("--older", metavar="DAYS", min=30, help="archive: entries older than so many days.")
    ] = 365,
    signed: Annotated[
        bool, typer.Option("--signed", help="Check the signatures too, with the master keys of this installation.")
    ] = False,
) -> None:
    """Verify audit chains offline, print their heads, export them, or move their old part into archives.

    Every changed, missing, added or reordered entry is named; the exit status is then 1. Only an
    earlier head (--head, --heads) shows that the end was cut off, so note the heads elsewhere, every
    day, or have the service send them (DEDERE_AUDIT_HEADS). Only signatures (--signed) show that
    somebody who has the database and not the keys wrote entries with right hashes.
    """
    if action == "export":
        _export(source)
        return
    if action == "archive":
        _archive(Path(source), timedelta(days=older))
        return
    found = _verified(source, archives or [], [*_heads(head or []), *(heads_in(heads) if heads else [])])
    signatures = _signatures(source) if signed else []
    found.faults += [fault for one in signatures for fault in one.faults]
    for line in _head_lines(found) if action == "head" and found.intact else lines(found):
        typer.echo(inert(line))
    for one in signatures:
        typer.echo(inert(str(one)))
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


def _verified(source: str, archives: list[Path], heads: list[str]) -> Verification:
    if not source.startswith(_URLS):
        return verify_files([*archives, Path(source)], heads)
    with _readable(source):
        return verify_url(source, heads, archives)


def _archive(folder: Path, older: timedelta) -> None:
    """Move the old part of every chain of this installation into a file of its own."""
    with opened() as store:
        for workspace in store.workspaces():
            file = folder / f"{workspace}-{store.now():%Y-%m-%d}.ndjson"
            done = archive(store, workspace, file, older)
            typer.echo(
                f"{file}: entries up to {done.entries}, head {done.head}" if done else f"{workspace}: nothing so old"
            )


def _signatures(source: str) -> list[Signatures]:
    if not source.startswith(_URLS):
        raise InputProblems(
            [Problem("an export has no signatures", "--signed", fix="Give the address of the database")]
        )
    with said(), _readable(source):
        return signatures_of(source, held(StoreSettings()))


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
