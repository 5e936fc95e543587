"""Putting a service together from an installation's settings: law, store, assessor, application."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI

from api.catalogue import Catalogue
from api.content import load_engine
from api.http.app import create_app
from api.observe.metrics import watch_workers
from api.people.links import make_sign_in_link
from api.people.persons import Details, PersonSaid, create_first, list_people
from api.service import Service
from api.settings import Settings
from api.store.settings import StoreSettings
from api.store.store import Store, Transaction
from api.store.workspaces import create_workspace
from api.workers.pool import Chaining


def open_service(settings: Settings) -> Service:
    """The service of this installation.

    Raises:
        ContentProblems: every fault of the law content.
        StoreError: the store cannot be opened.
    """
    with ThreadPoolExecutor(1) as other:  # the workers load the law at the same time as this process
        workers = other.submit(Chaining, settings)
        try:
            engine, store = load_engine(settings), Store.open(StoreSettings())
        except BaseException:
            workers.result().close()
            raise
        chaining = workers.result()
    watch_workers(lambda: chaining.state().ready, lambda: chaining.state().replaced)
    return Service(engine, Catalogue(engine), settings, store, chaining)


def web_app(service: Service, hosts: Iterable[str] = ()) -> FastAPI:
    """The application of a service."""
    return create_app(service, hosts)


FIRST_LOGIN = "owner"


def first_link(service: Service) -> str:
    """The token of a one-time sign-in link for an installation of one person, who is made at the first start.

    Empty when several people work here: they have passwords.
    """
    store = service.store
    workspaces = store.workspaces() or [create_workspace(store, "Matters", "usr_first")]
    if len(workspaces) > 1:
        return ""
    with store.write(workspaces[0], "usr_first") as tx:
        people = [one for one in list_people(tx) if one.disabled_at is None] or [_first(tx)]
        return make_sign_in_link(tx, people[0].id) if len(people) == 1 else ""


def _first(tx: Transaction) -> PersonSaid:
    return create_first(tx, Details(name="Owner", login=FIRST_LOGIN))
