"""Whether the service lives, and whether it can do its work. Neither needs a key or says anything of a case."""

from __future__ import annotations

import time
from typing import Annotated, Literal
from weakref import WeakKeyDictionary

from fastapi import Depends
from pydantic import BaseModel

from api.service.service import Service
from api.storage.database import Database
from api.storage.migrate import require_current
from api.web.calls import service_of
from api.web.gathering import recording
from api.web.parameters import only
from engine import ENGINE_VERSION

routes = recording(tags=["operation"])
_FRESH = 1.0
_PROBED: WeakKeyDictionary[Database, float] = WeakKeyDictionary()
TheService = Annotated[Service, Depends(service_of)]


class Health(BaseModel):
    """That the process answers, and with which law."""

    status: Literal["ok"]
    engine: str
    law: str
    rules: str
    instruments: str


class Ready(BaseModel):
    """That requests can be served: the store takes writes, has room, and has this program's schema."""

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
    """That the storage can be written; 503 while it cannot, or while its disk is nearly full."""
    require_current(service.store.database)
    _probed(service.store.database)
    return Ready(status="ready")


def _probed(database: Database) -> None:
    """Write once a second at most, however often anybody asks."""
    if time.monotonic() - _PROBED.get(database, -_FRESH) >= _FRESH:
        database.probe()
        _PROBED[database] = time.monotonic()
