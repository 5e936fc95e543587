"""``dedere backup``: an encrypted backup of everything, while the service runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.safely import opened, said
from api.operations.backup import backup
from api.operations.backup.damage import listed
from api.operations.backup.keyfile import previous
from api.operations.backup.restore import held
from api.storage.settings import StoreSettings

KEYS = "backup.keys"
KeysFile = Annotated[
    Path | None, typer.Option("--keys", metavar="FILE", help=f"The key file; {KEYS} beside the backup unless given.")
]


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write, or with --verify to read.")],
    keys: KeysFile = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Do with it what a restore does first; change nothing.")
    ] = False,
    only_keys: Annotated[
        bool, typer.Option("--only-keys", help="Replace the key file of this backup, after an erasure.")
    ] = False,
) -> None:
    """Write an encrypted backup and replace the key file beside it.

    Keep the backup in several places, and the key file, always the newest only, in another. Neither
    opens without the master keys, and what was erased is gone from all backups with the next key file.
    Everything in the backup is opened before the key file is replaced; what cannot be read is named, and
    the exit status is 1.
    """
    beside = keys or file.with_name(KEYS)
    if verify:
        with said():
            settings = StoreSettings()
            made = backup.verify(file, beside, held(settings), settings.data.expanduser())
        typer.echo(_whole(made))
        return
    with opened() as store:
        if only_keys:
            typer.echo(f"Key file of {backup.refresh_keys(store, beside)}: {beside}")
            return
        made = backup.back_up(store, file, beside)
    if not made.damage:
        typer.echo(_whole(made))
    typer.echo(f"Key file: {beside}")
    _warn(made, beside)


def _whole(made: backup.Made) -> str:
    return f"Whole: backup {made.id} of {made.created_at}, {made.rows['matters']} matters"


def _warn(made: backup.Made, keys: Path) -> None:
    """Say what is damaged in the database, and end with status 1."""
    if made.mended:
        typer.echo(
            f"Damaged in the database: the key of {', '.join(made.mended)}. The key file before had it, so that the "
            "backup is sound. Mend the database: dedere restore FILE --replace",
            err=True,
        )
    if made.damage:
        typer.echo(
            f"Not whole: in backup {made.id} cannot be read: {listed(made.damage)}. An older backup may have it. "
            f"Until a backup is whole again the key file before is kept: {previous(keys)}",
            err=True,
        )
    if made.mended or made.damage:
        raise typer.Exit(1)
