"""``dedere keys rotate``: data keys wrapped under a new master key, and with ``--everything`` data under new keys."""

from __future__ import annotations

from pathlib import Path

import typer

from api.cli.safely import opened
from api.operations.backup.backup import ACTOR
from api.operations.backup.errors import Unusable
from api.storage.rotation import rotate_master, rotate_workspace, unfinished
from api.storage.store import Store

_AFTERWARDS = "Older backups and kits do not fit any more. Make new ones: dedere backup FILE, dedere keys split FOLDER --holders N"


def rotate(paths: list[Path], *, everything: bool) -> None:
    """Change the master key, or finish a change that was stopped; with ``everything`` all data keys too.

    Raises:
        Unusable: it was given files, or keys of a setting with none newer in it.
    """
    if paths:
        raise Unusable("rotate takes no file or folder")
    with opened() as store:
        if store.master.fixed:
            _to_the_last_of_the_setting(store)
        else:
            if unfinished(store):
                typer.echo("A rotation was begun before and is finished now")
            newest = rotate_master(store, ACTOR)
            typer.echo(f"Every data key is wrapped under {newest}; no other master key is left")
        if everything:
            for workspace in store.workspaces():
                rotate_workspace(store, workspace, ACTOR, matters=True)
            typer.echo("Every workspace and matter has a new key, and everything is sealed anew under it")
    typer.echo(_AFTERWARDS)


def _to_the_last_of_the_setting(store: Store) -> None:
    """Wrap under the newest key of DEDERE_MASTER_KEYS; nobody but the operator takes one out of it."""
    if len(store.master.ids) == 1:
        raise Unusable(
            "the master keys come from DEDERE_MASTER_KEYS; add a new one at its end on every node, then rotate"
        )
    newest = rotate_master(store, ACTOR, make=False)
    typer.echo(f"Every data key is wrapped under {newest}; take the older keys out of DEDERE_MASTER_KEYS on every node")
