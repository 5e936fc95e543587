"""Whether the service lives, and whether it can do its work. Neither needs a key or says anything of a case."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.service.service import Service
from api.storage.migrate import require_current
from api.web.calls import service_of
from api.web.parameters import only
from engine import ENGINE_VERSION

routes = APIRouter(tags=["operation"])
TheService = Annotated[Service, Depends(service_of)]


class Health(BaseModel):
    """That the process answers, and with which law."""

    status: Literal["ok"]
    engine: str
    law: str
    rules: str
    instruments: str


class Ready(BaseModel):
    """That requests can be served: the store answers and has this program's schema."""

    status: Literal["ready"]


@routes.get("/health", dependencies=[Depends(only())])
def health(service: TheService) -> Health:
    """That the service answers, and with which law."""
    pack = service.engine.pack
    return Health(
        status="ok",
        engine=ENGINE_VERSION,
        law=pack.version,
        rules=pack.rules_digest,
        instruments=pack.instruments_digest,
    )


@routes.get("/ready", dependencies=[Depends(only())])
def ready(service: TheService) -> Ready:
    """That the storage answers; 503 while it does not."""
    require_current(service.store.database)
    return Ready(status="ready")
