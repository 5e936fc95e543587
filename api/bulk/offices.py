"""Results and rejects as spreadsheets: CSV with a byte order mark, or XLSX; no cell can act as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from api.bulk.spreadsheets import letters
from api.cases.csvrows import harmless
from engine.errors import InputProblems, Problem

#: Rows that a sheet of a workbook can have.
MOST_ROWS = 1_048_576
RESULTS = (
    "row", "case", "assessed_on", "outcome", "determined", "range_from", "range_to", "record_from", "record_to",
    "met", "open", "met_on_record", "open_on_record",
)  # fmt: skip
_RANGES = {
    "range_from": ("range", 0),
    "range_to": ("range", -1),
    "record_from": ("range_on_record", 0),
    "record_to": ("range_on_record", -1),
}
_GROUNDS = {
    "met": ("strict", "met"),
    "open": ("strict", "open"),
    "met_on_record": ("record", "met"),
    "open_on_record": ("record", "open"),
}
REJECTS = ("row", "case", "cell", "column", "problem")


def write(target: BinaryIO, head: Sequence[str], rows: Iterable[Sequence[Any]], *, as_workbook: bool) -> int:
    """Write a table; how many rows it has."""
    return _workbook(target, head, rows) if as_workbook else _csv(target, head, rows)


def results_in(paths: Iterable[Path]) -> Iterator[list[Any]]:
    """The rows of the results that the parts of a batch wrote as NDJSON."""
    for line in _lines(paths):
        yield [_cell(line, name) for name in RESULTS]


def rejects_in(paths: Iterable[Path], columns: Sequence[str]) -> Iterator[list[Any]]:
    """One row for each reason; the cell by its name in the spreadsheet, where the reason is about one."""
    at = {name: place for place, name in enumerate(columns)}
    for line in _lines(paths):
        for reason in line["reasons"]:
            name = reason["at"].strip("/")
            cell = f"{letters(at[name])}{line['row'] + 1}" if name in at else ""
            yield [line["row"], line.get("case", ""), cell, name, reason["problem"]]


def _lines(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def _cell(line: dict[str, Any], name: str) -> Any:
    if name in _RANGES:
        half, end = _RANGES[name]
        return line[half][end]
    if name in _GROUNDS:
        half, status = _GROUNDS[name]
        return "; ".join(line.get("grounds", {}).get(half, {}).get(status, []))
    return line[name]


def _csv(target: BinaryIO, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    text, number = io.TextIOWrapper(target, encoding="utf-8-sig", newline=""), 0
    writer = csv.writer(text)
    writer.writerow(head)
    for number, row in enumerate(rows, 1):  # noqa: B007 - the last one is asked for
        writer.writerow([harmless(cell) for cell in row])
    text.flush()
    text.detach()
    return number


def _workbook(target: BinaryIO, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    writer, number = xlsxwriter(), 0
    with writer.Workbook(target, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(head):
            sheet.write_string(0, at, name, bold)
        for number, row in enumerate(rows, 1):
            if number >= MOST_ROWS:
                raise InputProblems([Problem("a sheet has at most 1,048,575 rows below its head", fix="Use .csv")])
            for at, cell in enumerate(row):
                if isinstance(cell, int) and not isinstance(cell, bool):
                    sheet.write_number(number, at, cell)
                else:
                    sheet.write_string(number, at, _shown(cell))
    return number


def _shown(cell: Any) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def xlsxwriter() -> Any:
    """The module that writes workbooks.

    Raises:
        InputProblems: it is not installed.
    """
    try:
        return import_module("xlsxwriter")
    except ImportError:
        fix = "pip install 'dedere[batch]', or write .csv"
        raise InputProblems([Problem("workbooks need XlsxWriter", fix=fix)]) from None
