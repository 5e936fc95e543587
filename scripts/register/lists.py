"""The lists of Parties: one row for what one source says of one State and one treaty."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

#: The list of what other sources say than those that are believed.
OTHERS = "other_statements.csv"
_YEAR = re.compile(r"\d{4}")
_DAYS = ("signed", "in_force_from", "not_before", "in_force_by", "in_force_until")


class ListError(ValueError):
    """A row of a list cannot be read; the text says where and why."""


@dataclass(frozen=True)
class Row:
    """What one source says; ``deposited`` is a day, or the year where no more is known."""

    instrument: str
    state: str
    status: str
    signed: date | None
    deposited: date | int | None
    act: str
    in_force_from: date | None
    not_before: date | None
    in_force_by: date | None
    in_force_until: date | None
    note: str
    source: str
    review: str


def rows_in(folder: Path) -> Iterator[Row]:
    """Every row of every list of a folder, file by file; what only contradicts comes last.

    Raises:
        ListError: the first row that cannot be read.
    """
    for path in sorted(folder.glob("*.csv"), key=lambda path: (path.name == OTHERS, path.name)):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != [field.name for field in fields(Row)]:
                raise ListError(f"{path.name}: the columns are not those of a list of Parties")
            for values in reader:
                try:
                    yield _row(values)
                except (ValueError, TypeError) as error:
                    raise ListError(f"{path.name}:{reader.line_num}: {error}") from error


def _row(values: dict[str, str]) -> Row:
    days = {name: date.fromisoformat(values[name]) if values[name] else None for name in _DAYS}
    deposited = values["deposited"]
    when = int(deposited) if _YEAR.fullmatch(deposited) else date.fromisoformat(deposited) if deposited else None
    if values["review"] not in ("text_seen", "known", "unverified"):
        raise ListError(f"'{values['review']}' is not a review mark")
    return Row(**{**values, **days, "deposited": when})  # type: ignore[arg-type]
