"""``dedere export``: a whole workspace in an open form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.safely import opened
from api.operations.backup.exporting import export_workspace


def command(
    path: Annotated[Path, typer.Argument(metavar="FOLDER_OR_ZIP", help="Where to write; a zip file if it ends so.")],
    workspace: Annotated[str, typer.Option("--workspace", metavar="ID", help="The workspace's id.")],
) -> None:
    """Write a workspace: each matter with its versions and assessments, people without secrets, the audit chain.

    The export is NOT encrypted: it holds everything about people at risk. Give the digest that is
    printed to whoever imports it, by another way than the export itself.
    """
    with opened() as store:
        done = export_workspace(store, workspace, path)
    typer.echo(f"Exported {done.matters} matters, not encrypted: {path}")
    typer.echo(f"Digest: {done.digest}")
