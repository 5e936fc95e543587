"""``dedere apikey``: keys of programs such as a case tracker, from the terminal of whoever runs the service."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import typer

from api.accounts.access.scopes import SCOPES
from api.accounts.keys.service import issue, list_keys, revoke
from api.cli.people import ACTOR, Workspace, said, the_workspace
from api.cli.safely import opened
from api.storage.store import Store, Transaction
from engine.errors import InputProblems, Problem

_TRACKER = ("matters:read", "matters:write", "assessments:read", "assessments:write")


def command(
    action: Annotated[
        Literal["issue", "list", "revoke"], typer.Argument(metavar="issue|list|revoke", help="What to do.")
    ],
    key: Annotated[str, typer.Argument(metavar="KEY", help="revoke: the id of the key, as list shows it.")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help=f"issue: {', '.join(SCOPES)}; repeatable. A tracker's four unless given."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="issue: how long it is valid.")] = 365,
    workspace: Workspace = "",
) -> None:
    """Issue a key (its text is printed once and never again), list keys, or revoke one at once."""
    with opened() as store, said():
        chosen = the_workspace(store, workspace)
        with store.write(chosen, ACTOR) as tx:
            if action == "issue":
                _issue(store, tx, scope or list(_TRACKER), days)
            elif action == "list":
                _list(tx)
            else:
                if not key:
                    raise InputProblems([Problem("which key?", "KEY", fix="See: dedere apikey list")])
                revoke(tx, key)
                typer.echo("Revoked")


def _issue(store: Store, tx: Transaction, scopes: list[str], days: int) -> None:
    unknown = sorted(set(scopes) - SCOPES.keys())
    if unknown:
        raise InputProblems([Problem("there is no such scope", "--scope", fix=f"Scopes are: {', '.join(SCOPES)}")])
    said_, text = issue(tx, scopes, store.now() + timedelta(days=days))
    typer.echo(text)
    typer.echo(f"Key {said_.id}, valid until {str(said_.expires_at)[:10]}, may: {', '.join(said_.scopes)}", err=True)


def _list(tx: Transaction) -> None:
    for one in list_keys(tx):
        state = "revoked" if one.revoked_at else f"valid until {str(one.expires_at or 'revoked')[:10]}"
        used = f"last used {one.last_used_at[:10]}" if one.last_used_at else "never used"
        typer.echo(f"{one.id}  {state}, {used}: {', '.join(one.scopes)}")
