"""Why a request to the workers got no answer, in words that hold nothing of a case.

WorkersFailed
├── Busy            more is waiting than is let in; nothing was begun, trying again helps
└── WorkersLost     the request itself ended workers, or they cannot start
    └── TookTooLong the request was ended at its time limit
"""

from __future__ import annotations


class WorkersFailed(Exception):
    """Base of what workers refuse; ``retry_after`` is in seconds."""

    retry_after = 2


class Busy(WorkersFailed):
    """Too much is waiting already, or no worker became free in time, or the service is closing."""


class WorkersLost(WorkersFailed):
    """A worker died of this request, and so did a second one; or none can be started."""


class TookTooLong(WorkersLost):
    """The request was still running at its time limit; its worker was ended."""
