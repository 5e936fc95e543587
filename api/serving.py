"""Putting a service together from an installation's settings: law, store, assessor, application."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI

from api.catalogue import Catalogue
from api.content import load_engine
from api.http.app import create_app
from api.service import Here, Service
from api.settings import Settings
from api.store.settings import StoreSettings
from api.store.store import Store


def open_service(settings: Settings) -> Service:
    """The service of this installation.

    Raises:
        ContentProblems: every fault of the law content.
        StoreError: the store cannot be opened.
    """
    engine = load_engine(settings)
    assert engine.durable  # made now, so that the first request does not wait for it
    return Service(engine, Catalogue(engine), settings, Store.open(StoreSettings()), Here(engine))


def web_app(service: Service, hosts: Iterable[str] = ()) -> FastAPI:
    """The application of a service."""
    return create_app(service, hosts)
