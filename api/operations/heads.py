"""Heads of audit chains, sent where the service cannot take them back, so that nobody can cut a chain's end unseen.

A place is a file that is only added to (on another machine's disk, or a write-once one), or ``syslog://HOST:PORT``
(RFC 5424 over UDP). One line is one head as JSON: chain, number of entries, hash of the last, time.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from api.storage.audit.journal import head
from api.storage.store import Store, stamp
from engine.errors import InputProblems, Problem

LOG = structlog.get_logger()
_AUDIT, _PORT = 13 * 8 + 6, 514  # log audit, informational
_HEAD = re.compile(r"[0-9a-f]{64}")


def send_head(store: Store, workspace: str, place: str) -> None:
    """Send the head of a workspace's chain.

    Raises:
        OSError: it cannot be sent; that is logged, and it is tried again.
    """
    with store.read(workspace) as tx:
        number, digest = head(tx.session, workspace)
    said: dict[str, str | int] = {"chain": workspace, "entries": number, "head": digest, "at": stamp(store.now())}
    try:
        _to_syslog(place, said) if place.startswith("syslog:") else _to_file(Path(place), said)
    except OSError:
        LOG.error("the head of the audit chain could not be sent", workspace=workspace)
        raise


def _to_file(file: Path, said: dict[str, str | int]) -> None:
    """One write to the end, so that several nodes may share a file."""
    handle = os.open(file.expanduser(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, json.dumps(said).encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def _to_syslog(place: str, said: dict[str, str | int]) -> None:
    parts = urlsplit(place)
    family, kind, _, _, address = socket.getaddrinfo(parts.hostname, parts.port or _PORT, type=socket.SOCK_DGRAM)[0]
    line = f"<{_AUDIT}>1 {said['at']} {socket.gethostname()} dedere - head - {json.dumps(said)}"
    with socket.socket(family, kind) as out:
        out.sendto(line.encode(), address)


def heads_in(file: Path) -> list[str]:
    """The heads of a file to which they were sent, also as a syslog server writes them.

    Raises:
        InputProblems: it cannot be read, or a line holds no head.
    """
    try:
        return list(_heads(file))
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise InputProblems([Problem(f"cannot read the heads: {reason}", str(file))]) from None


def _heads(file: Path) -> Iterator[str]:
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        try:
            found = str(json.loads(line[line.index("{") :])["head"])
        except (ValueError, KeyError, TypeError):
            found = ""
        if not _HEAD.fullmatch(found):
            raise InputProblems([Problem("this line holds no head of a chain", str(file), number)])
        yield found
