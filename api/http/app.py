"""The application: routes behind the guard, every error a problem detail, no pages, no storage.

One engine serves all requests; its chaining engine takes one case at a time under its own lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.catalogue import Catalogue
from api.content import load_engine
from api.http.document import describe
from api.http.guard import Guard
from api.http.problems import Refused, on_http, on_problems, on_refused, on_validation
from api.http.routes import Shelf, routes
from api.settings import Settings
from engine.assess import Engine
from engine.errors import InputProblems


def create_app(engine: Engine | None = None, settings: Settings | None = None, hosts: Iterable[str] = ()) -> FastAPI:
    """The application over an engine; ``hosts`` are names it answers to besides loopback's.

    Documentation pages are off: they would make browsers ask another server for their scripts. The
    description is at /openapi.json.
    """
    settings = settings or Settings()
    engine = engine or load_engine(settings)
    app = FastAPI(title="Dedere", docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.shelf = Shelf(engine, Catalogue(engine), settings.max_body_bytes)
    app.include_router(routes)
    for kind, handler in (
        (Refused, on_refused),
        (HTTPException, on_http),
        (RequestValidationError, on_validation),
        (InputProblems, on_problems),
    ):
        app.add_exception_handler(kind, handler)
    app.add_middleware(Guard, hosts=(*settings.hosts, *hosts))
    described: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not described:
            described.update(describe(app, engine))
        return described

    app.openapi = openapi  # type: ignore[method-assign]
    return app
