"""``dedere serve``: the HTTP door, on this machine.

It listens on loopback unless told otherwise; there is no access control yet.
"""

from __future__ import annotations

import logging
import socket
import sys
from typing import Annotated

import typer
import uvicorn

from api.content import load_engine
from api.http.app import create_app
from api.http.guard import LOOPBACK
from api.settings import Settings
from engine.errors import InputProblems, Problem


def command(
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Answer over HTTP on this machine until Ctrl-C. Nothing is stored."""
    listening = _listen(host, port)
    settings = Settings()
    engine = load_engine(settings)
    assert engine.durable  # made now, so that the first request does not wait for it
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    if host not in LOOPBACK:
        logging.warning("listening on %s: there is no access control yet; anyone who reaches it can use it", host)
    app = create_app(engine, settings, (host,))
    shown, taken = listening.getsockname()[:2]
    logging.info(
        "Dedere answers on http://%s:%d (description: /openapi.json); Ctrl-C ends it", _bracketed(shown), taken
    )
    config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False, log_config=None)
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    listening: socket.socket | None = None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, OverflowError) as error:
        if listening is not None:
            listening.close()
        reason = str(getattr(error, "strerror", "") or error).lower()
        raise InputProblems([Problem(f"cannot listen there: {reason}", f"{host}:{port}")]) from None
    return listening


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
