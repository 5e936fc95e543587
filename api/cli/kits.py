"""``dedere keys``: recovery kits of the master keys, made, checked and used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy import make_url

from api.cli.safely import opened, said
from api.operations.backup import kits
from api.operations.backup.backup import ACTOR
from api.operations.backup.errors import InTheWay, Unusable
from api.operations.backup.restore import held
from api.storage.ids import new_id
from api.storage.settings import StoreSettings
from api.storage.vault.master import id_of, install


def command(
    action: Annotated[
        Literal["split", "check", "recover"], typer.Argument(metavar="split|check|recover", help="What to do.")
    ],
    paths: Annotated[
        list[Path], typer.Argument(metavar="FOLDER | KIT KIT", help="split: where to write the kits. Else: two kits.")
    ],
    holders: Annotated[int, typer.Option("--holders", metavar="2|3", help="How many kits; any 2 are needed.")] = 2,
) -> None:
    """Split the master keys into kits for two or three holders, check two kits, or recover from them.

    Print each kit, give it to its holder, and remove the files. Make new kits whenever the master
    keys were rotated, and rehearse with check, which changes nothing.
    """
    if action == "split":
        _split(paths, holders)
    else:
        _recover(paths, checked_only=action == "check")


def _split(paths: list[Path], holders: int) -> None:
    with opened() as store:
        if len(paths) != 1:
            raise Unusable("give one folder to write the kits to")
        name = new_id("kit")
        sheets = kits.split(store.master, name, holders)
        for number, sheet in enumerate(sheets, 1):
            place = paths[0] / f"kit-{number}-of-{holders}.txt"
            _write(place, sheet)
            typer.echo(str(place))
        for workspace in store.workspaces():
            with store.write(workspace, ACTOR) as tx:
                tx.record("keys.split", workspace, kits=name, holders=holders)


def _write(place: Path, sheet: str) -> None:
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InTheWay(f"{place.name} is there already; give an empty folder") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(sheet)


def _recover(paths: list[Path], *, checked_only: bool) -> None:
    with said():
        settings = StoreSettings()
        keys = kits.recover([kits.read(path.read_text("utf-8", "replace"), path.name) for path in paths])
        names = ", ".join(id_of(key) for key in keys)
        if checked_only:
            if [id_of(key) for key in keys] != held(settings).ids:
                raise Unusable("these kits hold other master keys than this installation; make new kits")
            typer.echo(f"These kits bring back {names}, which this installation uses")
            return
        try:
            install(settings.data.expanduser() / "master.keys", keys)
        except FileExistsError:
            raise InTheWay("there is a master.keys already; it was not touched. Move it away first") from None
    typer.echo(f"Recovered: {names}")
    _try(settings)


def _try(settings: StoreSettings) -> None:
    """Open the store with what was recovered, if there is one."""
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        typer.echo("There is no database here yet. Bring one back with: dedere restore FILE")
        return
    with opened() as store:
        for workspace in store.workspaces():
            with store.write(workspace, ACTOR) as tx:
                tx.record("keys.recovered", workspace)
        typer.echo("The store opens with them")
