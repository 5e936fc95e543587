"""A tracker that can fire one request when a case is saved, such as CiviCRM's rules or a LegalServer block.

What such a block does, as a script: one form with flat names and a fixed header, posted to /v1/evaluate.
With a reference the facts and the answer are kept under it; without one nothing is.

    DEDERE_URL=https://dedere.example.org DEDERE_KEY=ddr_live_... python outgoing_block.py reference=T/1 requesting_state=AND ...

Standard output gets what the tracker writes back into its own fields, one name=value a line.
"""

from __future__ import annotations

import json
import os
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

WRITTEN_BACK = ("outcome", "settled", "sentence", "missing", "next_due", "address")


def evaluate(fields: dict[str, str]) -> dict[str, object]:
    """Post the form that the block sends."""
    headers = {
        "Authorization": f"Bearer {os.environ['DEDERE_KEY']}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    address = os.environ["DEDERE_URL"] + "/v1/evaluate"
    request = Request(address, urlencode(fields).encode("ascii"), headers, method="POST")  # noqa: S310
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - the operator's own address
        found: dict[str, object] = json.load(answer)
        return found


def main(pairs: list[str]) -> None:
    """Evaluate the fields given as name=value."""
    answer = evaluate(dict(pair.split("=", 1) for pair in pairs))
    for name in WRITTEN_BACK:
        print(f"{name}={answer[name]}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
