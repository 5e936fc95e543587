"""Schemathesis over a running server: every operation and phase, and what it found wrong, in lines one can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

#: What may be said to a request that has the form described: that it speaks of what is not there, or of a
#: case that contradicts itself, or has a cursor that we did not sign, or starts from another version.
MEANING = ["2xx", "3xx", "400", "401", "403", "404", "409", "412", "422", "429", "5xx"]
#: Bodies of lines have no schema that a body could violate.
LINES = ("/v1/batch", "/v1/jobs", "/v1/matters:import")
PHASES = ("examples", "coverage", "fuzzing", "stateful")


@schemathesis.serializer("application/x-ndjson", "text/csv")
def plain_lines(_: Any, value: Any) -> bytes:
    """Bodies that are lines of text."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass
class Found:
    """What a run found."""

    wrong: dict[str, str] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)

    def take(self, event: events.EngineEvent) -> None:
        """Learn from an event of the run."""
        if isinstance(event, events.ScenarioFinished):
            self._scenario(event)
        elif isinstance(event, events.NonFatalError):
            self.wrong[f"error: {event.label} {type(event.value).__name__}"] = str(event.value)[:2000]
        elif isinstance(event, events.FatalError):
            raise event.exception

    def _scenario(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        self.requests[event.phase.value] += len(recorder.interactions)
        for one in recorder.interactions.values():
            self.statuses[one.response.status_code if one.response is not None else 0] += 1
        for case, checks in recorder.checks.items():
            for check in checks:
                if check.status is Status.FAILURE and check.failure_info is not None:
                    node = recorder.cases[case].value
                    failure = check.failure_info
                    where = f"{check.name}: {node.operation.label}"
                    self.wrong.setdefault(
                        where, f"{failure.failure.title} {failure.failure.message} {failure.code_sample}"[:1500]
                    )


def explored(url: str, key: str, examples: int, phases: Iterable[str] = PHASES, **more: Any) -> Found:
    """Everything that schemathesis can do with a description, as the holder of a key."""
    wanted = set(phases)
    config = SchemathesisConfig.from_dict(
        {
            "seed": 4,
            "continue-on-failure": True,
            "headers": {"Authorization": f"Bearer {key}"},
            "generation": {"max-examples": examples, "no-shrink": True, "deterministic": True, "database": "none"},
            "phases": {name: {"enabled": name in wanted} for name in PHASES},
            "suppress-health-check": ["all"],
            "checks": {
                "positive_data_acceptance": {"expected-statuses": MEANING},
                # RFC 6585 and RFC 9110: a missing If-Match is 428, one that is no tag of ours 412.
                "missing_required_header": {"expected-statuses": ["4xx"]},
                "negative_data_rejection": {"expected-statuses": ["4xx"]},
            },
            "operations": [
                {"include-path": list(LINES), "checks": {"negative_data_rejection": {"enabled": False}}},
            ],
            **more,
        }
    )
    found = Found()
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)
    for event in from_schema(schema).execute():
        found.take(event)
    return found
