"""Structured logs: one JSON object a line, with keys from a short list and values that cannot be content.

Whatever has another key is dropped, and so is a text that is no id, code or route: nobody can log a
name by mistake. Messages of libraries are reduced to the library's name and the level.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

KEYS = frozenset(
    {
        "event", "level", "at", "request", "method", "route", "status", "ms", "error", "place", "workspace", "actor",
        "job", "kind", "chore", "count", "logger", "address", "law", "worker", "reason",
    }
)  # fmt: skip
_PLAIN = re.compile(r"[A-Za-z0-9_.:/{}()\[\] +\-]{0,120}")
#: A stream that was closed says so with a ValueError.
_UNWRITABLE = (OSError, ValueError)
Event = MutableMapping[str, Any]


def configure(stream: TextIO | None = None, level: str = "") -> None:
    """Send our own events and those of libraries, as little as is kept of them, to a stream (standard error).

    On a terminal only warnings are shown, unless a level is given.
    """
    out = stream or sys.stderr
    wanted = level or ("warning" if out.isatty() else "info")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(wanted.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Steady(out))),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Libraries()]
    root.setLevel(logging.WARNING)


def allowed(_: Any, __: str, event: Event) -> Event:
    """Keep the keys of the list, and of texts those that cannot be content."""
    return {key: value for key, value in event.items() if key in KEYS and _harmless(value)}


def _harmless(value: Any) -> bool:
    return isinstance(value, int | float | bool | None) or (isinstance(value, str) and bool(_PLAIN.fullmatch(value)))


class _Steady:
    """A stream that drops what it cannot write: a log on a full disk, or closed, must not stop the service."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        with suppress(*_UNWRITABLE):
            return self.stream.write(text)
        return 0

    def flush(self) -> None:
        with suppress(*_UNWRITABLE):
            self.stream.flush()


class _Libraries(logging.Handler):
    """What libraries log: that they did, at which level; their messages may repeat what was sent."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        structlog.get_logger().log(record.levelno, "library", logger=record.name, error=kind.__name__ if kind else None)
