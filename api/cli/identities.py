"""``dedere people identity``: whom the identity provider of this installation means, from the terminal."""

from __future__ import annotations

import typer

from api.accounts.identities import link_identity, list_identities, unlink_identity
from api.accounts.persons import list_people
from api.documents.text.safe import inert
from api.settings import Settings
from api.storage.store import Transaction
from engine.errors import InputProblems, Problem


def identity(tx: Transaction, act: str, login: str, issuer: str, subject: str) -> None:
    """List the links of everybody or of one person, or link or unlink one.

    Raises:
        InputProblems: the act is none, nobody has the login, or there is no such link.
    """
    people = [one for one in list_people(tx) if not login or one.details.login == login]
    if act not in ("list", "link", "unlink"):
        raise InputProblems([Problem("say list, link or unlink", "people identity")])
    if act != "list" and not login:
        raise InputProblems([Problem("whom? give their login", "--login", fix="See: dedere people list")])
    if not people:
        raise InputProblems([Problem("nobody has this login", "--login", fix="See: dedere people list")])
    if act == "list":
        for one in people:
            for link in list_identities(tx, one.id):
                typer.echo(f"{inert(one.details.login)}  {inert(link.subject)}  {inert(link.issuer)}")
        return
    where = issuer or Settings().oidc_issuer
    if not where:
        raise InputProblems([Problem("no identity provider is set: DEDERE_OIDC_ISSUER", "--issuer")])
    if act == "link":
        link_identity(tx, people[0].id, where, subject)
        typer.echo(f"{inert(login)} signs in as {inert(subject)} at {inert(where)}")
        return
    found = [one for one in list_identities(tx, people[0].id) if (one.issuer, one.subject) == (where, subject)]
    if not found:
        raise InputProblems(
            [Problem("the person has no such link", "--subject", fix="See: dedere people identity list")]
        )
    unlink_identity(tx, people[0].id, found[0].id)
    typer.echo(f"{inert(login)} is not linked to {inert(subject)} any more")
