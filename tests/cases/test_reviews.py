"""The runs of reviews: none of them looks admissible any more."""

from __future__ import annotations

from pathlib import Path

import yaml

from engine.assess import Engine
from engine.reasoning.outcome import Outcome
from tests.cases.test_cases import weigh


def test_no_run_of_a_review_is_admissible(engine: Engine) -> None:
    runs = [
        {"on" if key is True else key: value for key, value in raw.items()}
        for path in sorted((Path(__file__).parent / "reviews").glob("*.yaml"))
        for raw in yaml.safe_load(path.read_text("utf-8"))["cases"]
    ]
    admissible = [run["name"] for run in runs if weigh(engine, run).outcome is Outcome.ADMISSIBLE]
    assert len(runs) >= 37
    assert admissible == []
