"""``dedere restore``: a backup brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.backup import KEYS, KeysFile
from api.cli.safely import said
from api.operations.backup.damage import CHAIN
from api.operations.backup.restore import restore
from api.storage.settings import StoreSettings


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    keys: KeysFile = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace all data that is there already.")] = False,
    despite_damage: Annotated[
        bool, typer.Option("--despite-damage", help="Bring back everything but what cannot be read, and name that.")
    ] = False,
) -> None:
    """Bring a backup back, into an empty place unless --replace is given.

    It is verified whole before anything is touched. Use the newest key file there is: what was erased
    after the backup stays erased. Everybody signs in again. If anything in it cannot be read, it is
    named and nothing is changed, unless --despite-damage is given.
    """
    with said():
        done = restore(
            StoreSettings(), file, keys or file.with_name(KEYS), replace=replace, despite_damage=despite_damage
        )
    typer.echo(f"Restored: backup {done.id} of {done.created_at}, {done.rows['matters']} matters")
    for one in done.damage:
        typer.echo(f"Broken, brought back as it is: {one}" if one.what == CHAIN else f"Left out, cannot be read: {one}")
