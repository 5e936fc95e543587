"""T13: logs and metrics have keys of a short list and no text that could be content."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import TextIO, cast

import pytest
import structlog

from api.operations.observe import metrics
from api.operations.observe.logs import configure


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    out = StringIO()
    configure(out, "info")
    yield out
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


def test_only_known_keys_are_logged(log: StringIO) -> None:
    structlog.get_logger().info("answered", status=200, name="Canary", facts={"a": 1}, route="/v1/matters/{matter}")
    said = json.loads(log.getvalue())
    assert set(said) == {"event", "level", "at", "status", "route"}
    assert said["at"].endswith("Z")


@pytest.mark.parametrize("text", ["Ім'я людини", "line\nbreak", "a" * 200, "<script>", "what, then?"])
def test_a_text_that_could_be_content_is_left_out(log: StringIO, text: str) -> None:
    structlog.get_logger().info("answered", reason=text)
    assert "reason" not in json.loads(log.getvalue())


@pytest.mark.parametrize("stream", ["closed", "full"])
def test_a_log_that_cannot_be_written_stops_nothing(stream: str, log: StringIO) -> None:
    out = Path("/dev/full").open("w", 1) if stream == "full" else StringIO()  # noqa: SIM115 - it fails when it is closed too
    configure(cast(TextIO, out))
    if stream == "closed":
        out.close()
    structlog.get_logger().info("answered", status=200)
    logging.getLogger("uvicorn.error").error("failed")
    with suppress(OSError):
        out.close()


def test_libraries_are_heard_without_their_messages(log: StringIO) -> None:
    try:
        raise ValueError("Canary")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed on %s", "Canary")
    said = json.loads(log.getvalue())
    assert (said["event"], said["logger"], said["error"]) == ("library", "uvicorn.error", "ValueError")
    assert "Canary" not in log.getvalue()


def test_metrics_count_by_route_and_status() -> None:
    metrics.answered("GET", "/v1/matters/{matter}", 200, 0.01)
    assert b'dedere_requests_total{method="GET",route="/v1/matters/{matter}",status="200"}' in metrics.text()


def test_metrics_tell_how_the_workers_are_each_time_somebody_asks() -> None:
    ready = [2]
    metrics.watch_workers(lambda: ready[0], lambda: 5)
    assert b"dedere_workers_ready 2.0" in metrics.text()
    ready[0] = 1
    assert b"dedere_workers_ready 1.0" in metrics.text()
    assert b"dedere_workers_replaced 5.0" in metrics.text()
