"""The origin case as answers to the questions the interview asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

CASE: dict[str, Any] = yaml.load(
    (Path(__file__).parents[3] / "examples" / "akhmetova.yaml").read_text("utf-8"), yaml.BaseLoader
)


def known(part: str, item: int, fact: str) -> dict[str, Any] | None:
    """What the origin case says of a fact; None when it says nothing."""
    home = CASE["facts"] if part == "case" else CASE.get(part, [])[item]
    found = home.get(fact)
    if found is None:
        return None
    return found if isinstance(found, dict) else {"value": found}
