"""``dedere pack``: the address of a version of the law content, and the whole of it in one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.law.content import read_pack
from api.law.packs import export, open_pack
from api.settings import Settings
from engine.content.digest import address_of
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

ACTIONS = ("show", "export")
Action = Annotated[str, typer.Argument(metavar="show|export", help="Print an address, or write a pack file.")]
Target = Annotated[
    str,
    typer.Argument(
        metavar="[PACK|FILE]", help="show: the pack, else the content in use. export: the file or folder to write to."
    ),
]


def command(action: Action, target: Target = "") -> None:
    """Show by which version and digest a pack is addressed, or write the content in use as one file.

    Without a file name the pack file is named by its address and written to this folder.
    """
    if action not in ACTIONS:
        raise InputProblems([Problem(f"'{action}' is not done with packs", fix=hint(action, ACTIONS))])
    sys.stdout.write((write(target or ".") if action == "export" else shown(target)) + "\n")


def shown(name: str) -> str:
    """The address of a pack, or of the content in use."""
    settings = Settings()
    return address_of(open_pack(name, settings) if name else read_pack(settings))


def write(target: str) -> str:
    """Write a pack file to a folder under its own name, or to a file; gives back where."""
    name, raw = export(Settings())
    place = Path(target) / name if Path(target).is_dir() else Path(target)
    place.write_bytes(raw)
    return str(place)
