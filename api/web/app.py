"""The application: the API's resources and the pages behind the guard, and every error said as one.

Handlers run in threads; full assessments run wherever the service's assessor runs them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.cases.document import NoSuchItem
from api.operations.webhooks.settings import WebhookSettings
from api.operations.webhooks.urls import Gate
from api.service.service import Service
from api.web.compression import Compressed
from api.web.connections import on_loop_fault
from api.web.document import describe
from api.web.door import Door
from api.web.guard import Guard
from api.web.housekeeping import Housekeeping
from api.web.limits import Limits
from api.web.pages.failures import either, failed, ran_out, taken_out, to_the_door
from api.web.pages.forms import FormRanOut
from api.web.pages.rooms import rooms
from api.web.pages.rooms.joining import JoinFirst, to_join
from api.web.pages.visit import COOKIE, SignInFirst
from api.web.problems import (
    Refused,
    on_http,
    on_problems,
    on_refused,
    on_validation,
)
from api.web.rest import routers
from api.web.store_errors import HANDLERS, on_busy
from engine.assess import Engine
from engine.errors import InputProblems

#: For handlers; whoever waits for a worker has a thread besides these.
THREADS = 40


def description(engine: Engine) -> dict[str, Any]:
    """The OpenAPI description of the API over one engine's content, without a service behind it."""
    app = FastAPI(generate_unique_id_function=_named)
    for router in routers():
        app.include_router(router)
    return describe(app, engine)


def _named(route: APIRoute) -> str:
    """The name of an operation, from which generated clients name their functions."""
    return re.sub(r"\W", "_", "_".join([*map(str, route.tags[:1]), route.name]))


def create_app(service: Service, hosts: Iterable[str] = ()) -> FastAPI:
    """The application over a service; ``hosts`` are names it answers to besides loopback's.

    The framework's documentation pages are off: they would make browsers ask other servers for their
    scripts. The description is at /openapi.json.
    """

    gate = Gate(WebhookSettings())

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(on_loop_fault)
        to_thread.current_default_thread_limiter().total_tokens = THREADS + service.assessor.places
        house = Housekeeping(service, gate)
        house.start()
        yield
        await run_in_threadpool(house.stop)
        await run_in_threadpool(service.assessor.close)

    app = FastAPI(
        title="Dedere",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
        generate_unique_id_function=_named,
    )
    app.state.service, app.state.limits = service, Limits(service.settings)
    app.state.gate = gate
    for router in (*routers(), *rooms()):
        app.include_router(router)
    for kind, handler in (
        (Refused, on_refused),
        (HTTPException, on_http),
        (RequestValidationError, on_validation),
        (InputProblems, on_problems),
        *HANDLERS.items(),
    ):
        app.add_exception_handler(kind, either(handler))
    app.add_exception_handler(SignInFirst, to_the_door)
    app.add_exception_handler(FormRanOut, ran_out)
    app.add_exception_handler(NoSuchItem, taken_out)
    app.add_exception_handler(JoinFirst, to_join)
    app.add_middleware(Compressed)
    app.add_middleware(Door, cookie=COOKIE, refuse=either(on_busy))
    app.add_middleware(Guard, hosts=(*service.settings.hosts, *hosts), failed=failed)
    described: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not described:
            described.update(describe(app, service.engine))
        return described

    app.openapi = openapi  # type: ignore[method-assign]
    return app
