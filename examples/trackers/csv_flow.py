"""A tracker that exports and imports CSV, such as Uwazi: cases go in as a CSV file, where they stand comes back as one.

    DEDERE_URL=https://dedere.example.org DEDERE_KEY=ddr_live_... python csv_flow.py export.csv results.csv

Sending the same file again changes nothing: a matter is found by its reference, and a row that says what
is kept already is told as unchanged. Every row of the file is told of; what cannot be taken is named with its
line and ends the script with status 1, after everything else is done.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen


def ask(method: str, path: str, body: bytes | None = None, media: str = "application/json") -> Any:
    """One request to the service, answered as JSON."""
    headers = {"Authorization": f"Bearer {os.environ['DEDERE_KEY']}", "Content-Type": media}
    request = Request(os.environ["DEDERE_URL"] + path, body, headers, method=method)  # noqa: S310
    with urlopen(request, timeout=120) as answer:  # noqa: S310 - the operator's own address
        return json.load(answer)


def standings() -> list[dict[str, Any]]:
    """Where all matters stand, page by page."""
    found, cursor = [], ""
    while True:
        page = ask("GET", f"/v1/matters?limit=200{'&cursor=' + cursor if cursor else ''}")
        found += page["matters"]
        cursor = page["next"]
        if not cursor:
            return found


def write(results: Path, wanted: set[str]) -> None:
    """The outcome and the next date of each case of the export."""
    with results.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["reference", "outcome", "settled", "next_due"])
        for matter in standings():
            if matter["reference"] in wanted:
                due = min((one["on"] for one in matter["due"] if one["state"] == "running"), default="")
                table.writerow([matter["reference"], matter["outcome"], matter["settled"], due])


def main(export: Path, results: Path) -> int:
    """Send the export, have what is new assessed, write the results."""
    rows = ask("POST", "/v1/matters:import", export.read_bytes(), "text/csv")["rows"]
    for row in rows:
        if row["change"] in ("created", "updated"):
            ask("POST", f"/v1/matters/{row['matter']}/assessments", b"{}")
    write(results, {row["reference"] for row in csv.DictReader(io.StringIO(export.read_text("utf-8-sig")))})
    refused = [row for row in rows if row["change"] == "refused"]
    for row in refused:
        print(f"line {row['line']}: {'; '.join(one['detail'] for one in row['errors'])}", file=sys.stderr)  # noqa: T201
    return 1 if refused else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
