"""Metrics for Prometheus: requests by route and status, times, workers. No label comes from what is sent.

They are served on an address of their own, which nobody outside should reach.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server

REGISTRY = CollectorRegistry()
REQUESTS = Counter("dedere_requests", "Requests answered", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "dedere_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30),
    registry=REGISTRY,
)
FAULTS = Counter("dedere_faults", "Requests that ended in a fault of ours", registry=REGISTRY)
INSIDE = Gauge("dedere_requests_inside", "Requests being answered", registry=REGISTRY)
WORKERS = Gauge("dedere_workers_ready", "Worker processes that are ready", registry=REGISTRY)
REPLACED = Gauge("dedere_workers_replaced", "Worker processes that died and were replaced", registry=REGISTRY)


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def watch_workers(ready: Callable[[], float], replaced: Callable[[], float]) -> None:
    """Tell how the worker processes are, each time that somebody asks."""
    WORKERS.set_function(ready)
    REPLACED.set_function(replaced)


def text() -> bytes:
    """All metrics in the text format."""
    return generate_latest(REGISTRY)


def serve(address: str, tries: int = 1) -> None:
    """Serve the metrics at ``host:port``, or on one of the ports after it, so many of which are tried.

    Raises:
        OSError: nobody can listen there.
    """
    host, _, port = address.rpartition(":")
    for number in range(int(port), int(port) + tries):
        try:
            start_http_server(number, host or "127.0.0.1", registry=REGISTRY)
        except OSError:
            if number == int(port) + tries - 1:
                raise
        else:
            return
