"""``dedere import``: a new workspace from an export."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from api.cli.safely import opened
from api.law.content import load_engine
from api.operations.backup.errors import InTheWay
from api.operations.backup.importing import import_workspace
from api.service.recomputing import assess_imported
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

    Everything gets a new id. Nobody can sign in to it before an administrator invites them. Answers in an
    export are not trusted: they are kept marked as imported, and each matter that had one is assessed anew.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{64}", digest):
        raise InputProblems([Problem("a digest is 64 hexadecimal digits", "--digest")])
    with opened() as store:
        if mapping is not None and mapping.exists():
            raise InTheWay(f"{mapping.name} is there already; give another name")
        done = import_workspace(store, path, digest, name)
        if mapping is not None:
            mapping.write_text(json.dumps(done.ids, indent=1) + "\n", "utf-8")
        made, left = assess_imported(load_engine(), store, done.workspace)
    typer.echo(f"Imported as {done.workspace}: {sum(old.startswith('mat_') for old in done.ids)} matters")
    typer.echo(
        f"Assessed anew under the law here: {made}; could not be: {left}. Imported answers tell nothing by themselves"
    )
