"""``dedere import``: a new workspace from an export."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from api.cli.safely import opened
from api.operations.backup.errors import InTheWay
from api.operations.backup.importing import import_workspace
from engine.errors import InputProblems, Problem


def command(
    path: Annotated[Path, typer.Argument(metavar="FOLDER_OR_ZIP", help="The export.")],
    digest: Annotated[str, typer.Option("--digest", metavar="HEX", help="The digest printed by dedere export.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Another name for the workspace.")] = "",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="Write the new id of each old one, as JSON.")
    ] = None,
) -> None:
    """Make a new workspace from an export: all of it, or nothing.

    Everything gets a new id. Nobody can sign in to it before an administrator invites them.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{64}", digest):
        raise InputProblems([Problem("a digest is 64 hexadecimal digits", "--digest")])
    with opened() as store:
        if mapping is not None and mapping.exists():
            raise InTheWay(f"{mapping.name} is there already; give another name")
        done = import_workspace(store, path, digest, name)
        if mapping is not None:
            mapping.write_text(json.dumps(done.ids, indent=1) + "\n", "utf-8")
    typer.echo(f"Imported as {done.workspace}: {sum(old.startswith('mat_') for old in done.ids)} matters")
