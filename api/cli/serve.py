"""``dedere serve``: the service, on this machine unless told otherwise.

Without any setting it keeps its data in one folder of the user, listens on loopback and prints a
sign-in link that works once. ``api/web/serving.py`` puts the parts together.
"""

from __future__ import annotations

import os
import socket
from typing import Annotated, Any

import typer
import uvicorn
from uvicorn.supervisors import Multiprocess

from api.operations.observe import logs, metrics
from api.settings import Settings
from api.storage.settings import StoreSettings
from api.storage.store import Store
from api.storage.vault.passphrase import opened_here
from api.web.app import create_app
from api.web.connections import Connection, take_files
from api.web.guard import LOOPBACK
from api.web.serving import first_link, open_service
from api.web.started import Started
from api.workers.dumps import leave_no_core_dump
from api.workers.memory import bound_memory
from engine.errors import InputProblems, Problem

_GRACE_SECONDS = 30
#: A process that does not answer its parent for so long hangs, and is replaced.
_SILENT_SECONDS = 30
#: Connections that wait to be accepted; asyncio accepts so many in one go.
_BACKLOG = 256


def command(
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", help="Port to listen on; 0 takes a free one.")] = 8000,
    processes: Annotated[
        int | None,
        typer.Option("--processes", metavar="N", min=1, max=64, help="Servers behind the one address; one by default."),
    ] = None,
) -> None:
    """Answer over HTTP until Ctrl-C: the pages for people, the API for programs."""
    leave_no_core_dump()
    listening = _listen(host, port)
    settings = Settings()
    bound_memory(settings.memory_mb)  # the workers have it from here
    logs.configure(level=settings.log)
    if host not in LOOPBACK:
        typer.echo(f"Listening on {host} in the clear: put a server that speaks TLS before it.", err=True)
    several = processes or settings.processes
    if several == 1:
        _one(listening, host, settings)
    else:
        _several(listening, host, settings, several)


def _one(listening: socket.socket, host: str, settings: Settings) -> None:
    service = open_service(settings)
    _greet(service.store, listening, private=host in LOOPBACK)
    if settings.metrics:
        metrics.serve(settings.metrics)
    Connection.most = take_files()
    try:
        uvicorn.Server(_config(create_app(service, (host,)), settings)).run(sockets=[listening])
    finally:
        service.store.close()


def _several(listening: socket.socket, host: str, settings: Settings, processes: int) -> None:
    """Processes that share the address and the store; one that dies is replaced."""
    store = Store.open(StoreSettings())  # the schema is brought up to date once, before any of them begins
    _greet(store, listening, private=host in LOOPBACK)
    store.close()
    os.environ.setdefault("DEDERE_WORKERS", str(max(1, (os.cpu_count() or 1) // processes)))
    os.environ["DEDERE_ALLOWED_HOSTS"] = ",".join([*settings.hosts, host])
    config = _config(Started(opened_here()), settings, factory=True, workers=processes)
    Multiprocess(config, sockets=[listening]).run()


def _config(app: Any, settings: Settings, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        http=Connection,
        backlog=_BACKLOG,
        server_header=False,
        log_config=None,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies) or None,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_worker_healthcheck=_SILENT_SECONDS,
        **more,
    )


def _greet(store: Store, listening: socket.socket, *, private: bool) -> None:
    """Say where the service is; to whoever works alone on this machine, also how to come in."""
    shown, taken = listening.getsockname()[:2]
    address = f"http://{_bracketed(shown)}:{taken}"
    typer.echo(f"Dedere answers on {address} (description of the API: /openapi.json). Ctrl-C ends it.", err=True)
    link = first_link(store) if private else ""
    if link:
        typer.echo(f"Sign in; the link works once, within ten minutes: {address}/link#{link}", err=True)
    elif private:
        typer.echo(f"Sign in at {address}/sign-in, or by a link from: dedere people link --login LOGIN", err=True)


def _listen(host: str, port: int) -> socket.socket:
    listening: socket.socket | None = None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        if listening is not None:
            listening.close()
        reason = str(getattr(error, "strerror", "") or error).lower()
        raise InputProblems([Problem(f"cannot listen there: {reason}", f"{host}:{port}")]) from None
    return listening


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
