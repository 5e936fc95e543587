"""``dedere backup``: an encrypted backup of everything, while the service runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.safely import opened
from api.operations.backup import backup

KEYS = "backup.keys"
KeysFile = Annotated[
    Path | None, typer.Option("--keys", metavar="FILE", help=f"The key file; {KEYS} beside the backup unless given.")
]


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write, or with --verify to read.")],
    keys: KeysFile = None,
    verify: Annotated[bool, typer.Option("--verify", help="Read a backup to its end and change nothing.")] = False,
    only_keys: Annotated[
        bool, typer.Option("--only-keys", help="Replace the key file of this backup, after an erasure.")
    ] = False,
) -> None:
    """Write an encrypted backup and replace the key file beside it.

    Keep the backup in several places, and the key file, always the newest only, in another. Neither
    opens without the master keys, and what was erased is gone from all backups with the next key file.
    """
    beside = keys or file.with_name(KEYS)
    with opened() as store:
        if only_keys:
            typer.echo(f"Key file of {backup.refresh_keys(store, beside)}: {beside}")
            return
        made = backup.verify(file, store.master) if verify else backup.back_up(store, file, beside)
        typer.echo(f"Whole: backup {made.id} of {made.created_at}, {made.rows['matters']} matters")
        if not verify:
            typer.echo(f"Key file: {beside}")
