"""``dedere database``: what the owner of a PostgreSQL database does, whose password no service needs to hold."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from api.cli.safely import said
from api.storage.database import Database
from api.storage.errors import UnfitDatabase
from api.storage.roles import prepare, tidy
from api.storage.settings import StoreSettings


def command(
    action: Annotated[Literal["prepare", "tidy"], typer.Argument(metavar="prepare|tidy", help="What to do.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help="prepare: the role of the service.")] = "",
) -> None:
    """Make the tables or bring them up to date and let the service's role use them; clear away erased keys.

    DEDERE_DATABASE_URL is the address for the owner of the tables, not that of the service. Run prepare
    before the first start and with every new version, tidy every day and after an urgent erasure.
    """
    with said():
        if action == "prepare" and not role:
            raise UnfitDatabase("name the role of the service, such as: dedere database prepare dedere")
        database = Database(StoreSettings().url)
        try:
            if action == "prepare":
                typer.echo(f"{prepare(database, role)} tables are ready for the role {role}, which owns none of them")
            elif tidy(database):
                typer.echo("No erased key is left in the table of keys")
            else:
                raise UnfitDatabase("the table of keys was in use; try again")
        finally:
            database.close()
