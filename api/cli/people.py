"""``dedere people``: the people of this installation, from the terminal of whoever runs it.

Whoever can run this holds the master keys already, so a sign-in link made here is as good as a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer

from api.accounts.errors import PeopleError
from api.accounts.handles import handle_of, set_handle
from api.accounts.links import invite, make_sign_in_link
from api.accounts.persons import (
    Details,
    create_first,
    create_person,
    list_people,
)
from api.accounts.roles import ROLES
from api.cli.identities import identity
from api.cli.safely import opened
from api.documents.text.safe import inert
from api.storage.store import Store, Transaction
from api.storage.workspaces import create_workspace, workspace_name
from engine.errors import InputProblems, Problem

ACTOR = "sys_terminal"
Workspace = Annotated[
    str, typer.Option("--workspace", metavar="ID", help="Which one, if the installation has several.")
]


def command(
    action: Annotated[
        Literal["list", "add", "link", "workspace", "handle", "identity"],
        typer.Argument(metavar="list|add|link|workspace|handle|identity", help="What to do."),
    ],
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="add: the person's name; workspace: its name; handle: it; identity: list, link or unlink.",
        ),
    ] = "",
    *,
    login: Annotated[
        str, typer.Option("--login", metavar="LOGIN", help="add, link, identity: the person's login.")
    ] = "",
    role: Annotated[list[str] | None, typer.Option("--role", help=f"add: {', '.join(ROLES)}; repeatable.")] = None,
    handle: Annotated[
        str, typer.Option("--handle", help="workspace: short name before logins, as in handle/login.")
    ] = "",
    subject: Annotated[
        str, typer.Option("--subject", metavar="SUB", help="identity: what the identity provider calls the person.")
    ] = "",
    issuer: Annotated[
        str, typer.Option("--issuer", metavar="URL", help="identity: the provider, if not the one that is set.")
    ] = "",
    workspace: Workspace = "",
) -> None:
    """List people, add one (prints an invitation), print a sign-in link, make a further workspace, or name one.

    The first person of a workspace gets every role. What is printed works once; give it to the person
    by a channel that nobody else can read. With identity people are linked to the identity provider
    (OpenID Connect): whoever signs in there with this subject is that person here.
    """
    with opened() as store, said():
        if action == "workspace":
            _new_workspace(store, name, handle)
            return
        chosen = the_workspace(store, workspace)
        with store.write(chosen, ACTOR) as tx:
            if action == "list":
                _list(tx)
            elif action == "handle":
                _name(tx, name)
            elif action == "add":
                _add(tx, name, login, role or [])
            elif action == "identity":
                identity(tx, name or "list", login, issuer, subject)
            else:
                _link(tx, login)


def the_workspace(store: Store, wanted: str) -> str:
    """The workspace that is meant.

    Raises:
        InputProblems: there is none, or several and none was named.
    """
    known = store.workspaces()
    if wanted in known:
        return wanted
    if wanted:
        raise InputProblems([Problem("there is no such workspace", "--workspace")])
    if len(known) != 1:
        fix = "Give one with --workspace: " + ", ".join(known) if known else "Make one: dedere people workspace NAME"
        raise InputProblems([Problem(f"the installation has {len(known)} workspaces", fix=fix)])
    return known[0]


@contextmanager
def said() -> Iterator[None]:
    """Refusals become one line."""
    try:
        yield
    except (PeopleError, ValueError) as error:
        raise InputProblems([Problem(str(error))]) from None


def _new_workspace(store: Store, name: str, handle: str) -> None:
    if not name:
        raise InputProblems([Problem("give the workspace a name", "NAME")])
    made = create_workspace(store, name, ACTOR)
    if handle:
        with store.write(made, ACTOR) as tx:
            set_handle(tx, handle)
    typer.echo(f"Workspace {made}")
    if not handle and len(store.workspaces()) > 1:
        typer.echo(
            f"Nobody signs in to it by password before it has a handle: dedere people handle HANDLE --workspace {made}"
        )


def _name(tx: Transaction, handle: str) -> None:
    set_handle(tx, handle)
    typer.echo(f"Its people sign in as {handle}/LOGIN from now on")


def _list(tx: Transaction) -> None:
    typer.echo(f"{inert(workspace_name(tx))} ({handle_of(tx) or 'no handle'}), {tx.workspace}")
    for one in list_people(tx):
        state = " disabled" if one.disabled_at else ""
        name = inert(one.details.name) or f"{one.id} (the row is damaged and cannot be read)"
        typer.echo(f"  {inert(one.details.login)}  {name}  {', '.join(one.roles)}{state}")


def _add(tx: Transaction, name: str, login: str, roles: list[str]) -> None:
    details = Details(name=name, login=login)
    made = create_person(tx, details, roles) if list_people(tx) else create_first(tx, details)
    typer.echo(f"{inert(login)} has the roles: {', '.join(made.roles)}")
    typer.echo(f"Invitation, valid 72 hours, works once: /invitation#{invite(tx, made.id)}")


def _link(tx: Transaction, login: str) -> None:
    found = next((one for one in list_people(tx) if one.details.login == login and not one.disabled_at), None)
    if found is None:
        raise InputProblems([Problem("nobody has this login", "--login", fix="See: dedere people list")])
    typer.echo(f"Sign-in link, valid ten minutes, works once: /link#{make_sign_in_link(tx, found.id)}")
