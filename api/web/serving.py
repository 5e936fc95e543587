"""Putting a service together from an installation's settings: law, store, assessor, application."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import structlog
from fastapi import FastAPI

from api.accounts.factors import factors_of
from api.accounts.links import make_sign_in_link
from api.accounts.passwords import password_of
from api.accounts.persons import (
    Details,
    PersonSaid,
    create_first,
    list_people,
)
from api.law.cache import forget
from api.law.catalogue import Catalogue
from api.law.content import content_folder, load_engine
from api.law.shelf import with_shelf
from api.operations.backup.staging import sweep
from api.operations.observe import logs, metrics
from api.service.service import Service
from api.service.wording import keep_law
from api.settings import Settings
from api.storage.roles import owns_tables
from api.storage.settings import StoreSettings
from api.storage.store import Store, Transaction
from api.storage.workspaces import create_workspace
from api.web.app import create_app
from api.web.connections import Connection, take_files
from api.workers.dumps import leave_no_core_dump
from api.workers.parent import end_with_parent
from api.workers.pool import Chaining
from engine.assess import Engine

#: Of several processes each serves its own metrics, on the next port that is free.
_METRICS_PORTS = 64

LOG = structlog.get_logger()


def open_service(settings: Settings) -> Service:
    """The service of this installation.

    Raises:
        ContentProblems: every fault of the law content.
        StoreError: the store cannot be opened.
    """
    places = StoreSettings()
    sweep(places.data)
    settings = with_shelf(settings, places.data)
    with ThreadPoolExecutor(1) as other:  # the workers load the law at the same time as this process
        workers = other.submit(Chaining, settings)
        try:
            store = Store.open(places)
            engine = load_engine(settings, store.master.derived("kept law"))
        except BaseException:
            workers.result().close()
            raise
        chaining = of_one_law(workers.result(), engine, settings)
    store.database.reserve.keep()
    if owns_tables(store.database):
        LOG.warning("the role of this service owns its tables and could unprotect them: dedere database prepare")
    keep_law(engine, settings)
    metrics.watch_workers(lambda: chaining.state().ready, lambda: chaining.state().replaced)
    return Service(engine, Catalogue(engine), settings, store, chaining)


def of_one_law(chaining: Chaining, engine: Engine, settings: Settings) -> Chaining:
    """Workers that have the very law of the engine, which was read under the master key or from the files.

    What they read may have been kept without a key, and be changed: then it is made anew.

    Raises:
        InternalError: they find another law again.
    """
    if chaining.law == engine.pack.identity:
        return chaining
    chaining.close()
    forget(content_folder(settings))
    return Chaining(settings, law=engine.pack.identity)


def application() -> FastAPI:
    """The application of this installation in one of several processes.

    Raises:
        ContentProblems: every fault of the law content.
        StoreError: the store cannot be opened.
        OSError: the metrics cannot be served where they should be.
    """
    end_with_parent()
    leave_no_core_dump()
    settings = Settings()
    logs.configure(level=settings.log)
    if settings.metrics:
        metrics.serve(settings.metrics, tries=_METRICS_PORTS)
    Connection.most = take_files()
    return create_app(open_service(settings))


FIRST_LOGIN = "owner"


def first_link(store: Store) -> str:
    """The token of a one-time sign-in link for an installation of one person, who is made at the first start.

    Empty when several people work here, or the one has a password or a passkey: whoever starts the program on a
    stolen machine must not be led in past them.
    """
    workspaces = store.workspaces() or [create_workspace(store, "Matters", "usr_first")]
    if len(workspaces) > 1:
        return ""
    with store.write(workspaces[0], "usr_first") as tx:
        people = [one for one in list_people(tx) if one.disabled_at is None] or [_first(tx)]
        person = people[0].id
        knocks = len(people) > 1 or password_of(tx, person) is not None or "passkey" in factors_of(tx, person)
        return "" if knocks else make_sign_in_link(tx, person)


def _first(tx: Transaction) -> PersonSaid:
    return create_first(tx, Details(name="Owner", login=FIRST_LOGIN))
