"""Lists as CSV for spreadsheets: no cell can act as a formula, and a byte order mark says that it is UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.cases.csvrows import harmless

#: How a list that is to be had as CSV too says so in the description.
CSV_TOO: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


def wants_csv(request: Request) -> bool:
    """Whether the caller asks for CSV rather than JSON."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return "text/csv" in accepted and "application/json" not in accepted


def csv_response(rows: Sequence[Mapping[str, Any]], headers: Mapping[str, str] | None = None) -> Response:
    """Rows as CSV; the names of the first row are the head."""
    text = io.StringIO(newline="")
    names = list(rows[0]) if rows else []
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([harmless(row.get(name)) for name in names] for row in rows)
    return Response("\ufeff" + text.getvalue(), headers=dict(headers or {}), media_type="text/csv; charset=utf-8")
