"""A tracker that can take no calls from outside: it asks what has changed since it last asked.

    DEDERE_URL=https://dedere.example.org DEDERE_KEY=ddr_live_... python polling.py state.json

The file keeps the moment at which the newest one seen entered the list, and the ids seen at that very moment, so that
nothing is missed and nothing told twice. Standard output gets a line for each new assessment.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen


def pages(since: str) -> Iterator[dict[str, Any]]:
    """The assessments that entered the list at or after a moment, in its order. An assessment never changes."""
    query = {"limit": "200", **({"updated_since": since} if since else {})}
    while True:
        headers = {"Authorization": f"Bearer {os.environ['DEDERE_KEY']}"}
        request = Request(f"{os.environ['DEDERE_URL']}/v1/assessments?{urlencode(query)}", headers=headers)  # noqa: S310
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - the operator's own address
            page = json.load(answer)
        yield from page["assessments"]
        if not page["next"]:
            return
        query["cursor"] = page["next"]


def main(state: Path) -> None:
    """Ask once, tell what is new, remember how far it went."""
    kept = json.loads(state.read_text()) if state.exists() else {"since": "", "seen": []}
    since, seen = kept["since"], set(kept["seen"])
    for made in pages(kept["since"]):
        if made["id"] in seen:
            continue
        print(f"{made['matter']} version {made['version']} {made['outcome']}")  # noqa: T201
        if made["listed_at"] > since:
            since, seen = made["listed_at"], set()
        seen.add(made["id"])
    state.write_text(json.dumps({"since": since, "seen": sorted(seen)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
