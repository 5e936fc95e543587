"""Spreadsheets and CSV as offices write them, copied into the plain CSV that a batch reads in parts.

Plain is UTF-8 with commas. Semicolons, tabs, UTF-16, windows-1251 and workbooks (XLSX, XLS, ODS) are copied row by
row, so that row numbers stay those of the file. Which characters a file is in is asked or told by its first bytes;
where it has to be guessed a notice says so. Nothing is guessed of a cell: see ``api.cases.cells``.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder, lookup
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from charset_normalizer import from_bytes

from api.bulk.parts import LONGEST_ROW
from api.cases.csvrows import plain, swallowed
from engine.errors import InputProblems, Problem

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
#: The sheet that is read where a workbook has it, as the template does; otherwise the first one that is shown.
SHEET = "Cases"
_SAMPLE = 1_000_000
_GUESSED = ["cp1251", "koi8_u", "cp866", "cp1252"]
_FIX = "Save the file as UTF-8, or say what it is: --charset windows-1251"


@dataclass(frozen=True)
class Spreadsheet:
    """A file as it was found: how its text is to be read, and what is worth telling of that."""

    path: Path
    charset: str = ""
    separator: str = ","
    notices: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether a batch can read the file as it is."""
        return bool(self.charset) and self.charset.startswith("utf-8") and self.separator == ","


def opened(path: Path, charset: str = "") -> Spreadsheet:
    """Look at a file; ``charset`` is what its characters were said to be.

    Raises:
        InputProblems: it is no text, or not in these characters.
    """
    if path.suffix.lower() in WORKBOOKS:
        return Spreadsheet(path)
    name, notices = _charset(path, charset)
    try:
        with path.open(encoding=name, newline="") as file:
            head = file.readline(LONGEST_ROW)
    except UnicodeError:
        raise InputProblems([Problem(f"the text cannot be read as {name}", str(path), fix=_FIX)]) from None
    return Spreadsheet(path, name, max(",;\t", key=head.count), notices)


def _charset(path: Path, asked: str) -> tuple[str, tuple[str, ...]]:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16", ()
    if asked:
        try:
            return lookup(asked).name, ()
        except LookupError:
            raise InputProblems([Problem(f"'{asked[:40]}' names no characters", fix=_FIX)]) from None
    if _is_utf8(path):
        return "utf-8-sig", ()
    if b"\0" in sample:
        name = "utf-16-le" if sample.count(b"\0", 1) and sample[1:2] == b"\0" else "utf-16-be"
        return name, (f"The file is read as {name}, which is a guess.",)
    best = from_bytes(sample, cp_isolation=_GUESSED).best()
    if best is None:
        raise InputProblems([Problem("which characters the text is in cannot be told", str(path), fix=_FIX)])
    name = {"cp1251": "windows-1251"}.get(best.encoding, best.encoding)
    return best.encoding, (f"The file is not UTF-8 and is read as {name}, which is a guess. To say it: --charset NAME",)


def _is_utf8(path: Path) -> bool:
    decoder = getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_SAMPLE):
                if b"\0" in block:
                    return False
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def head_of(sheet: Spreadsheet) -> list[str]:
    """The names of the columns, without those at the end that have none.

    Raises:
        InputProblems: there is none, or the file is not what it seems.
    """
    return _named(next(iter(_rows(sheet)), []), sheet.path)


def _named(first: Sequence[str], path: Path) -> list[str]:
    head = [name.strip() for name in first]
    while head and not head[-1]:
        head.pop()
    if not head:
        raise InputProblems([Problem("the first row has no column names", str(path))])
    nameless = [Problem(f"column {letters(at)} has no name", str(path)) for at, name in enumerate(head) if not name]
    if nameless:
        raise InputProblems(nameless)
    return head


def copy(sheet: Spreadsheet, target: TextIO) -> None:
    """Write the rows as plain CSV; a blank row stays one, so that numbers are those of the file.

    Raises:
        InputProblems: a row has a cell under no name, or a quote swallows rows.
    """
    rows, writer = _rows(sheet), csv.writer(target, lineterminator="\n")
    head = _named(next(rows, []), sheet.path)
    writer.writerow(head)
    for number, cells in enumerate(rows, 2):
        if any(cells[len(head) :]):
            at = next(at for at in range(len(head), len(cells)) if cells[at])
            message = f"cell {letters(at)}{number} stands under no column name"
            raise InputProblems([Problem(message, str(sheet.path), fix="Give the column a name, or empty it")])
        if not any(cells):
            target.write("\n")
        elif len(head) == 1 and not cells[0]:
            writer.writerow([""])
        else:
            writer.writerow([*cells[: len(head)], *[""] * (len(head) - len(cells))])


def _rows(sheet: Spreadsheet) -> Iterator[list[str]]:
    if not sheet.charset:
        yield from _of_workbook(sheet.path)
        return
    try:
        with sheet.path.open(encoding=sheet.charset, newline="") as file:
            reader, before = csv.reader(file, delimiter=sheet.separator, strict=True), 0
            columns = 0
            for cells in reader:
                columns = columns or len(cells)
                if any(swallowed(cell, sheet.separator, columns) for cell in cells):
                    fix = "Close it, or write a quote inside a cell twice"
                    message = "a quote is opened here and closed some rows later"
                    raise InputProblems([Problem(message, str(sheet.path), before + 1, fix=fix)])
                before = reader.line_num
                yield [plain(cell) for cell in cells]
    except UnicodeError:
        raise InputProblems(
            [Problem(f"the text cannot be read as {sheet.charset}", str(sheet.path), fix=_FIX)]
        ) from None
    except csv.Error:
        message = "the line is not CSV: a quote is not closed, or text stands behind a closed one"
        raise InputProblems([Problem(message, str(sheet.path), before + 1)]) from None


def _of_workbook(path: Path) -> Iterator[list[str]]:
    try:
        calamine: Any = import_module("python_calamine")
    except ImportError:
        fix = "pip install 'dedere[batch]', or save the sheet as CSV"
        raise InputProblems([Problem("workbooks need python-calamine", fix=fix)]) from None
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        shown = [one.name for one in book.sheets_metadata if str(one.visible).endswith(".Visible")]
        sheet = book.get_sheet_by_name(SHEET if SHEET in shown else shown[0])
        for row in sheet.iter_rows():
            yield [_text(cell) for cell in row]
    except (calamine.CalamineError, OSError, IndexError):
        raise InputProblems([Problem("the workbook cannot be read", str(path), fix="Save it again as .xlsx")]) from None


def _text(cell: Any) -> str:
    """A cell of a workbook as a cell of CSV: days and numbers by their own type."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def letters(at: int) -> str:
    """The name of a column in a spreadsheet: A, B, ... Z, AA."""
    name, number = "", at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
