"""``dedere serve``: the service, on this machine unless told otherwise.

Without any setting it keeps its data in one folder of the user, listens on loopback and prints a
sign-in link that works once. ``api/serving.py`` puts the parts together.
"""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn

from api.http.guard import LOOPBACK
from api.observe import logs, metrics
from api.service import Service
from api.serving import first_link, open_service, web_app
from api.settings import Settings
from engine.errors import InputProblems, Problem

_GRACE_SECONDS = 30


def command(
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Answer over HTTP until Ctrl-C: the pages for people, the API for programs."""
    listening = _listen(host, port)
    settings = Settings()
    logs.configure(level=settings.log)
    if host not in LOOPBACK:
        typer.echo(f"Listening on {host} in the clear: put a server that speaks TLS before it.", err=True)
    service = open_service(settings)
    _greet(service, listening, private=host in LOOPBACK)
    if settings.metrics:
        metrics.serve(settings.metrics)
    config = uvicorn.Config(
        web_app(service, (host,)),
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        service.store.close()


def _greet(service: Service, listening: socket.socket, *, private: bool) -> None:
    """Say where the service is; to whoever works alone on this machine, also how to come in."""
    shown, taken = listening.getsockname()[:2]
    address = f"http://{_bracketed(shown)}:{taken}"
    typer.echo(f"Dedere answers on {address} (description of the API: /openapi.json). Ctrl-C ends it.", err=True)
    link = first_link(service) if private else ""
    if link:
        typer.echo(f"Sign in; the link works once, within ten minutes: {address}/link#{link}", err=True)


def _listen(host: str, port: int) -> socket.socket:
    listening: socket.socket | None = None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except (OSError, OverflowError) as error:
        if listening is not None:
            listening.close()
        reason = str(getattr(error, "strerror", "") or error).lower()
        raise InputProblems([Problem(f"cannot listen there: {reason}", f"{host}:{port}")]) from None
    return listening


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
