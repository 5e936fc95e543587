"""Cutting the input into parts of bounded size, without reading what is in them.

A part is a range of bytes (NDJSON, CSV), some elements of an array (JSON) or a row group (Parquet).
Row numbers count from 1: lines of NDJSON, records below the header of CSV, elements, rows.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Literal

from engine.errors import InputProblems, Problem

Format = Literal["ndjson", "json", "csv", "parquet"]
#: How a batch reads a file, by its ending; spreadsheets become CSV first (``spreadsheets``).
FORMATS: dict[str, Format] = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "csv",
    ".xlsm": "csv",
    ".xls": "csv",
    ".ods": "csv",
    ".parquet": "parquet",
}
PART_BYTES = 16_000_000
#: No row may be longer: it would have to be held whole.
LONGEST_ROW = 4_000_000


@dataclass(frozen=True)
class Part:
    """One piece of work. ``first`` is the number of its first row."""

    number: int
    first: int
    start: int = 0
    length: int = 0
    elements: tuple[str, ...] = field(default=(), repr=False)


def format_of(path: Path) -> Format:
    """The format that a file name says.

    Raises:
        InputProblems: none of them.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputProblems(
            [Problem("the format is told by the ending", str(path), fix=f"Use one of: {', '.join(FORMATS)}")]
        )
    return form


def parts_of(path: Path, form: Format, size: int = PART_BYTES) -> Iterator[Part]:
    """The parts of a file, in order.

    Raises:
        InputProblems: the file is not what its name says.
    """
    if form == "parquet":
        yield from _row_groups(path)
        return
    with path.open("rb") as file:
        if form == "json":
            yield from _elements(path, size)
        else:
            yield from _blocks(path, file, size, is_csv=form == "csv")


def _blocks(path: Path, file: BinaryIO, size: int, *, is_csv: bool) -> Iterator[Part]:
    """Blocks of whole lines; in CSV, of whole records, whose quoted cells may hold line ends."""
    number, first, start = 0, 1, len(header_of(path)[0]) if is_csv else 0
    line = 1
    file.seek(start)
    while block := file.read(size):
        block += _to_line_end(path, file)
        while is_csv and block.count(b'"') % 2:
            more = _to_line_end(path, file)
            if not more:
                line += block.count(b"\n", 0, block.rindex(b'"')) + 1
                fix = "Close it, or write a quote inside a cell twice"
                raise InputProblems(
                    [Problem("a quote is not closed until the end of the file", str(path), line, fix=fix)]
                )
            block += more
        line += block.count(b"\n")
        yield Part(number, first, start, len(block))
        outside = block.split(b'"')[::2] if is_csv and b'"' in block else [block]
        number, first, start = number + 1, first + sum(piece.count(b"\n") for piece in outside), start + len(block)


def _to_line_end(path: Path, file: BinaryIO) -> bytes:
    rest = file.readline(LONGEST_ROW)
    if len(rest) == LONGEST_ROW:
        raise InputProblems([Problem(f"a row is longer than {LONGEST_ROW // 1_000_000} MB", str(path))])
    return rest


def header_of(path: Path) -> tuple[bytes, str]:
    """The first line of a CSV file: its bytes, and its text.

    Raises:
        InputProblems: there is none, or it is not UTF-8.
    """
    with path.open("rb") as file:
        raw = file.readline(LONGEST_ROW)
    try:
        text = raw.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        raise InputProblems([Problem("not UTF-8 text", str(path))]) from None
    if not text:
        raise InputProblems([Problem("the first line has no column names", str(path))])
    if "\r" in text:
        fix = "Save the file with line ends of today (LF or CRLF)"
        raise InputProblems([Problem("lines end in CR alone, as on old Macs", str(path), 1, fix=fix)])
    return raw, text


def _elements(path: Path, size: int) -> Iterator[Part]:
    """The elements of one JSON array, decoded one after the other over a sliding window of text."""
    number, first, waiting, held = 0, 1, list[str](), 0
    for element in _array(path, size):
        waiting.append(element)
        held += len(element)
        if held >= size:
            yield Part(number, first, elements=tuple(waiting))
            number, first, waiting, held = number + 1, first + len(waiting), [], 0
    if waiting:
        yield Part(number, first, elements=tuple(waiting))


def _array(path: Path, size: int) -> Iterator[str]:
    decoder, seen = json.JSONDecoder(), 0
    with path.open(encoding="utf-8-sig") as file:
        text, at, ended = file.read(size).lstrip(), 1, False
        if not text.startswith("["):
            raise InputProblems([Problem("not a JSON array of cases", str(path), fix="One case a line is NDJSON")])
        while True:
            start = at
            try:
                at = _past(text, at, _BLANK)
                if text[at : at + 1] == "]" and not text[at + 1 :].strip() and not file.read(size).strip():
                    return
                if seen:
                    at = _past(text, _comma(text, at), _BLANK)
                _, end = decoder.raw_decode(text, at)
            except json.JSONDecodeError:
                more = file.read(size)
                if ended or len(text) - start > LONGEST_ROW + size:
                    raise InputProblems([Problem(f"not valid JSON after {seen} elements", str(path))]) from None
                text, at, ended = text[start:] + more, 0, not more
                continue
            yield text[at:end]
            seen, at = seen + 1, end


_BLANK = " \t\r\n"


def _past(text: str, at: int, marks: str) -> int:
    while at < len(text) and text[at] in marks:
        at += 1
    return at


def _comma(text: str, at: int) -> int:
    if text[at : at + 1] != ",":
        raise json.JSONDecodeError("comma", text, at)
    return at + 1


def _row_groups(path: Path) -> Iterator[Part]:
    first = 1
    with opened(path) as file:
        for number in range(file.metadata.num_row_groups):
            rows = file.metadata.row_group(number).num_rows
            yield Part(number, first, number, rows)
            first += rows


def opened(path: Path, words: Sequence[str] = ()) -> Any:
    """An open Parquet file; the columns ``words`` are read as the dictionaries they are stored as.

    Raises:
        InputProblems: pyarrow is not installed, or the file is not Parquet.
    """
    pq = parquet()
    try:
        return pq.ParquetFile(path, read_dictionary=list(words))
    except (ValueError, OSError):
        raise InputProblems([Problem("not a Parquet file", str(path))]) from None


def parquet() -> Any:
    """pyarrow's Parquet module.

    Raises:
        InputProblems: it is not installed.
    """
    try:
        return import_module("pyarrow.parquet")
    except ImportError:
        raise InputProblems([Problem("Parquet needs pyarrow", fix="pip install 'dedere[batch]'")]) from None


def words_of(path: Path) -> list[str]:
    """The names of the text columns of a Parquet file, but for references, which are all different."""
    with opened(path) as file:
        return [field.name for field in file.schema_arrow if str(field.type) == "string" and field.name != "case"]


def headers_of(path: Path, form: Format) -> list[str]:
    """The column names of a flat file; none for JSON.

    Raises:
        InputProblems: the file has none.
    """
    if form == "csv":
        return next(csv.reader([header_of(path)[1]]))
    if form == "parquet":
        with opened(path) as file:
            return list(file.schema_arrow.names)
    return []
