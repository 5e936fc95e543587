"""``dedere keys``: recovery kits of the master keys, made, checked and used; keys changed for new ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy import make_url

from api.cli.rotating import rotate
from api.cli.safely import opened, said
from api.operations.backup import kits
from api.operations.backup.backup import ACTOR
from api.operations.backup.errors import InTheWay, Unusable
from api.operations.backup.restore import held
from api.storage.ids import new_id
from api.storage.settings import StoreSettings
from api.storage.vault.errors import FixedKeys
from api.storage.vault.master import id_of, install, protect_by_keyring, protect_file
from api.storage.vault.passphrase import asked, typed


def command(
    action: Annotated[
        Literal["split", "check", "recover", "protect", "unprotect", "rotate"],
        typer.Argument(metavar="split|check|recover|protect|unprotect|rotate", help="What to do."),
    ],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER | KIT KIT", help="split: where to write the kits. check, recover: two kits. Else: nothing."
        ),
    ] = None,
    holders: Annotated[int, typer.Option("--holders", metavar="2|3", help="How many kits; any 2 are needed.")] = 2,
    by_keyring: Annotated[
        bool, typer.Option("--keyring", help="protect: by a passphrase that the system's keyring keeps.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--everything", help="rotate: give every workspace and matter a new key too.")
    ] = False,
) -> None:
    """Split the master keys into kits for two or three holders, check two kits, recover from them, or set a passphrase.

    protect puts master.keys under a passphrase (argon2id), or under another one; whoever starts the
    service then types it, or gives it by a file descriptor (DEDERE_PASSPHRASE_FD). With --keyring the
    system's keyring keeps a random one. unprotect takes it off.

    Print each kit, give it to its holder, and remove the files. Make new kits whenever the master
    keys were rotated, and rehearse with check, which changes nothing.

    Rotate makes a new master key, wraps every data key anew under it, and destroys the old one only
    then, while the service goes on. Whatever stops it midway, both keys open the data, and the same
    command finishes what was begun.
    """
    if action in ("protect", "unprotect"):
        _protect(off=action == "unprotect", by_keyring=by_keyring)
    elif action == "rotate":
        rotate(paths or [], everything=everything)
    elif action == "split":
        _split(paths or [], holders)
    else:
        _recover(paths or [], checked_only=action == "check")


def _protect(*, off: bool, by_keyring: bool) -> None:
    with said():
        settings = StoreSettings()
        if settings.master_keys.get_secret_value():
            raise FixedKeys("the master keys come from a setting; whoever keeps that protects them")
        held(settings)
        if by_keyring and not off:
            protect_by_keyring(settings.key_file, settings.passphrase)
        else:
            protect_file(settings.key_file, settings.passphrase, "" if off else _new_passphrase(settings.passphrase_fd))
    if off:
        typer.echo("master.keys is under no passphrase now: encrypt the disk")
    elif by_keyring:
        typer.echo(
            "master.keys opens with the keyring of this account now. Start the service again; without that keyring"
        )
        typer.echo("or the recovery kits nobody can read anything, so keep kits: dedere keys split FOLDER")
    else:
        typer.echo("master.keys is under the passphrase. Start the service again; without the passphrase or the")
        typer.echo("recovery kits nobody can read anything, so keep kits: dedere keys split FOLDER")


def _new_passphrase(descriptor: int | None) -> str:
    """From the descriptor, on its next line, or typed twice."""
    if descriptor is not None:
        return asked(descriptor)
    first = typed("New passphrase: ")
    if first != typed("Once more: "):
        raise Unusable("the two passphrases differ; nothing was changed")
    return first


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
            install(settings.key_file, keys)
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
